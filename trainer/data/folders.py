"""Folders of image files, one folder a class; a form of dataset that `load_dataset` recognises."""

import hashlib
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from trainer.data.dataset import Dataset, Split
from trainer.data.decoding import decode_files
from trainer.data.scan import FileStamp, fingerprint, picture_files, subfolders
from trainer.errors import DataError
from trainer.progress import ProgressReporter

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]
Picture = tuple[FileStamp, int]
"""A file, and which class it shows."""

TEST_SHARE = 0.1
"""How much is split off for testing where a folder has no test images of its own."""

SPLIT_SEED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFolders:
    """A listed, not yet decoded folder of classes.

    Attributes:
        folder: The folder of the dataset.
        classes: Class names in alphabetical order.
        train: For each class, the files to learn from; all of them where `test` is None.
        test: For each class, the files to be judged by; None where they have to be split off.
    """

    folder: Path
    classes: tuple[str, ...]
    train: tuple[tuple[FileStamp, ...], ...]
    test: tuple[tuple[FileStamp, ...], ...] | None

    @property
    def name(self) -> str:
        """The folder's name."""
        return self.folder.resolve().name or "dataset"

    def fingerprint(self) -> str:
        """Changes when any of the files does."""
        return fingerprint(stamp for stamp, _ in self._pictures())

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Decode every picture.

        Raises:
            DataError: If a class has no readable image, or too few to be split.
            Cancelled: If the person asked to stop.
        """
        pictures = self._pictures()
        decoded = decode_files([stamp for stamp, _ in pictures], size, progress)
        kept = [pictures[index] for index in np.flatnonzero(decoded.readable)]
        labels = np.array([label for _, label in kept], np.int64)
        in_test = self._in_test(decoded.readable, kept, labels)
        self._check_filled(labels[~in_test], "train")
        self._check_filled(labels[in_test], "test")
        smallest, largest = decoded.extremes
        return Dataset(
            train=_split(decoded.pixels, labels, ~in_test),
            test=_split(decoded.pixels, labels, in_test),
            classes=self.classes,
            name=self.name,
            unreadable=decoded.unreadable,
            train_files=_names(kept, ~in_test),
            test_files=_names(kept, in_test),
            smallest=smallest,
            largest=largest,
        )

    def _pictures(self) -> list[Picture]:
        return [*_labelled(self.train), *_labelled(self.test or ())]

    def _in_test(self, readable: Mask, kept: Sequence[Picture], labels: Labels) -> Mask:
        if self.test is None:
            return _chosen_for_test([stamp.relative for stamp, _ in kept], labels)
        in_train = sum(len(stamps) for stamps in self.train)
        chosen: Mask = np.flatnonzero(readable) >= in_train
        return chosen

    def _check_filled(self, labels: Labels, split: str) -> None:
        counts = np.bincount(labels, minlength=len(self.classes))
        for name, count in zip(self.classes, counts, strict=True):
            if count == 0:
                raise DataError(self._why_empty(name, split))

    def _why_empty(self, name: str, split: str) -> str:
        if self.test is None:
            return (
                f"The folder {name} in {self.folder} holds fewer than two images that can be read; "
                "one is needed to learn from and one to test with. Add images or remove the folder."
            )
        return (
            f"The folder {split}/{name} in {self.folder} holds no image that can be read. "
            "Add images, or remove that class from train and test."
        )


def find_split_folders(folder: Path, progress: ProgressReporter) -> ClassFolders:
    """List `train/<class>/*` and `test/<class>/*`.

    Raises:
        DataError: If a folder cannot be listed, or the classes make no sense.
        Cancelled: If the person asked to stop.
    """
    train = _list_classes(folder / "train", "train/", progress)
    test = _list_classes(folder / "test", "test/", progress)
    _check_same_classes(folder, set(train), set(test))
    _check_enough_classes(folder, train)
    classes = tuple(sorted(train))
    return ClassFolders(
        folder=folder,
        classes=classes,
        train=tuple(train[name] for name in classes),
        test=tuple(test[name] for name in classes),
    )


def find_class_folders(folder: Path, progress: ProgressReporter) -> ClassFolders:
    """List `<class>/*`.

    Raises:
        DataError: If a folder cannot be listed, or there are fewer than two classes.
        Cancelled: If the person asked to stop.
    """
    listed = _list_classes(folder, "", progress)
    _check_enough_classes(folder, listed)
    classes = tuple(sorted(listed))
    files = tuple(listed[name] for name in classes)
    return ClassFolders(folder=folder, classes=classes, train=files, test=None)


def _list_classes(
    folder: Path, prefix: str, progress: ProgressReporter
) -> dict[str, tuple[FileStamp, ...]]:
    classes: dict[str, tuple[FileStamp, ...]] = {}
    for name in subfolders(folder):
        # macOS spells "é" with two characters, other systems with one: the same class.
        spelled = unicodedata.normalize("NFC", name)
        files = picture_files(folder / name, f"{prefix}{name}/")
        classes[spelled] = classes.get(spelled, ()) + tuple(files)
        progress.report("Listing files", sum(map(len, classes.values())), None)
    return classes


def _check_same_classes(folder: Path, train: set[str], test: set[str]) -> None:
    only_train, only_test = sorted(train - test), sorted(test - train)
    if only_train or only_test:
        where, names = ("train", only_train) if only_train else ("test", only_test)
        listed = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
        raise DataError(
            f"In {folder}, train and test do not hold the same classes: {listed} only in {where}. "
            "Give both the same folders."
        )


def _check_enough_classes(folder: Path, classes: dict[str, tuple[FileStamp, ...]]) -> None:
    if len(classes) >= 2 and any(classes.values()):
        return
    found = (
        "no folders of images"
        if not any(classes.values())
        else f"only one class, {next(iter(classes))}"
    )
    raise DataError(
        f"{folder} holds {found}. A dataset is a folder with two or more folders in it, each named "
        "after a class and full of its images; or CIFAR-10 as it is published, or "
        "train.csv and test.csv."
    )


def _labelled(classes: Iterable[Iterable[FileStamp]]) -> Iterable[Picture]:
    return ((stamp, label) for label, files in enumerate(classes) for stamp in files)


def _chosen_for_test(names: Sequence[str], labels: Labels) -> Mask:
    # By a checksum of the name: the same pictures on every system, in whatever order it lists them.
    keys = np.array([_lot(name) for name in names])
    chosen = np.zeros(len(names), np.bool_)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        drawn = members[np.argsort(keys[members])]
        chosen[drawn[: min(len(drawn) - 1, max(1, round(len(drawn) * TEST_SHARE)))]] = True
    return chosen


def _lot(name: str) -> str:
    spelled = unicodedata.normalize("NFC", name)
    text = f"{SPLIT_SEED}/{spelled}".encode(errors="surrogatepass")
    return hashlib.sha256(text).hexdigest()


def _names(pictures: Sequence[Picture], chosen: Mask) -> tuple[str, ...]:
    return tuple(
        stamp.relative for (stamp, _), taken in zip(pictures, chosen, strict=True) if taken
    )


def _split(pixels: npt.NDArray[np.uint8], labels: Labels, chosen: Mask) -> Split:
    return Split(
        images=torch.from_numpy(np.ascontiguousarray(pixels[chosen])),
        labels=torch.from_numpy(labels[chosen]),
    )
