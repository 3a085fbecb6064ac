"""How often each class, source and picture of other things is shown in an epoch."""

import pytest
import torch

from trainer.data.sampling import NONE, EpochSampler

LABELS = torch.tensor([0] * 400 + [1] * 100 + [0] * 25 + [NONE] * 300)
SOURCES = torch.tensor([0] * 500 + [1] * 325)


def shown(balance: float, none_fraction: float, seed: int = 0) -> list[int]:
    """How often the images of each group come: 400, 100 and 25 of the classes, 300 of none."""
    sampler = EpochSampler(LABELS, SOURCES, balance=balance, none_fraction=none_fraction)
    order = sampler.order(torch.Generator().manual_seed(seed))
    assert len(order) == len(sampler)
    groups = torch.bucketize(order, torch.tensor([400, 500, 525]), right=True)
    return torch.bincount(groups, minlength=4).tolist()


@pytest.mark.parametrize(
    ("balance", "counts"), [(0.0, [400, 100, 25]), (0.5, [300, 150, 75]), (1.0, [175, 175, 175])]
)
def test_balance_goes_from_all_images_alike_to_all_classes_alike(
    balance: float, counts: list[int]
) -> None:
    assert shown(balance, none_fraction=0.5) == [*counts, 525]


def test_pictures_of_other_things_are_a_fraction_of_all() -> None:
    *known, none = shown(0.5, none_fraction=0.3)
    assert sum(known) == 525
    assert none == 225
    assert shown(0.5, none_fraction=0)[-1] == 0


def test_none_comes_again_before_all_others_of_its_group_did() -> None:
    sampler = EpochSampler(LABELS, SOURCES, balance=1, none_fraction=0.5)
    times = torch.bincount(sampler.order(torch.Generator().manual_seed(1)), minlength=825)
    assert set(times[400:500].tolist()) == {1, 2}
    assert set(times[500:525].tolist()) == {7}
    assert set(times[525:].tolist()) == {1, 2}


def test_epochs_differ_by_their_random_numbers_only() -> None:
    sampler = EpochSampler(LABELS, SOURCES, balance=0.5, none_fraction=0.3)
    first, again, other = (sampler.order(torch.Generator().manual_seed(n)) for n in (1, 1, 2))
    assert torch.equal(first, again)
    assert not torch.equal(first, other)


def test_without_pictures_of_other_things_an_epoch_is_the_images_of_the_classes() -> None:
    known = LABELS != NONE
    sampler = EpochSampler(LABELS[known], SOURCES[known], balance=0.5, none_fraction=0.3)
    assert len(sampler) == 525
