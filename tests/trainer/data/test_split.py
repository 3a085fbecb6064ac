"""Holding out validation images."""

import pytest
import torch

from tests.trainer.tiny import tiny_config
from trainer.data.dataset import Dataset, Split
from trainer.data.split import split_for_training, split_indices, validation_indices
from trainer.errors import DataError


def split_of(*sizes: int) -> Split:
    """One-pixel images, each identified by its value, of classes of these sizes."""
    count = sum(sizes)
    images = torch.arange(count, dtype=torch.uint8).view(-1, 1, 1, 1).repeat(1, 3, 1, 1)
    labels = torch.repeat_interleave(torch.arange(len(sizes)), torch.tensor(sizes))
    order = torch.randperm(count, generator=torch.Generator().manual_seed(0))
    return Split(images=images[order].contiguous(), labels=labels[order])


def identities(split: Split) -> list[int]:
    return split.images[:, 0, 0, 0].tolist()


def divided(whole: Split, count: int, seed: int) -> tuple[Split, Split]:
    """The images to train on, and those held out."""
    chosen = torch.zeros(len(whole), dtype=torch.bool)
    chosen[validation_indices(whole.labels, count, seed)] = True
    training, held_out = (
        Split(images=whole.images[mask].contiguous(), labels=whole.labels[mask])
        for mask in (~chosen, chosen)
    )
    return training, held_out


def test_every_class_gives_its_share_and_nothing_is_lost() -> None:
    whole = split_of(100, 60, 40)
    train, validation = divided(whole, 20, seed=0)
    assert validation.labels.bincount().tolist() == [10, 6, 4]
    assert sorted(identities(train) + identities(validation)) == list(range(200))


def test_labels_stay_with_their_images() -> None:
    whole = split_of(50, 50)
    for part in divided(whole, 10, seed=1):
        assert part.labels.tolist() == [identity // 50 for identity in identities(part)]
        assert part.images.is_contiguous()


def test_the_seed_decides() -> None:
    whole = split_of(50, 50)
    first, same, other = (divided(whole, 10, seed)[1] for seed in (1, 1, 2))
    assert identities(first) == identities(same) != identities(other)


@pytest.mark.parametrize("count", [1, 7, 20])
def test_the_held_out_images_can_be_identified(count: int) -> None:
    whole = split_of(50, 50)
    dataset = Dataset(train=whole, test=whole, classes=("a", "b"), name="few")
    config = tiny_config(validation_images=count, seed=3)
    _, validation = split_for_training(dataset, config)
    chosen = split_indices(dataset, config)[1]
    assert torch.equal(chosen, validation_indices(whole.labels, count, seed=3))
    assert (chosen.dtype, chosen.tolist()) == (torch.int64, sorted(set(chosen.tolist())))
    assert torch.equal(whole.images[chosen], validation.images)
    assert torch.equal(whole.labels[chosen], validation.labels)


def test_every_class_keeps_a_training_image() -> None:
    whole = split_of(1, 2, 3, 101)
    for count in range(104):
        train, validation = divided(whole, count, seed=0)
        assert len(validation) == count
        assert (train.labels.bincount(minlength=4) > 0).all()
        assert count < 4 or (validation.labels.bincount(minlength=4)[1:] > 0).all()


@pytest.mark.parametrize("count", [-1, 9, 100])
def test_too_much_is_refused(count: int) -> None:
    with pytest.raises(DataError, match="from 0 to 8"):
        divided(split_of(5, 5), count, seed=0)


@pytest.mark.parametrize(
    ("images", "labels"),
    [
        (torch.zeros(2, 3, 4, 4), torch.zeros(2, dtype=torch.int64)),
        (torch.zeros(2, 3, 4, 5, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64)),
        (torch.zeros(2, 4, 4, 3, dtype=torch.uint8), torch.zeros(2, dtype=torch.int64)),
        (torch.zeros(2, 3, 4, 4, dtype=torch.uint8), torch.zeros(3, dtype=torch.int64)),
        (torch.zeros(2, 3, 4, 4, dtype=torch.uint8), torch.zeros(2)),
    ],
)
def test_a_split_of_other_shapes_is_refused(images: torch.Tensor, labels: torch.Tensor) -> None:
    with pytest.raises(ValueError, match=r"expected|not a batch"):
        Split(images=images, labels=labels)
