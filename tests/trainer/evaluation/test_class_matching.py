"""Evaluation on data whose classes are spelled otherwise, fewer or more than the network's."""

import pytest
import torch

from tests.trainer.tiny import draw, tiny_card
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.dataset import Split
from trainer.devices.device import PLAIN_CPU
from trainer.evaluation.class_matching import MatchedSplit, match_split
from trainer.evaluation.evaluate import EvaluationImages, evaluate_images
from trainer.evaluation.metrics import auroc
from trainer.models.registry import build
from trainer.progress import ProgressReporter


def matched(*names: str, network: tuple[str, ...] = CIFAR10_CLASSES) -> MatchedSplit:
    """Two images of each class; their red channel is the index of the class."""
    labels = torch.arange(len(names)).repeat_interleave(2)
    images = labels.to(torch.uint8)[:, None, None, None].repeat(1, 3, 8, 8)
    return match_split(Split(images=images, labels=labels), names, network)


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("cat", "cat"), ("Cat", "cat"), ("CATS", "cat"), ("horses", "horse"), ("deer", "deer"),
        ("auto", "automobile"), ("Cars", "automobile"), ("plane", "airplane"),
        ("Aeroplanes", "airplane"), ("air_plane", None), ("lorries", "truck"), ("catfish", None),
        ("boat", None), ("none", None), ("", None),
    ],
)  # fmt: skip
def test_names_match_case_plural_and_usual_short_names_aside(name: str, meant: str | None) -> None:
    found = matched("ship", name)
    expected = [8, 8] + ([] if meant is None else [CIFAR10_CLASSES.index(meant)] * 2)
    assert found.known.labels.tolist() == expected
    assert len(found.unknown) == (2 if meant is None else 0)


@pytest.mark.parametrize(
    ("network", "name", "label"),
    [
        (("car", "automobile"), "automobile", 1),
        (("car", "automobile"), "auto", None),
        (("Cat", "cat"), "cat", 1),
        (("Cat", "cat"), "CAT", None),
        (("new", "news"), "news", 1),
    ],
)
def test_what_could_be_two_classes_is_neither(
    network: tuple[str, ...], name: str, label: int | None
) -> None:
    found = matched(name, network=network)
    assert found.known.labels.tolist() == ([] if label is None else [label] * 2)


def test_everything_is_told_and_the_images_keep_their_order() -> None:
    found = matched("house", "Cats", "kitten", "ship", "Cat")
    assert found.known.images[:, 0, 0, 0].tolist() == [1, 1, 3, 3, 4, 4]
    assert found.unknown[:, 0, 0, 0].tolist() == [0, 0, 2, 2]
    assert found.chosen.tolist() == [name not in (0, 2) for name in (0, 0, 1, 1, 2, 2, 3, 3, 4, 4)]
    renamed, empty, unknown = found.notes
    assert renamed == "Classes matched by name: Cats as cat, Cat as cat."
    assert empty.startswith("Without pictures, and so left empty: airplane, automobile, bird, deer")
    assert unknown == (
        "The network does not know house, kitten: 4 pictures count as none of its classes."
    )
    assert matched(*CIFAR10_CLASSES).notes == ()


@pytest.mark.parametrize(
    ("positive", "negative", "area"),
    [([2, 3], [0, 1], 1.0), ([0, 1], [2, 3], 0.0), ([1, 1], [1], 0.5), ([0, 2, 3], [1], 2 / 3)],
)
def test_auroc_counts_pairs_in_the_right_order(
    positive: list[float], negative: list[float], area: float
) -> None:
    value = auroc(torch.tensor(positive).float(), torch.tensor(negative).float())
    assert value == pytest.approx(area)


def test_auroc_agrees_with_scikit_learn() -> None:
    from sklearn.metrics import roc_auc_score

    generator = torch.Generator().manual_seed(1)
    scores = torch.randint(0, 20, (300,), generator=generator).float()
    labels = torch.rand(300, generator=generator) < 0.4
    expected = roc_auc_score(labels.numpy(), scores.numpy())
    assert auroc(scores[labels], scores[~labels]) == pytest.approx(expected)


def test_the_verdict_is_measured_by_pictures_of_unknown_classes() -> None:
    network, known = build("sprint-net", 3, (8, 8, 8)).eval(), draw(30, 1)
    images = EvaluationImages(split=known, kind="test", data="x", files=())
    unknown = torch.zeros(7, 3, 32, 32, dtype=torch.uint8)
    reports = []
    for threshold in (-1000.0, 1000.0):
        card = tiny_card(unknown_threshold=threshold)
        others = EvaluationImages(
            split=known, kind="test", data="x", files=(), unknown=unknown, notes=("A note.",)
        )
        reports.append(
            evaluate_images(network, card, others, device=PLAIN_CPU, progress=ProgressReporter())
        )
        alone = evaluate_images(
            network, card, images, device=PLAIN_CPU, progress=ProgressReporter()
        )
        assert alone.figures.unknown is None
        assert alone.figures.confusion == reports[-1].figures.confusion
    for report, share in zip(reports, (0.0, 1.0), strict=True):
        figures = report.figures.unknown
        assert figures is not None
        assert (figures.images, figures.found, figures.mistaken) == (7, share, share)
        assert 0 <= figures.auroc <= 1
        assert (report.notes, len(report)) == (("A note.",), 30)
