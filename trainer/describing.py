"""What a dataset holds, in figures and samples; for `cifar-trainer inspect`."""

import base64
import os

import torch
from torch import Tensor

from trainer.data import Dataset, Split, UnreadableFile
from trainer.findings import DataDescribed

SAMPLED_CLASSES = 50
"""More than a person looks through, and a line of a few megabytes."""
LISTED_FILES = 100
SEED = 0


def describe(dataset: Dataset, samples: int) -> DataDescribed:
    """Classes, counts, unreadable files and, of each class, a few training images.

    Args:
        dataset: What to describe; the same one gives the same samples.
        samples: How many of each class.
    """
    classes = len(dataset.classes)
    sampled = min(classes, SAMPLED_CLASSES)
    pixels = sample(dataset.train, sampled, samples)
    return DataDescribed(
        data=dataset.name,
        classes=dataset.classes,
        train_counts=_counts(dataset.train, classes),
        test_counts=_counts(dataset.test, classes),
        unreadable=tuple(map(_sentence, dataset.unreadable[:LISTED_FILES])),
        unreadable_count=len(dataset.unreadable),
        image_size=pixels.size(2),
        sampled_classes=sampled,
        samples_per_class=samples,
        samples=base64.b64encode(pixels.numpy().tobytes()).decode(),
    )


def sample(split: Split, classes: int, count: int) -> Tensor:
    """Random images of the first classes, uint8 [classes, count, S, S, 3]; black where none is."""
    side = split.images.size(-1)
    pixels = torch.zeros(classes, count, side, side, 3, dtype=torch.uint8)
    generator = torch.Generator().manual_seed(SEED)
    for label in range(classes):
        members = (split.labels == label).nonzero().squeeze(1)
        chosen = members[torch.randperm(len(members), generator=generator)[:count]]
        pixels[label, : len(chosen)] = split.images[chosen].permute(0, 2, 3, 1)
    return pixels


def _counts(split: Split, classes: int) -> tuple[int, ...]:
    return tuple(torch.bincount(split.labels, minlength=classes).tolist())


def _sentence(file: UnreadableFile) -> str:
    # A name need not be valid text; what is shown of it must be.
    return f"{os.fsencode(file.path).decode(errors='replace')}: {file.reason}"
