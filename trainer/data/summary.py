"""Statistics and samples of a dataset, for `cifar-trainer inspect`; what a run says about it."""

import base64
import os
from collections.abc import Sequence
from typing import Literal

import numpy as np
import torch
from msgspec.structs import replace
from torch import Tensor

from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.data.duplicates import DuplicatePair, find_duplicates, find_repeated
from trainer.data.folders.notes import note
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
    duplicates = duplicate_texts(dataset)
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
        duplicates=tuple(duplicates[:MAX_LISTED]),
        duplicate_count=len(duplicates),
        validation_counts=_counts(dataset.validation, classes) if dataset.validation else (),
        notes=tuple(map(_printable_note, (*dataset.notes, *_duplicate_notes(dataset)))),
    )


def start_messages(dataset: Dataset) -> list[Message]:
    """What to say about a dataset when a run starts: how it was read, then what is not used."""
    notes = [*dataset.notes, *_duplicate_notes(dataset)]
    if untested := _untested(dataset):
        one = len(untested) == 1
        text = f"{'1 class has' if one else f'{len(untested):,} classes have'} no test images, so "
        text += f"{'its' if one else 'their'} accuracy cannot be measured."
        notes.append(note("warning", text, untested))
    if duplicates := duplicate_texts(dataset):
        text = f"{_images(len(duplicates), 'test')} also among the training images."
        notes.append(note("warning", text, duplicates))
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


def duplicate_texts(dataset: Dataset) -> list[str]:
    """A sentence for each test image that is also a training image."""
    pairs = find_duplicates(dataset.test, dataset.train)
    files, labels = dataset.test_files, dataset.test.labels
    return [_duplicate_text(pair, dataset, "test", files, labels) for pair in pairs]


def _untested(dataset: Dataset) -> list[str]:
    counts = _counts(dataset.test, len(dataset.classes))
    return [name for name, count in zip(dataset.classes, counts, strict=True) if not count]


def _duplicate_notes(dataset: Dataset) -> list[DatasetNote]:
    """Duplicates other than those of test images, contradicting labels first."""
    return [*_repeated(dataset), *_validation_duplicates(dataset)]


def _repeated(dataset: Dataset) -> list[DatasetNote]:
    files, labels = dataset.train_files, dataset.train.labels
    texts: dict[bool, list[str]] = {True: [], False: []}
    for pair in find_repeated(dataset.train):
        differs = bool(labels[pair.image] != labels[pair.train])
        texts[differs].append(_duplicate_text(pair, dataset, "training", files, labels))
    sentences = {
        True: "also in another class, so that one of the two labels is wrong.",
        False: "identical to another one of the same class.",
    }
    return [
        note("warning", f"{_images(len(names), 'training')} {sentences[differs]}", names)
        for differs, names in texts.items()
        if names
    ]


def _validation_duplicates(dataset: Dataset) -> list[DatasetNote]:
    validation = dataset.validation
    if validation is None:
        return []
    texts = [
        _duplicate_text(pair, dataset, "validation", dataset.validation_files, validation.labels)
        for pair in find_duplicates(validation, dataset.train)
    ]
    text = f"{_images(len(texts), 'validation')} also among the training images."
    return [note("warning", text, texts)] if texts else []


def _images(count: int, split: str) -> str:
    return f"1 {split} image is" if count == 1 else f"{count:,} {split} images are"


def note_text(each: DatasetNote) -> str:
    """A note in one paragraph."""
    if not each.names:
        return each.text
    names, more = each.names[:3], len(each.names) - 3 + each.more
    rest = f" and {more:,} more" if more > 0 else ""
    return f"{each.text.removesuffix('.')}: {', '.join(map(_printable, names))}{rest}."


def _printable_note(each: DatasetNote) -> DatasetNote:
    return replace(each, text=_printable(each.text), names=tuple(map(_printable, each.names)))


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


def _duplicate_text(
    pair: DuplicatePair, dataset: Dataset, split: str, files: Sequence[str], labels: Tensor
) -> str:
    name = _image_name(files, pair.image, split)
    train = _image_name(dataset.train_files, pair.train, "training")
    other = int(dataset.train.labels[pair.train])
    differs = other != int(labels[pair.image])
    label = f", which is labeled {_printable(dataset.classes[other])}" if differs else ""
    return f"{name} is identical to {train}{label}"


def _image_name(files: Sequence[str], index: int, split: str) -> str:
    return _printable(files[index]) if files else f"{split} image {index + 1:,}"


def _printable(name: str) -> str:
    # File names need not be valid Unicode; the text to show must be.
    return os.fsencode(name).decode(errors="replace")


def _base64(pixels: Tensor) -> str:
    return base64.b64encode(pixels.numpy().tobytes()).decode()
