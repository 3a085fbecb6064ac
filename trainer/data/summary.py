"""What a dataset holds, in figures and samples; for `cifar-trainer inspect`."""

import base64
import os
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.data.duplicates import DuplicatePair, find_duplicates
from trainer.events.command_events import DataDescribed

SAMPLED_CLASSES = 50
"""More than a person looks through, and a line of a few megabytes."""
LISTED = 100
"""Files and twins that are named; the others are counted."""


def describe(dataset: Dataset, samples: int, seed: int = 0) -> DataDescribed:
    """Classes, counts, what may be wrong with the images and, of each class, a few of them.

    Args:
        dataset: What to describe.
        samples: How many training images of each class.
        seed: The same seed chooses the same samples.
    """
    classes = len(dataset.classes)
    sampled = min(classes, SAMPLED_CLASSES)
    pixels = sample(dataset.train, sampled, samples, seed)
    duplicates = find_duplicates(dataset)
    shape = pixels.size(2), pixels.size(2)
    return DataDescribed(
        data=dataset.name,
        classes=dataset.classes,
        train_counts=_counts(dataset.train, classes),
        test_counts=_counts(dataset.test, classes),
        unreadable=tuple(map(_sentence, dataset.unreadable[:LISTED])),
        unreadable_count=len(dataset.unreadable),
        image_size=pixels.size(2),
        sampled_classes=sampled,
        samples_per_class=samples,
        samples=_base64(pixels),
        seed=seed,
        smallest=dataset.smallest or shape,
        largest=dataset.largest or shape,
        means=_base64(mean_images(dataset.train, sampled)),
        duplicates=tuple(
            _duplicate_sentence(duplicate, dataset) for duplicate in duplicates[:LISTED]
        ),
        duplicate_count=len(duplicates),
    )


def sample(split: Split, classes: int, count: int, seed: int) -> Tensor:
    """Random images of the first classes, uint8 [classes, count, S, S, 3]; black where none is."""
    side = split.images.size(-1)
    pixels = torch.zeros(classes, count, side, side, 3, dtype=torch.uint8)
    generator = torch.Generator().manual_seed(seed)
    for label in range(classes):
        members = (split.labels == label).nonzero().squeeze(1)
        chosen = members[torch.randperm(len(members), generator=generator)[:count]]
        pixels[label, : len(chosen)] = split.images[chosen].permute(0, 2, 3, 1)
    return pixels


def mean_images(split: Split, classes: int) -> Tensor:
    """The mean image of each of the first classes, uint8 [classes, S, S, 3]; black without any."""
    side = split.images.size(-1)
    means = torch.zeros(classes, 3, side, side, dtype=torch.uint8)
    for label in range(classes):
        members = split.images[split.labels == label].numpy()
        if len(members):
            # Numpy adds up in pieces, where torch would first turn every byte into a float.
            means[label] = torch.from_numpy(members.mean(0).round().astype(np.uint8))
    return means.permute(0, 2, 3, 1).contiguous()


def _counts(split: Split, classes: int) -> tuple[int, ...]:
    return tuple(torch.bincount(split.labels, minlength=classes).tolist())


def _sentence(file: UnreadableFile) -> str:
    return f"{_shown(os.fspath(file.path))}: {file.reason}"


def _duplicate_sentence(duplicate: DuplicatePair, dataset: Dataset) -> str:
    test = _called(dataset.test_files, duplicate.test, "test")
    train = _called(dataset.train_files, duplicate.train, "training")
    other = int(dataset.train.labels[duplicate.train])
    differs = other != int(dataset.test.labels[duplicate.test])
    label = f", which is labelled {_shown(dataset.classes[other])}" if differs else ""
    return f"{test} is the same picture as {train}{label}"


def _called(files: Sequence[str], index: int, split: str) -> str:
    return _shown(files[index]) if files else f"{split} image {index + 1:,}"


def _shown(name: str) -> str:
    # A name need not be valid text; what is shown of it must be.
    return os.fsencode(name).decode(errors="replace")


def _base64(pixels: Tensor) -> str:
    return base64.b64encode(pixels.numpy().tobytes()).decode()
