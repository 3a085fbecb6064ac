"""A disk cache of decoded datasets, one file per dataset and image size; used by `load_dataset`.

The cache only saves time: any problem with it is logged, and the dataset is read again.
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

import msgspec
import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from trainer.data.dataset import Dataset, NoneImages, Split, UnreadableFile
from trainer.errors import StorageError
from trainer.events.command_events import DatasetNote
from trainer.files.atomic_write import write_atomically
from trainer.progress import ProgressReporter

logger = logging.getLogger("trainer.data")

FORMAT_VERSION = 5
TENSORS = tuple(
    f"{split}.{part}"
    for split in ("train", "test", "validation")
    for part in ("images", "labels", "files")
) + tuple(
    f"none.{split}.{part}"
    for split in ("train", "validation", "test")
    for part in ("images", "files")
)
END_OF_NAME = "\0"
"""No file name can contain it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CacheEntry:
    """The cache file of one dataset.

    Attributes:
        folder: The cache folder.
        source: What identifies the dataset permanently, such as its resolved path.
        image_size: Side length of its images in pixels.
        fingerprint: Changes whenever the dataset does; an entry with a different one is replaced.
    """

    folder: Path
    source: str
    image_size: int
    fingerprint: str

    @property
    def path(self) -> Path:
        """The same for every version of a dataset, so that a new version replaces the old one."""
        key = hashlib.sha256(os.fsencode(self.source)).hexdigest()[:24]
        return self.folder / f"{key}-{self.image_size}.safetensors"

    def load(self, progress: ProgressReporter) -> Dataset | None:
        """The cached dataset, or None if there is none that matches and is intact.

        Raises:
            Cancelled: If the user stopped it.
        """
        try:
            return self._load(progress)
        except FileNotFoundError:
            return None
        except (OSError, SafetensorError, msgspec.ValidationError, LookupError, TypeError,
                ValueError) as error:  # fmt: skip
            logger.warning(
                "The cached dataset %s is damaged, so it is recreated: %r", self.path, error
            )
            return None

    def save(self, dataset: Dataset) -> None:
        """Save a dataset atomically."""
        try:
            write_atomically(self.path, lambda path: self._write(dataset, path))
        except (StorageError, SafetensorError) as error:
            logger.warning("The decoded dataset could not be cached in %s: %s", self.folder, error)

    def _load(self, progress: ProgressReporter) -> Dataset | None:
        with safe_open(self.path, framework="pt") as file:
            header = json.loads((file.metadata() or {})["dataset"])
            if (header["version"], header["fingerprint"]) != (FORMAT_VERSION, self.fingerprint):
                return None
            # Cloned, as the file may be replaced while it is still memory-mapped.
            tensors = {name: file.get_tensor(name).clone() for name in TENSORS}
        progress.check()
        if header["checksum"] != _checksum(tensors):
            raise ValueError("wrong checksum")
        progress.check()
        return _dataset(tensors, header)

    def _write(self, dataset: Dataset, path: Path) -> None:
        tensors = _tensors(dataset)
        save_file(tensors, path, self._metadata(dataset, _checksum(tensors)))

    def _metadata(self, dataset: Dataset, checksum: int) -> dict[str, str]:
        header = {
            "version": FORMAT_VERSION,
            "fingerprint": self.fingerprint,
            "source": self.source,
            "name": dataset.name,
            "classes": dataset.classes,
            "unreadable": [[str(file.path), file.reason] for file in dataset.unreadable],
            "smallest": dataset.smallest,
            "largest": dataset.largest,
            "none_test_is_drawn": dataset.none is not None and dataset.none.test_is_drawn,
            "notes": msgspec.to_builtins(dataset.notes),
            "checksum": checksum,
        }
        return {"dataset": json.dumps(header)}


def _tensors(dataset: Dataset) -> dict[str, torch.Tensor]:
    train, test = dataset.train, dataset.test
    # An empty validation split stands for none.
    validation = dataset.validation or Split(images=train.images[:0], labels=train.labels[:0])
    none = dataset.none or NoneImages.empty(train.images.size(-1))
    tensors = (
        train.images, train.labels, _pack_names(dataset.train_files),
        test.images, test.labels, _pack_names(dataset.test_files),
        validation.images, validation.labels, _pack_names(dataset.validation_files),
        none.train, _pack_names(none.train_files),
        none.validation, _pack_names(none.validation_files),
        none.test, _pack_names(none.test_files),
    )  # fmt: skip
    return dict(zip(TENSORS, tensors, strict=True))


def _pack_names(names: Sequence[str]) -> torch.Tensor:
    """Names as uint8: a hundred thousand of them would exceed the size limit of the header."""
    text = "".join(name + END_OF_NAME for name in names)
    # File names need not be valid Unicode.
    content = bytearray(text.encode(errors="surrogatepass"))
    return torch.from_numpy(np.frombuffer(content, np.uint8))


def _unpack_names(names: torch.Tensor) -> tuple[str, ...]:
    text = names.numpy().tobytes().decode(errors="surrogatepass")
    return tuple(text.split(END_OF_NAME)[:-1])


def _checksum(tensors: dict[str, torch.Tensor]) -> int:
    return reduce(lambda before, name: zlib.crc32(tensors[name].numpy().data, before), TENSORS, 0)


def _dataset(tensors: dict[str, torch.Tensor], header: dict[str, Any]) -> Dataset:
    train, test, validation = (
        Split(images=tensors[f"{name}.images"], labels=tensors[f"{name}.labels"])
        for name in ("train", "test", "validation")
    )
    return Dataset(
        train=train,
        test=test,
        classes=tuple(header["classes"]),
        name=header["name"],
        unreadable=tuple(
            UnreadableFile(path=Path(path), reason=reason) for path, reason in header["unreadable"]
        ),
        train_files=_unpack_names(tensors["train.files"]),
        test_files=_unpack_names(tensors["test.files"]),
        validation=validation if len(validation) else None,
        validation_files=_unpack_names(tensors["validation.files"]),
        smallest=_size(header["smallest"]),
        largest=_size(header["largest"]),
        none=_none(tensors, header),
        notes=msgspec.convert(header["notes"], tuple[DatasetNote, ...]),
    )


def _none(tensors: dict[str, torch.Tensor], header: dict[str, Any]) -> NoneImages | None:
    none = NoneImages(
        train=tensors["none.train.images"],
        validation=tensors["none.validation.images"],
        test=tensors["none.test.images"],
        train_files=_unpack_names(tensors["none.train.files"]),
        validation_files=_unpack_names(tensors["none.validation.files"]),
        test_files=_unpack_names(tensors["none.test.files"]),
        test_is_drawn=header["none_test_is_drawn"],
    )
    return none if any(none.counts) else None


def _size(size: Sequence[int] | None) -> tuple[int, int] | None:
    return None if size is None else (size[0], size[1])
