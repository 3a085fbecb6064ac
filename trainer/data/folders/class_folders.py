"""Pictures sorted into classes, listed but not yet decoded; used by `load_dataset`."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import torch

from trainer.data.dataset import Dataset, NoneImages, Split
from trainer.data.decoding import decode_files
from trainer.data.folders.layout import ROLES, Classes, Layout, Role, find_layout
from trainer.data.folders.notes import layout_notes, pictures
from trainer.data.folders.picture_notes import picture_notes
from trainer.data.folders.tree import Folder
from trainer.data.folders.unusable import no_layout, unusable
from trainer.data.scan import FileStamp, dataset_name, fingerprint
from trainer.errors import DataError
from trainer.events.command_events import DatasetNote
from trainer.progress import ProgressReporter

Mask = npt.NDArray[np.bool_]
Labels = npt.NDArray[np.int64]

TEST_FRACTION = 0.1
"""Share of the images split off for testing if a folder has no test images."""

SPLIT_SEED = 10

MOST_LIKELY = 5
"""Misspelled classes that a message names."""

NO_CLASS = -1
"""The label of pictures of other things, until they are set apart."""

ONLY_NONE_ADVICE = "Add it to a dataset with classes, or add folders named after classes beside it."


@dataclass(frozen=True, slots=True)
class _LabeledFile:
    stamp: FileStamp
    label: int
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassFolders:
    """Pictures sorted into classes, listed but not yet decoded.

    Attributes:
        layout: How they are sorted.
        notes: How they were read where that is not obvious, and what is not used.
    """

    layout: Layout
    notes: tuple[DatasetNote, ...]

    @property
    def name(self) -> str:
        """The folder's name."""
        return dataset_name(self.layout.tree.path)

    def fingerprint(self) -> str:
        """Changes whenever a file, its class or its split does."""
        digest = hashlib.sha256(repr(self.layout.classes).encode(errors="surrogatepass"))
        for role, classes in self.layout.splits.items():
            for name in sorted(classes):
                key = f"{role}/{name}:{fingerprint(classes[name])}\n"
                digest.update(key.encode(errors="surrogatepass"))
        for role, files in self.layout.none.items():
            digest.update(f"none in {role}:{fingerprint(files)}\n".encode())
        return digest.hexdigest()

    def to_train_on(self) -> "ClassFolders":
        """The same without test images of classes that are not in the training images.

        Raises:
            DataError: If there are fewer than two classes, or none of them has test images, or the
                two halves seem to spell one differently.
        """
        tree, splits = self.layout.tree, self.layout.splits
        if self.layout.none and not splits:
            raise unusable(tree, "contains only pictures of other things.", ONLY_NONE_ADVICE)
        if "train" not in splits:
            raise unusable(tree, "contains no folder of training pictures.", _train_advice(self))
        if len(splits["train"]) < 2:
            only = next(iter(splits["train"]))
            half = "train" in self.layout.places and "test" not in splits
            where = ", in a folder train but none named test" if half else ""
            advice = "Add a folder with pictures of another class."
            raise unusable(tree, f"contains only one class, {only}{where}.", advice)
        test = splits.get("test", splits["train"])
        unknown = test.keys() - splits["train"].keys()
        _require_same_spelling(self.layout, splits["train"], test)
        if not unknown:
            return self
        tested = {name: files for name, files in test.items() if name not in unknown}
        layout = replace(self.layout, splits={**splits, "test": tested})
        return replace(self, layout=layout, notes=layout_notes(layout))

    def require_images(self, dataset: Dataset) -> None:
        """Check that every class has readable images for training, and for testing if it has any.

        Raises:
            DataError: If a class has none.
        """
        untested = set(dataset.classes) - self.layout.splits.get("test", {}).keys()
        untested = untested if "test" in self.layout.splits else set()
        for split, images in (("train", dataset.train), ("test", dataset.test)):
            counts = torch.bincount(images.labels, minlength=len(dataset.classes)).tolist()
            for name, count in zip(dataset.classes, counts, strict=True):
                if count == 0 and not (split == "test" and name in untested):
                    raise DataError(self._empty_class_message(name, split))

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Decode all images.

        Raises:
            DataError: If no image can be read.
            Cancelled: If the user stopped it.
        """
        files = self._labeled_files()
        decoded = decode_files([file.stamp for file in files], size, progress)
        kept = [files[index] for index in np.flatnonzero(decoded.readable)]
        if not kept:
            raise DataError(f"None of the pictures in {self.layout.tree.path} can be read.")
        labels = np.array([file.label for file in kept], np.int64)
        masks, is_class = self._masks(kept, labels), labels != NO_CLASS
        chosen = {role: masks[role] & is_class for role in ROLES}
        smallest, largest = decoded.size_range
        train, validation, test = (_split(decoded.pixels, labels, chosen[role]) for role in ROLES)
        others = {role: masks[role] & ~is_class for role in ROLES}
        return Dataset(
            train=train,
            test=test,
            # Without a readable one, training images are held out.
            validation=validation if len(validation) else None,
            classes=self.layout.classes,
            name=self.name,
            unreadable=decoded.unreadable,
            train_files=_names(kept, chosen["train"]),
            test_files=_names(kept, chosen["test"]),
            validation_files=_names(kept, chosen["validation"]),
            notes=picture_notes(decoded.notes),
            smallest=smallest,
            largest=largest,
            none=None if is_class.all() else self._none(decoded.pixels, kept, others),
        )

    def _labeled_files(self) -> list[_LabeledFile]:
        splits, none = self.layout.splits, self.layout.none
        labeled = [
            _LabeledFile(stamp, label, role)
            for role in ROLES
            for label, name in enumerate(self.layout.classes)
            for stamp in splits.get(role, {}).get(name, ())
        ]
        others = [_LabeledFile(stamp, NO_CLASS, role) for role in none for stamp in none[role]]
        return labeled + others

    def _masks(self, kept: Sequence[_LabeledFile], labels: Labels) -> dict[Role, Mask]:
        masks = {role: np.array([file.role == role for file in kept]) for role in ROLES}
        if "test" not in self.layout.splits:
            keeps_none = "test" in self.layout.none
            among = masks["train"] & (labels != NO_CLASS) if keeps_none else masks["train"]
            drawn = _draw_test_split([file.stamp.relative for file in kept], labels, among)
            masks["train"] = masks["train"] & ~drawn
            masks["test"] = masks["test"] | drawn
        return masks

    def _none(
        self,
        pixels: npt.NDArray[np.uint8],
        files: Sequence[_LabeledFile],
        chosen: dict[Role, Mask],
    ) -> NoneImages:
        train, validation, test = (_pixels(pixels, chosen[role]) for role in ROLES)
        return NoneImages(
            train=train,
            validation=validation,
            test=test,
            train_files=_names(files, chosen["train"]),
            validation_files=_names(files, chosen["validation"]),
            test_files=_names(files, chosen["test"]),
            test_is_drawn=len(test) > 0 and "test" not in self.layout.none,
        )

    def _empty_class_message(self, name: str, split: str) -> str:
        folder = self.layout.tree.path
        role: Role = "test" if split == "test" and "test" in self.layout.splits else "train"
        what = "class " if self.layout.tables else f"folder {self.layout.place(role)}"
        start = f"The {what}{name} in {folder} contains"
        if "test" not in self.layout.splits:
            return (
                f"{start} fewer than two readable images; at least one is needed for training and "
                "one for testing. Add images or remove the folder."
            )
        return (
            f"{start} no readable images. Add images, or remove that class from both train and "
            "test."
        )


def find_class_folders(tree: Folder, *, every_class: bool = False) -> ClassFolders:
    """Recognize how the pictures in a listed folder are sorted.

    Args:
        tree: The folder.
        every_class: Whether to read classes that have only validation pictures.

    Raises:
        DataError: If they are not, or in no way that is known, or a table cannot be read.
    """
    layout = find_layout(tree)
    if layout is None:
        raise no_layout(tree)
    layout.every_class = every_class
    return ClassFolders(layout=layout, notes=layout_notes(layout))


def _train_advice(folders: ClassFolders) -> str:
    root = folders.layout.root.path
    other = next(iter(folders.layout.places.values())).name
    return f"Rename the folder of the training pictures in {root} to train, or choose {other}."


def _require_same_spelling(layout: Layout, train: Classes, test: Classes) -> None:
    """Refuse what would be tested on nothing, or on too little because of a misspelled name."""
    sides: tuple[tuple[Role, Classes, Classes], ...]
    sides = ("train", train, test), ("test", test, train)
    halves = [
        f"{', '.join(names)} only in {_place(layout, role)} "
        f"({pictures(sum(len(mine[name]) for name in names))})"
        for role, mine, other in sides
        if (names := sorted(mine.keys() - other.keys()))
    ]
    likely = _likely_names(train, test)
    if likely or not train.keys() & test.keys():
        raise unusable(
            layout.tree,
            f"does not contain the same classes for training and testing: {'; '.join(halves)}.",
            f"Put the same class folders in both, or rename those that mean the same{likely}.",
        )


def _likely_names(train: Classes, test: Classes) -> str:
    """Which classes of the test images are probably misspelled, as a part of a sentence."""
    unmatched = sorted(train.keys() - test.keys())
    likely = [
        f"{name} to {close[0]}"
        for name in sorted(test.keys() - train.keys())
        if (close := get_close_matches(name, unmatched, 1))
    ]
    return f" ({', '.join(likely[:MOST_LIKELY])})" if likely else ""


def _place(layout: Layout, role: Role) -> str:
    return layout.places[role].relative if role in layout.places else role


def _draw_test_split(names: Sequence[str], labels: Labels, among: Mask) -> Mask:
    # By a hash of the name: the same images on every system, in whatever order it lists them.
    keys = np.array([_sort_key(name) for name in names])
    chosen = np.zeros(len(names), np.bool_)
    for label in np.unique(labels):
        members = np.flatnonzero((labels == label) & among)
        ranked = members[np.argsort(keys[members])]
        chosen[
            ranked[: max(0, min(len(ranked) - 1, max(1, round(len(ranked) * TEST_FRACTION))))]
        ] = True
    return chosen


def _sort_key(name: str) -> str:
    normalized = unicodedata.normalize("NFC", name)
    text = f"{SPLIT_SEED}/{normalized}".encode(errors="surrogatepass")
    return hashlib.sha256(text).hexdigest()


def _names(files: Sequence[_LabeledFile], chosen: Mask) -> tuple[str, ...]:
    return tuple(file.stamp.relative for file, taken in zip(files, chosen, strict=True) if taken)


def _split(pixels: npt.NDArray[np.uint8], labels: Labels, chosen: Mask) -> Split:
    return Split(images=_pixels(pixels, chosen), labels=torch.from_numpy(labels[chosen]))


def _pixels(pixels: npt.NDArray[np.uint8], chosen: Mask) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(pixels[chosen]))
