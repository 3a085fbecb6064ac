"""Adapts a dataset to the classes of another, which it is to be joined to."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from trainer.data.class_names import UNKNOWN, listed, match_class, renamed
from trainer.data.dataset import Dataset, NoneImages, Split
from trainer.data.folders.notes import note
from trainer.errors import DataError
from trainer.events.command_events import DatasetNote

Named = tuple[Split, tuple[str, ...]]
"""Images and their names, which are empty if they are unnamed."""


def adapted(dataset: Dataset, name: str, first: Dataset) -> Dataset:
    """The images that show a class of the first dataset, labeled as there, and the others' notes.

    Args:
        dataset: The dataset to adapt; its pictures of other things are kept.
        name: What it is called; the names of its images begin with it.
        first: The dataset with the classes.

    Raises:
        DataError: If nothing of it can be used.
    """
    indices = [match_class(each, first.classes) for each in dataset.classes]
    to_class = torch.tensor(indices, dtype=torch.int64)
    train, train_files = _known(dataset.train, dataset.train_files, to_class, name)
    test, test_files = _known(dataset.test, dataset.test_files, to_class, name)
    validation, validation_files = _known(
        dataset.validation or Split(images=test.images[:0], labels=test.labels[:0]),
        dataset.validation_files,
        to_class,
        name,
    )
    if not (len(train) or len(test) or len(validation) or any(dataset.none_counts)):
        raise DataError(
            f"None of the classes of {name} ({listed(dataset.classes)}) is one of {first.name} "
            f"({listed(first.classes)}). Rename its folders, or put pictures of other things into "
            "a folder named none."
        )
    return replace(
        dataset,
        train=train,
        test=test,
        validation=validation if len(validation) else None,
        train_files=train_files,
        test_files=test_files,
        validation_files=validation_files,
        classes=first.classes,
        none=None if dataset.none is None else _named_none(dataset.none, name),
        notes=(*dataset.notes, *_notes(dataset, indices, first)),
        sources=(),
        train_sources=torch.zeros(0, dtype=torch.int64),
    )


def _known(split: Split, files: tuple[str, ...], to_class: Tensor, name: str) -> Named:
    labels = to_class[split.labels]
    known = labels != UNKNOWN
    chosen = known.nonzero().squeeze(1).tolist()
    names = tuple(f"{name}/{files[index]}" for index in chosen) if files else ()
    return Split(images=split.images[known].contiguous(), labels=labels[known]), names


def _named_none(none: NoneImages, name: str) -> NoneImages:
    return replace(
        none,
        train_files=tuple(f"{name}/{file}" for file in none.train_files),
        validation_files=tuple(f"{name}/{file}" for file in none.validation_files),
        test_files=tuple(f"{name}/{file}" for file in none.test_files),
    )


def _notes(dataset: Dataset, indices: Sequence[int], first: Dataset) -> list[DatasetNote]:
    notes: list[DatasetNote] = []
    if called := renamed(dataset.classes, first.classes):
        notes.append(note("info", f"Classes matched by name: {listed(called)}."))
    unknown = [
        each for each, index in zip(dataset.classes, indices, strict=True) if index == UNKNOWN
    ]
    if unknown:
        splits = filter(None, (dataset.train, dataset.test, dataset.validation))
        labels = torch.cat([split.labels for split in splits])
        count = int((torch.tensor(indices)[labels] == UNKNOWN).sum())
        images = "1 image is" if count == 1 else f"{count:,} images are"
        text = f"{images} not used, as {first.name} has no class of that name."
        notes.append(note("warning", text, unknown))
    return notes
