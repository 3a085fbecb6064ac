"""Keeps decoded datasets on disk, one file a folder and image size; used by `load_dataset`.

A cache only saves time: whatever is wrong with it is logged, and the dataset is read again.
"""

import hashlib
import json
import logging
import os
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.errors import StorageError
from trainer.files.atomic_write import write_atomically
from trainer.progress import ProgressReporter

logger = logging.getLogger("trainer.data")

FORMAT_VERSION = 2
TENSORS = (
    "train.images", "train.labels", "train.files", "test.images", "test.labels", "test.files"
)  # fmt: skip
END_OF_NAME = "\0"
"""No file name can have it inside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """The place of one dataset in the cache.

    Attributes:
        folder: The folder of the cache.
        source: What names the dataset for good, such as its resolved path.
        image_size: Side of its pictures in pixels.
        fingerprint: Changes when the dataset does; an entry with another one is replaced.
    """

    folder: Path
    source: str
    image_size: int
    fingerprint: str

    @property
    def path(self) -> Path:
        """The same for every state of one dataset, so that a new state replaces the old."""
        key = hashlib.sha256(os.fsencode(self.source)).hexdigest()[:24]
        return self.folder / f"{key}-{self.image_size}.safetensors"

    def load(self, progress: ProgressReporter) -> Dataset | None:
        """What is stored, or None if nothing fitting and undamaged is.

        Raises:
            Cancelled: If the person asked to stop.
        """
        try:
            return self._load(progress)
        except FileNotFoundError:
            return None
        except (OSError, SafetensorError, LookupError, TypeError, ValueError) as error:
            logger.warning("The cached dataset %s is damaged and made anew: %r", self.path, error)
            return None

    def save(self, dataset: Dataset) -> None:
        """Store a dataset, whole or not at all."""
        try:
            write_atomically(self.path, lambda path: self._write(dataset, path))
        except (StorageError, SafetensorError) as error:
            logger.warning("The decoded dataset is not cached in %s: %s", self.folder, error)

    def _load(self, progress: ProgressReporter) -> Dataset | None:
        with safe_open(self.path, framework="pt") as file:
            about = json.loads((file.metadata() or {})["dataset"])
            if (about["version"], about["fingerprint"]) != (FORMAT_VERSION, self.fingerprint):
                return None
            # Copied, as the file may be replaced while it is still mapped.
            tensors = {name: file.get_tensor(name).clone() for name in TENSORS}
        progress.check()
        if about["checksum"] != _checksum(tensors):
            raise ValueError("wrong checksum")
        progress.check()
        return _dataset(tensors, about)

    def _write(self, dataset: Dataset, path: Path) -> None:
        tensors = _tensors(dataset)
        save_file(tensors, path, self._metadata(dataset, _checksum(tensors)))

    def _metadata(self, dataset: Dataset, checksum: int) -> dict[str, str]:
        about = {
            "version": FORMAT_VERSION,
            "fingerprint": self.fingerprint,
            "source": self.source,
            "name": dataset.name,
            "classes": dataset.classes,
            "unreadable": [[str(file.path), file.reason] for file in dataset.unreadable],
            "smallest": dataset.smallest,
            "largest": dataset.largest,
            "checksum": checksum,
        }
        return {"dataset": json.dumps(about)}


def _tensors(dataset: Dataset) -> dict[str, torch.Tensor]:
    train, test = dataset.train, dataset.test
    tensors = (
        train.images, train.labels, _packed(dataset.train_files),
        test.images, test.labels, _packed(dataset.test_files),
    )  # fmt: skip
    return dict(zip(TENSORS, tensors, strict=True))


def _packed(names: Sequence[str]) -> torch.Tensor:
    """Names as uint8: a hundred thousand of them would make the header too large to be read."""
    text = "".join(name + END_OF_NAME for name in names)
    # A name need not be valid text.
    content = bytearray(text.encode(errors="surrogatepass"))
    return torch.from_numpy(np.frombuffer(content, np.uint8))


def _unpacked(names: torch.Tensor) -> tuple[str, ...]:
    text = names.numpy().tobytes().decode(errors="surrogatepass")
    return tuple(text.split(END_OF_NAME)[:-1])


def _checksum(tensors: dict[str, torch.Tensor]) -> int:
    return reduce(lambda before, name: zlib.crc32(tensors[name].numpy().data, before), TENSORS, 0)


def _dataset(tensors: dict[str, torch.Tensor], about: dict[str, Any]) -> Dataset:
    return Dataset(
        train=Split(images=tensors["train.images"], labels=tensors["train.labels"]),
        test=Split(images=tensors["test.images"], labels=tensors["test.labels"]),
        classes=tuple(about["classes"]),
        name=about["name"],
        unreadable=tuple(
            UnreadableFile(path=Path(path), reason=reason) for path, reason in about["unreadable"]
        ),
        train_files=_unpacked(tensors["train.files"]),
        test_files=_unpacked(tensors["test.files"]),
        smallest=_size(about["smallest"]),
        largest=_size(about["largest"]),
    )


def _size(size: Sequence[int] | None) -> tuple[int, int] | None:
    return None if size is None else (size[0], size[1])
