"""Datasets as folders of image files, one folder per class; used by `load_dataset`."""

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
from trainer.data.scan import FileStamp, dataset_name, fingerprint, image_files, subfolders
from trainer.errors import DataError
from trainer.progress import ProgressReporter

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]
LabeledFile = tuple[FileStamp, int]
"""A file and the index of its class."""

TEST_FRACTION = 0.1
"""Share of the images split off for testing if a folder has no test images."""

SPLIT_SEED = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFolders:
    """Class folders, listed but not yet decoded.

    Attributes:
        folder: The folder of the dataset.
        classes: Class names in alphabetical order.
        train: Training files of each class; all files if `test` is None.
        test: Test files of each class; None if they have to be split off.
    """

    folder: Path
    classes: tuple[str, ...]
    train: tuple[tuple[FileStamp, ...], ...]
    test: tuple[tuple[FileStamp, ...], ...] | None

    @property
    def name(self) -> str:
        """The folder's name."""
        return dataset_name(self.folder)

    def fingerprint(self) -> str:
        """Changes whenever any of the files does."""
        return fingerprint(stamp for stamp, _ in self._labeled_files())

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Decode all images.

        Raises:
            DataError: If a class has no readable image, or too few to split.
            Cancelled: If the user stopped it.
        """
        files = self._labeled_files()
        decoded = decode_files([stamp for stamp, _ in files], size, progress)
        kept = [files[index] for index in np.flatnonzero(decoded.readable)]
        labels = np.array([label for _, label in kept], np.int64)
        in_test = self._in_test(decoded.readable, kept, labels)
        self._require_images(labels[~in_test], "train")
        self._require_images(labels[in_test], "test")
        smallest, largest = decoded.size_range
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

    def _labeled_files(self) -> list[LabeledFile]:
        return [*_labeled(self.train), *_labeled(self.test or ())]

    def _in_test(self, readable: Mask, kept: Sequence[LabeledFile], labels: Labels) -> Mask:
        if self.test is None:
            return _draw_test_split([stamp.relative for stamp, _ in kept], labels)
        in_train = sum(len(stamps) for stamps in self.train)
        chosen: Mask = np.flatnonzero(readable) >= in_train
        return chosen

    def _require_images(self, labels: Labels, split: str) -> None:
        counts = np.bincount(labels, minlength=len(self.classes))
        for name, count in zip(self.classes, counts, strict=True):
            if count == 0:
                raise DataError(self._empty_class_message(name, split))

    def _empty_class_message(self, name: str, split: str) -> str:
        if self.test is None:
            return (
                f"The folder {name} in {self.folder} contains fewer than two readable images; at "
                "least one is needed for training and one for testing. Add images or remove the "
                "folder."
            )
        return (
            f"The folder {split}/{name} in {self.folder} contains no readable images. "
            "Add images, or remove that class from both train and test."
        )


def find_split_folders(folder: Path, progress: ProgressReporter) -> ClassFolders:
    """List `train/<class>/*` and `test/<class>/*`.

    Raises:
        DataError: If a folder cannot be listed, or the classes do not match or are too few.
        Cancelled: If the user stopped it.
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
        Cancelled: If the user stopped it.
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
        # macOS stores "é" as two code points, other systems as one: the same class.
        normalized = unicodedata.normalize("NFC", name)
        files = image_files(folder / name, f"{prefix}{name}/")
        classes[normalized] = classes.get(normalized, ()) + tuple(files)
        progress.report("Listing files", sum(map(len, classes.values())), None)
    return classes


def _check_same_classes(folder: Path, train: set[str], test: set[str]) -> None:
    only_train, only_test = sorted(train - test), sorted(test - train)
    if only_train or only_test:
        where, names = ("train", only_train) if only_train else ("test", only_test)
        listed = ", ".join(names[:3]) + (" and others" if len(names) > 3 else "")
        raise DataError(
            f"In {folder}, train and test do not contain the same classes: {listed} only in "
            f"{where}. Put the same class folders in both."
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
        f"{folder} contains {found}. A dataset is a folder with at least two subfolders, each "
        "named after a class and containing its images; or the published CIFAR-10 files, or "
        "train.csv and test.csv."
    )


def _labeled(classes: Iterable[Iterable[FileStamp]]) -> Iterable[LabeledFile]:
    return ((stamp, label) for label, files in enumerate(classes) for stamp in files)


def _draw_test_split(names: Sequence[str], labels: Labels) -> Mask:
    # By a hash of the name: the same images on every system, in whatever order it lists them.
    keys = np.array([_sort_key(name) for name in names])
    chosen = np.zeros(len(names), np.bool_)
    for label in np.unique(labels):
        members = np.flatnonzero(labels == label)
        ranked = members[np.argsort(keys[members])]
        chosen[ranked[: min(len(ranked) - 1, max(1, round(len(ranked) * TEST_FRACTION)))]] = True
    return chosen


def _sort_key(name: str) -> str:
    normalized = unicodedata.normalize("NFC", name)
    text = f"{SPLIT_SEED}/{normalized}".encode(errors="surrogatepass")
    return hashlib.sha256(text).hexdigest()


def _names(files: Sequence[LabeledFile], chosen: Mask) -> tuple[str, ...]:
    return tuple(stamp.relative for (stamp, _), taken in zip(files, chosen, strict=True) if taken)


def _split(pixels: npt.NDArray[np.uint8], labels: Labels, chosen: Mask) -> Split:
    return Split(
        images=torch.from_numpy(np.ascontiguousarray(pixels[chosen])),
        labels=torch.from_numpy(labels[chosen]),
    )
