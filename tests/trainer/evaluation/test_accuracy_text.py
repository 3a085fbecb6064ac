"""Accuracies say no more than the number of images allows."""

import pytest

from trainer.evaluation.accuracy_text import (
    accuracy_text,
    brief_accuracy_text,
    counted_accuracy_text,
    likely_range,
)


@pytest.mark.parametrize(
    ("right", "images", "text"),
    [
        (26, 29, "90 % (26 of 29, likely 74 to 96)"),
        (29, 29, "100 % (29 of 29, likely 88 to 100)"),
        (0, 5, "0 % (0 of 5, likely 0 to 43)"),
        (1, 1, "100 % (1 of 1, likely 21 to 100)"),
        (899, 999, "90 % (899 of 999, likely 88 to 92)"),
        (900, 1000, "90.00 %"),
        (9406, 10_000, "94.06 %"),
    ],
)
def test_accuracy_of_few_images_has_its_range(right: int, images: int, text: str) -> None:
    assert accuracy_text(right / images, images) == text
    assert brief_accuracy_text(right / images, images) == text.partition(" (")[0]


def test_accuracy_of_an_unknown_number_of_images_has_none() -> None:
    assert accuracy_text(0.5, 0) == "50.00 %"


def test_short_accuracy_of_few_images_has_their_number() -> None:
    assert counted_accuracy_text(23 / 26, 26) == "88 % of 26"
    assert counted_accuracy_text(0.5, 1000) == counted_accuracy_text(0.5, 0) == "50.00 %"


@pytest.mark.parametrize(("accuracy", "images"), [(0.9, 30), (0.5, 100), (0.99, 200)])
def test_range_holds_the_true_accuracy_nineteen_times_in_twenty(
    accuracy: float, images: int
) -> None:
    import torch

    generator = torch.Generator().manual_seed(0)
    drawn = torch.rand((2000, images), generator=generator) < accuracy
    ranges = [likely_range(share, images) for share in drawn.double().mean(1).tolist()]
    held = sum(low <= accuracy <= high for low, high in ranges) / len(ranges)
    assert 0.92 < held < 0.98
