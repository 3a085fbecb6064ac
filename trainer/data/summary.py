"""Statistics and samples of a dataset; for `cifar-trainer inspect`."""

import base64
import os
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.data.duplicates import DuplicatePair, find_duplicates
from trainer.events.command_events import DatasetInspected

MAX_SAMPLED_CLASSES = 50
"""More than anyone looks through, and an event of a few megabytes."""
MAX_LISTED = 100
"""Unreadable files and duplicates that are listed; the rest are only counted."""


def summarize(dataset: Dataset, samples: int, seed: int = 0) -> DatasetInspected:
    """Classes, image counts, possible problems and a few samples of each class.

    Args:
        dataset: The dataset to summarize.
        samples: Training images to sample per class.
        seed: The same seed selects the same samples.
    """
    classes = len(dataset.classes)
    sampled = min(classes, MAX_SAMPLED_CLASSES)
    pixels = sample_images(dataset.train, sampled, samples, seed)
    duplicates = find_duplicates(dataset)
    shape = pixels.size(2), pixels.size(2)
    return DatasetInspected(
        data=dataset.name,
        classes=dataset.classes,
        train_counts=_counts(dataset.train, classes),
        test_counts=_counts(dataset.test, classes),
        unreadable=tuple(map(_unreadable_text, dataset.unreadable[:MAX_LISTED])),
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
            _duplicate_text(duplicate, dataset) for duplicate in duplicates[:MAX_LISTED]
        ),
        duplicate_count=len(duplicates),
    )


def sample_images(split: Split, classes: int, count: int, seed: int) -> Tensor:
    """Random images of the first classes, uint8 [classes, count, S, S, 3], padded with black."""
    side = split.images.size(-1)
    pixels = torch.zeros(classes, count, side, side, 3, dtype=torch.uint8)
    generator = torch.Generator().manual_seed(seed)
    for label in range(classes):
        members = (split.labels == label).nonzero().squeeze(1)
        chosen = members[torch.randperm(len(members), generator=generator)[:count]]
        pixels[label, : len(chosen)] = split.images[chosen].permute(0, 2, 3, 1)
    return pixels


def mean_images(split: Split, classes: int) -> Tensor:
    """The mean image of each of the first classes, uint8 [classes, S, S, 3]; black if empty."""
    side = split.images.size(-1)
    means = torch.zeros(classes, 3, side, side, dtype=torch.uint8)
    for label in range(classes):
        members = split.images[split.labels == label].numpy()
        if len(members):
            # NumPy sums in blocks, where torch would first convert every byte to float.
            means[label] = torch.from_numpy(members.mean(0).round().astype(np.uint8))
    return means.permute(0, 2, 3, 1).contiguous()


def _counts(split: Split, classes: int) -> tuple[int, ...]:
    return tuple(torch.bincount(split.labels, minlength=classes).tolist())


def _unreadable_text(file: UnreadableFile) -> str:
    return f"{_printable(os.fspath(file.path))}: {file.reason}"


def _duplicate_text(duplicate: DuplicatePair, dataset: Dataset) -> str:
    test = _image_name(dataset.test_files, duplicate.test, "test")
    train = _image_name(dataset.train_files, duplicate.train, "training")
    other = int(dataset.train.labels[duplicate.train])
    differs = other != int(dataset.test.labels[duplicate.test])
    label = f", which is labeled {_printable(dataset.classes[other])}" if differs else ""
    return f"{test} is identical to {train}{label}"


def _image_name(files: Sequence[str], index: int, split: str) -> str:
    return _printable(files[index]) if files else f"{split} image {index + 1:,}"


def _printable(name: str) -> str:
    # File names need not be valid Unicode; the text to show must be.
    return os.fsencode(name).decode(errors="replace")


def _base64(pixels: Tensor) -> str:
    return base64.b64encode(pixels.numpy().tobytes()).decode()
