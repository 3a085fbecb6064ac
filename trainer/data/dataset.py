"""A loaded dataset: training and test images as uint8 tensors, as `load_dataset` returns them."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from trainer.events.command_events import DatasetNote
from trainer.events.run_events import DataSource


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Images and their labels.

    Attributes:
        images: uint8 tensor of shape [N, 3, S, S], contiguous, in RGB order.
        labels: int64 tensor of shape [N], indices into the class names of the dataset.

    Raises:
        ValueError: If a shape or dtype is wrong.
    """

    images: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        if self.images.dtype != torch.uint8 or self.labels.dtype != torch.int64:
            raise ValueError(f"expected uint8 and int64: {self.images.dtype}, {self.labels.dtype}")
        if self.images.shape[1:] != (3, *self.images.shape[-1:] * 2) or self.images.dim() != 4:
            raise ValueError(f"not a batch of square RGB images: {tuple(self.images.shape)}")
        if self.labels.shape != self.images.shape[:1] or not self.images.is_contiguous():
            raise ValueError("expected one label per image, and contiguous images")

    def __len__(self) -> int:
        return len(self.labels)

    def checksum(self, before: int = 0) -> int:
        """The CRC-32 of images and labels, continued from the checksum of other data."""
        return zlib.crc32(self.labels.numpy().data, zlib.crc32(self.images.numpy().data, before))


def joined(splits: Sequence[Split]) -> Split:
    """The images of several splits, one after another."""
    return Split(
        images=torch.cat([split.images for split in splits]),
        labels=torch.cat([split.labels for split in splits]),
    )


def _no_indices() -> Tensor:
    return torch.zeros(0, dtype=torch.int64)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class NoneImages:
    """Pictures of other things, from folders named `none`: they are never a class.

    Attributes:
        train: uint8 tensor of shape [N, 3, S, S], contiguous; N may be 0.
        validation: Likewise.
        test: Likewise.
        train_files: Name of each training picture; empty if unnamed.
        validation_files: Likewise.
        test_files: Likewise.
        train_sources: int64 tensor of shape [N], which of the dataset's sources each training
            picture is from; by default the first.
        test_is_drawn: Whether the test pictures were drawn from the training pictures.

    Raises:
        ValueError: If a shape or dtype is wrong.
    """

    train: Tensor
    validation: Tensor
    test: Tensor
    train_files: tuple[str, ...] = ()
    validation_files: tuple[str, ...] = ()
    test_files: tuple[str, ...] = ()
    train_sources: Tensor = field(default_factory=_no_indices)
    test_is_drawn: bool = False

    def __post_init__(self) -> None:
        for images in (self.train, self.validation, self.test):
            Split(images=images, labels=torch.zeros(len(images), dtype=torch.int64))
        sources = _sources_of(self.train, self.train_sources)
        object.__setattr__(self, "train_sources", sources)

    @classmethod
    def empty(cls, side: int) -> "NoneImages":
        """No pictures, of `side` pixels per side."""
        nothing = torch.zeros(0, 3, side, side, dtype=torch.uint8)
        return cls(train=nothing, validation=nothing, test=nothing)

    @property
    def counts(self) -> tuple[int, int, int]:
        """Number of training, validation and test pictures."""
        return len(self.train), len(self.validation), len(self.test)

    def checksum(self) -> int:
        """The CRC-32 of the training and validation pictures."""
        return zlib.crc32(self.validation.numpy().data, zlib.crc32(self.train.numpy().data))


def _sources_of(images: Tensor, sources: Tensor) -> Tensor:
    """The sources of images; the first of them all if they are not given."""
    if len(sources) == len(images):
        return sources
    if len(sources):
        raise ValueError(f"{len(sources)} sources for {len(images)} images")
    return torch.zeros(len(images), dtype=torch.int64)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableFile:
    """A file of the dataset that was skipped.

    Attributes:
        path: Path of the file.
        reason: Why it could not be read, for the user.
    """

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """A loaded dataset.

    Attributes:
        train: The training images.
        test: The test images.
        classes: Class names, which labels are indices into.
        name: `cifar10`, or the name of the folder.
        unreadable: Files that were skipped.
        train_files: Name of each training image, such as `train/cat/1.png`, relative to the folder
            of the dataset; empty if images are not files.
        test_files: Name of each test image, likewise.
        validation: The validation images; None if training images are held out for validation.
        validation_files: Name of each validation image, likewise.
        notes: How the folder was read, and what is in it that is not used.
        smallest: Original width and height of the image with the fewest pixels, before resizing;
            None if unknown.
        largest: Original width and height of the image with the most pixels; None if unknown.
        none: Pictures of other things; None if there are none.
        sources: The datasets that it was made of; by default itself alone.
        train_sources: int64 tensor of shape [N], which of `sources` each training image is from;
            by default the first.

    Raises:
        ValueError: If the number of sources of training images is not that of training images.
    """

    train: Split
    test: Split
    classes: tuple[str, ...]
    name: str
    unreadable: tuple[UnreadableFile, ...] = ()
    train_files: tuple[str, ...] = ()
    test_files: tuple[str, ...] = ()
    validation: Split | None = None
    validation_files: tuple[str, ...] = ()
    notes: tuple[DatasetNote, ...] = ()
    smallest: tuple[int, int] | None = None
    largest: tuple[int, int] | None = None
    none: NoneImages | None = None
    sources: tuple[DataSource, ...] = ()
    train_sources: Tensor = field(default_factory=_no_indices)

    def __post_init__(self) -> None:
        sources = _sources_of(self.train.images, self.train_sources)
        object.__setattr__(self, "train_sources", sources)
        if not self.sources:
            object.__setattr__(self, "sources", (self._itself(),))

    def _itself(self) -> DataSource:
        none = self.none_counts[0]
        return DataSource(name=self.name, train_images=len(self.train), none_images=none)

    @property
    def none_counts(self) -> tuple[int, int, int]:
        """Number of pictures of other things to train, to validate and to test with."""
        return (0, 0, 0) if self.none is None else self.none.counts
