"""What a dataset is, once read: two splits of uint8 pictures; returned by `load_dataset`."""

import zlib
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Split:
    """Pictures and what they show.

    Attributes:
        images: uint8 of shape [N, 3, S, S], contiguous, red first.
        labels: int64 of shape [N], each an index into the classes of the dataset.

    Raises:
        ValueError: If shapes or types are others.
    """

    images: Tensor
    labels: Tensor

    def __post_init__(self) -> None:
        if self.images.dtype != torch.uint8 or self.labels.dtype != torch.int64:
            raise ValueError(f"wants uint8 and int64: {self.images.dtype}, {self.labels.dtype}")
        if self.images.shape[1:] != (3, *self.images.shape[-1:] * 2) or self.images.dim() != 4:
            raise ValueError(f"not a batch of square RGB pictures: {tuple(self.images.shape)}")
        if self.labels.shape != self.images.shape[:1] or not self.images.is_contiguous():
            raise ValueError("wants one label a picture, and pictures without gaps in memory")

    def __len__(self) -> int:
        return len(self.labels)

    def checksum(self, before: int = 0) -> int:
        """The CRC-32 of pictures and labels, following on from that of other data."""
        return zlib.crc32(self.labels.numpy().data, zlib.crc32(self.images.numpy().data, before))


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableFile:
    """A file of the dataset that was skipped.

    Attributes:
        path: Where it lies.
        reason: Why it could not be read, in words.
    """

    path: Path
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """A dataset, read.

    Attributes:
        train: What to learn from.
        test: What to be judged by.
        classes: Class names; labels count through them.
        name: `cifar10`, or the name of the folder.
        unreadable: The files that were skipped; empty where all is well.
        train_files: What each training image is called, such as `train/cat/1.png`, seen from the
            folder of the dataset; empty where images are no files.
        test_files: Likewise, of the test images.
        smallest: Width and height of the picture with the fewest pixels, before it was brought to
            the size of the others; None where nobody looked.
        largest: Likewise, with the most pixels.
    """

    train: Split
    test: Split
    classes: tuple[str, ...]
    name: str
    unreadable: tuple[UnreadableFile, ...] = ()
    train_files: tuple[str, ...] = ()
    test_files: tuple[str, ...] = ()
    smallest: tuple[int, int] | None = None
    largest: tuple[int, int] | None = None
