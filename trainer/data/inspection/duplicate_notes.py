"""Images of a dataset that occur twice, in words; for `summary`."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from torch import Tensor

from trainer.data.dataset import Dataset, NoneImages, Split
from trainer.data.folders.notes import note
from trainer.data.inspection.duplicates import DuplicatePair, find_duplicates, index_images
from trainer.events.command_events import DatasetNote

Known = Mapping[bytes, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """What occurs twice in a dataset.

    Attributes:
        test: A sentence for each test image that is also a training image.
        notes: What else occurs twice, contradicting labels first: among the training images,
            between them and validation images, between classes and pictures of other things.
    """

    test: list[str]
    notes: list[DatasetNote]


def dataset_duplicates(dataset: Dataset) -> Duplicates:
    """Compare all images of a dataset with its training images."""
    known = index_images(dataset.train.images)
    notes = [*_repeated(dataset, known), *_validation(dataset, known)]
    if dataset.none is not None:
        # Contradicting labels first.
        notes = _class_and_none(dataset, dataset.none, known) + notes
        notes += _repeated_none(dataset.none)
    test = _with_training(dataset, known, dataset.test, dataset.test_files, "test")
    return Duplicates(test=test, notes=notes)


def images_are(count: int, split: str) -> str:
    """How many images, as the beginning of a sentence."""
    return f"1 {split} image is" if count == 1 else f"{count:,} {split} images are"


def printable(name: str) -> str:
    """A file name as text to show: it need not be valid Unicode."""
    return os.fsencode(name).decode(errors="replace")


def _validation(dataset: Dataset, known: Known) -> list[DatasetNote]:
    validation, files = dataset.validation, dataset.validation_files
    if validation is None:
        return []
    texts = _with_training(dataset, known, validation, files, "validation")
    sentence = f"{images_are(len(texts), 'validation')} also among the training images."
    return _warning(texts, sentence)


def _with_training(
    dataset: Dataset, known: Known, split: Split, files: Sequence[str], kind: str
) -> list[str]:
    """A sentence for each image of a split that is also a training image."""
    return [
        _sentence(dataset, _name(files, pair.image, kind), int(split.labels[pair.image]), pair)
        for pair in find_duplicates(split.images, known)
    ]


def _sentence(dataset: Dataset, name: str, label: int, pair: DuplicatePair) -> str:
    other = int(dataset.train.labels[pair.other])
    differs = f", which is labeled {printable(dataset.classes[other])}" if other != label else ""
    return f"{name} is identical to {_name(dataset.train_files, pair.other, 'training')}{differs}"


def _repeated(dataset: Dataset, known: Known) -> list[DatasetNote]:
    """Training images that are also an earlier one, each in the first note that is about it."""
    labels, sources = dataset.train.labels.tolist(), dataset.train_sources.tolist()
    sentences = (
        "also in another class, so that one of the two labels is wrong.",
        "in more than one dataset.",
        "identical to another one of the same class.",
    )
    texts: list[list[str]] = [[], [], []]
    for pair in _earlier(dataset.train.images, known):
        name, label = _name(dataset.train_files, pair.image, "training"), labels[pair.image]
        same_source = sources[pair.image] == sources[pair.other]
        kind = 0 if label != labels[pair.other] else 2 if same_source else 1
        texts[kind].append(_sentence(dataset, name, label, pair))
    kinds = zip(texts, sentences, strict=True)
    return list(chain.from_iterable(
        _warning(names, f"{images_are(len(names), 'training')} {sentence}")
        for names, sentence in kinds
    ))  # fmt: skip


def _earlier(images: Tensor, known: Known) -> list[DuplicatePair]:
    """Those of the indexed images that are also an earlier one of them."""
    return [pair for pair in find_duplicates(images, known) if pair.image != pair.other]


def _class_and_none(dataset: Dataset, none: NoneImages, known: Known) -> list[DatasetNote]:
    splits = [("training", known, dataset.train_files)]
    for kind, split, files in (
        ("validation", dataset.validation, dataset.validation_files),
        ("test", dataset.test, dataset.test_files),
    ):
        if split is not None:
            splits.append((kind, index_images(split.images), files))
    texts = [
        f"{_name(names, pair.image, 'none')} is identical to {_name(files, pair.other, kind)}"
        for kind, images, files in splits
        for names, others in _none_splits(none)
        for pair in find_duplicates(others, images)
    ]
    return _warning(texts, f"{_pictures_are(len(texts))} in a class and in none.")


def _repeated_none(none: NoneImages) -> list[DatasetNote]:
    known = index_images(none.train)
    (files, images), *others = _none_splits(none)
    again = [_none_sentence(none, files, pair) for pair in _earlier(images, known)]
    both = [
        _none_sentence(none, names, pair)
        for names, pictures in others
        for pair in find_duplicates(pictures, known)
    ]
    repeated = f"{_pictures_are(len(again))} in none more than once."
    one, many = "held-out picture of other things is", "held-out pictures of other things are"
    held_out = f"{len(both):,} {one if len(both) == 1 else many} also among those to train on."
    return [*_warning(again, repeated), *_warning(both, held_out)]


def _none_sentence(none: NoneImages, files: Sequence[str], pair: DuplicatePair) -> str:
    other = _name(none.train_files, pair.other, "none")
    return f"{_name(files, pair.image, 'none')} is identical to {other}"


def _none_splits(none: NoneImages) -> list[tuple[Sequence[str], Tensor]]:
    return [
        (none.train_files, none.train),
        (none.validation_files, none.validation),
        (none.test_files, none.test),
    ]


def _warning(texts: Sequence[str], sentence: str) -> list[DatasetNote]:
    return [note("warning", sentence, texts)] if texts else []


def _pictures_are(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count:,} pictures are"


def _name(files: Sequence[str], index: int, kind: str) -> str:
    return printable(files[index]) if files else f"{kind} image {index + 1:,}"
