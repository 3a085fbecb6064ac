"""Splits validation images off the training images; called by training before it starts."""

import torch

from trainer.data.dataset import Split
from trainer.errors import DataError


def train_validation_split(split: Split, count: int, seed: int) -> tuple[Split, Split]:
    """Take `count` images away for validation, as evenly from all classes as they occur.

    No class loses its last training image; and each that has two or more gets a validation image
    if `count` allows one for each. The images keep their order.

    Args:
        split: What to split.
        count: How many images to validate with; 0 gives an empty split.
        seed: The same seed chooses the same images.

    Returns:
        What is left to train with, and what to validate with.

    Raises:
        DataError: If so many cannot be taken.
    """
    chosen = torch.zeros(len(split), dtype=torch.bool)
    chosen[validation_indices(split.labels, count, seed)] = True
    return _subset(split, ~chosen), _subset(split, chosen)


def validation_indices(labels: torch.Tensor, count: int, seed: int) -> torch.Tensor:
    """Which of the images are taken away for validation; for telling what they are called.

    Args:
        labels: int64 of shape [N], of all images there are to train with.
        count: How many images to validate with.
        seed: The same seed chooses the same images.

    Returns:
        int64 of shape [count], ascending.

    Raises:
        DataError: If so many cannot be taken.
    """
    sizes = torch.bincount(labels).tolist()
    room = [max(0, size - 1) for size in sizes]
    if not 0 <= count <= sum(room):
        raise DataError(
            f"{count} of {len(labels)} training images cannot be set apart for validation: "
            f"from 0 to {sum(room)} can, as each class needs one to learn from."
        )
    return _draw(labels, _shares(sizes, room, count), seed).nonzero().squeeze(1)


def _shares(sizes: list[int], room: list[int], count: int) -> list[int]:
    """How many of each class, `count` in all: proportional, then put right one by one."""
    fair = [count * size / sum(sizes) if sizes else 0.0 for size in sizes]
    least = [min(1, space) if count >= len(sizes) else 0 for space in room]
    shares = [
        max(low, min(int(want), space)) for low, want, space in zip(least, fair, room, strict=True)
    ]
    classes = range(len(sizes))
    while sum(shares) < count:
        open_ = [label for label in classes if shares[label] < room[label]]
        shares[max(open_, key=lambda label: fair[label] - shares[label])] += 1
    while sum(shares) > count:
        open_ = [label for label in classes if shares[label] > least[label]]
        shares[min(open_, key=lambda label: fair[label] - shares[label])] -= 1
    return shares


def _draw(labels: torch.Tensor, shares: list[int], seed: int) -> torch.Tensor:
    """A mask of shape [N] with `shares[label]` images of each class."""
    generator = torch.Generator().manual_seed(seed)
    chosen = torch.zeros(len(labels), dtype=torch.bool)
    for label, share in enumerate(shares):
        members = (labels == label).nonzero().squeeze(1)
        drawn = torch.randperm(len(members), generator=generator)[:share]
        chosen[members[drawn]] = True
    return chosen


def _subset(split: Split, chosen: torch.Tensor) -> Split:
    return Split(images=split.images[chosen].contiguous(), labels=split.labels[chosen])
