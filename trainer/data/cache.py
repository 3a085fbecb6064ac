"""Keeps decoded datasets on disk, one file a folder and image size; used by `load_dataset`.

A cache only saves time: whatever is wrong with it is logged, and the dataset is read again.
"""

import hashlib
import json
import logging
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.errors import StorageError
from trainer.progress import Progress
from trainer.storage import write_atomically

logger = logging.getLogger("trainer.data")

FORMAT_VERSION = 1
TENSORS = ("train.images", "train.labels", "test.images", "test.labels")


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

    def load(self, progress: Progress) -> Dataset | None:
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

    def _load(self, progress: Progress) -> Dataset | None:
        with safe_open(self.path, framework="pt") as file:
            about = json.loads((file.metadata() or {})["dataset"])
            if (about["version"], about["fingerprint"]) != (FORMAT_VERSION, self.fingerprint):
                return None
            # Copied, as the file may be replaced while it is still mapped.
            tensors = {name: file.get_tensor(name).clone() for name in TENSORS}
        progress.check()
        dataset = _dataset(tensors, about)
        if about["checksum"] != _checksum(dataset):
            raise ValueError("wrong checksum")
        progress.check()
        return dataset

    def _write(self, dataset: Dataset, path: Path) -> None:
        save_file(_tensors(dataset), path, self._metadata(dataset))

    def _metadata(self, dataset: Dataset) -> dict[str, str]:
        about = {
            "version": FORMAT_VERSION,
            "fingerprint": self.fingerprint,
            "source": self.source,
            "name": dataset.name,
            "classes": dataset.classes,
            "unreadable": [[str(file.path), file.reason] for file in dataset.unreadable],
            "checksum": _checksum(dataset),
        }
        return {"dataset": json.dumps(about)}


def _tensors(dataset: Dataset) -> dict[str, torch.Tensor]:
    train, test = dataset.train, dataset.test
    tensors = (train.images, train.labels, test.images, test.labels)
    return dict(zip(TENSORS, tensors, strict=True))


def _checksum(dataset: Dataset) -> int:
    return dataset.test.checksum(dataset.train.checksum())


def _dataset(tensors: dict[str, torch.Tensor], about: dict[str, Any]) -> Dataset:
    return Dataset(
        train=Split(images=tensors["train.images"], labels=tensors["train.labels"]),
        test=Split(images=tensors["test.images"], labels=tensors["test.labels"]),
        classes=tuple(about["classes"]),
        name=about["name"],
        unreadable=tuple(
            UnreadableFile(path=Path(path), reason=reason) for path, reason in about["unreadable"]
        ),
    )
