"""A loaded dataset: training and test images as uint8 tensors, as `load_dataset` returns them."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from trainer.events.command_events import DatasetNote


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
