"""Statistics and samples of a dataset, for `cifar-trainer inspect`; what a run says about it."""

import base64
import os
from typing import Literal

import numpy as np
import torch
from msgspec.structs import replace
from torch import Tensor

from trainer.data.dataset import Dataset, NoneImages, Split, UnreadableFile
from trainer.data.folders.notes import note
from trainer.data.inspection.duplicate_notes import dataset_duplicates, images_are, printable
from trainer.events.command_events import DatasetInspected, DatasetNote
from trainer.events.run_events import Message

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
    found = dataset_duplicates(dataset)
    none = _none_pictures(dataset, pixels.size(2))
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
        duplicates=tuple(found.test[:MAX_LISTED]),
        duplicate_count=len(found.test),
        validation_counts=_counts(dataset.validation, classes) if dataset.validation else (),
        notes=tuple(map(_printable_note, (*dataset.notes, *found.notes))),
        sources=dataset.sources,
        none_counts=dataset.none_counts,
        none_samples=_base64(sample_images(none, 1, samples, seed)) if len(none) else "",
        none_mean=_base64(mean_images(none, 1)) if len(none) else "",
    )


def start_messages(dataset: Dataset) -> list[Message]:
    """What to say about a dataset when a run starts: how it was read, then what is not used."""
    found = dataset_duplicates(dataset)
    notes = [*dataset.notes, *found.notes]
    if untested := _untested(dataset):
        one = len(untested) == 1
        text = f"{'1 class has' if one else f'{len(untested):,} classes have'} no test images, so "
        text += f"{'its' if one else 'their'} accuracy cannot be measured."
        notes.append(note("warning", text, untested))
    if found.test:
        text = f"{images_are(len(found.test), 'test')} also among the training images."
        notes.append(note("warning", text, found.test))
    if dataset.unreadable:
        files = [_unreadable_text(file) for file in dataset.unreadable]
        text = "1 file" if len(files) == 1 else f"{len(files):,} files"
        notes.append(note("warning", f"{text} could not be read.", files))
    # Two at most, the more important last: the window shows the latest message.
    levels: tuple[Literal["info", "warning"], ...] = ("info", "warning")
    texts = {
        level: " ".join(note_text(each) for each in notes if each.severity == level)
        for level in levels
    }
    return [Message(level=level, text=text) for level, text in texts.items() if text]


def _untested(dataset: Dataset) -> list[str]:
    counts = _counts(dataset.test, len(dataset.classes))
    return [name for name, count in zip(dataset.classes, counts, strict=True) if not count]


def note_text(each: DatasetNote) -> str:
    """A note in one paragraph."""
    if not each.names:
        return each.text
    names, more = each.names[:3], len(each.names) - 3 + each.more
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{each.text.removesuffix('.')}: {', '.join(map(printable, names))}{rest}."


def _printable_note(each: DatasetNote) -> DatasetNote:
    return replace(each, text=printable(each.text), names=tuple(map(printable, each.names)))


def _none_pictures(dataset: Dataset, side: int) -> Split:
    """The pictures of other things to train on, otherwise any, as if they were a class."""
    none = dataset.none or NoneImages.empty(side)
    pictures = next(filter(len, (none.train, none.validation, none.test)), none.train)
    return Split(images=pictures, labels=torch.zeros(len(pictures), dtype=torch.int64))


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
    return f"{printable(os.fspath(file.path))}: {file.reason}"


def _base64(pixels: Tensor) -> str:
    return base64.b64encode(pixels.numpy().tobytes()).decode()
