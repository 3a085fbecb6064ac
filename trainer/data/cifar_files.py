"""The published CIFAR-10 files, in the binary and the Python version; used by `load_dataset`.

The Python version consists of pickles, and a pickle can run any code. Nothing is unpickled before
its checksum matches the published file, and the unpickler accepts only arrays.
"""

import hashlib
import io
import pickle
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGE_SIZE, CIFAR10_VALUES
from trainer.data.dataset import Dataset, Split
from trainer.data.decoding import READING, resize_all
from trainer.data.scan import fingerprint, read_bytes, stamp_file
from trainer.errors import DataError
from trainer.images.preprocess import Pixels
from trainer.progress import ProgressReporter

Labels = npt.NDArray[np.int64]
Batch = tuple[Pixels, Labels]
"""Images, uint8 of shape [N, 3, 32, 32], and labels, int64 of shape [N]."""

TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_BATCH = "test_batch"
BATCHES = (*TRAIN_BATCHES, TEST_BATCH)

RECORD_BYTES = 1 + CIFAR10_VALUES

PYTHON_MD5: Mapping[str, str] = MappingProxyType(
    {
        "data_batch_1": "c99cafc152244af753f735de768cd75f",
        "data_batch_2": "d4bba439e000b95fd0a9bffe97cbabec",
        "data_batch_3": "54ebc095f3ab1f0389bbae665268c751",
        "data_batch_4": "634d18415352ddfa80567beed471001a",
        "data_batch_5": "482c414d41f54cd18b22e5b47cb7c3cb",
        "test_batch": "40351d587109b95175f43aff81a1287e",
    }
)
"""Checksums of the published Python version, without `batches.meta`, which is never opened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryFiles:
    """`cifar-10-batches-bin`: records of one label byte and 3,072 pixel bytes.

    Attributes:
        folder: Folder of the six files.
    """

    folder: Path

    def fingerprint(self) -> str:
        """Changes whenever any of the files does.

        Raises:
            DataError: If a file is missing.
        """
        return fingerprint(stamp_file(self.folder / f"{name}.bin") for name in BATCHES)

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read all six files.

        Raises:
            DataError: If a file is missing or damaged.
            Cancelled: If the user stopped it.
        """
        paths = [self.folder / f"{name}.bin" for name in BATCHES]
        return assemble((parse_binary(read_bytes(path), path) for path in paths), size, progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonFiles:
    """`cifar-10-batches-py`: pickles with a list of labels and an array of pixels.

    Attributes:
        folder: Folder of the six files.
        checksums: Expected MD5 checksums, by file name.
    """

    folder: Path
    checksums: Mapping[str, str] = field(default_factory=lambda: PYTHON_MD5)

    def fingerprint(self) -> str:
        """Changes whenever any of the files does.

        Raises:
            DataError: If a file is missing.
        """
        return fingerprint(stamp_file(self.folder / name) for name in BATCHES)

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Verify and read all six files.

        Raises:
            DataError: If a file is missing, or is not the published one.
            Cancelled: If the user stopped it.
        """
        return assemble((self._batch(self.folder / name) for name in BATCHES), size, progress)

    def _batch(self, path: Path) -> Batch:
        content = read_bytes(path)
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != self.checksums[path.name]:
            raise DataError(
                f"{path} is not the published file: its checksum differs. It was not opened, as "
                "such a file can run any code. Download CIFAR-10 again, or use the binary version."
            )
        return _parse_python(content, path)


def assemble(batches: Iterable[Batch], size: int, progress: ProgressReporter) -> Dataset:
    """Combine batches, the last of which is the test batch, into a dataset.

    Raises:
        Cancelled: If the user stopped it.
    """
    progress.report(READING, 0, None)
    read: list[Batch] = []
    for batch in batches:
        read.append(batch)
        progress.report(READING, sum(len(labels) for _, labels in read), None)
    return Dataset(
        train=_split(read[:-1], size, progress),
        test=_split(read[-1:], size, progress),
        classes=CIFAR10_CLASSES,
        name="cifar10",
        smallest=CIFAR10_IMAGE_SIZE,
        largest=CIFAR10_IMAGE_SIZE,
    )


def parse_binary(content: bytes, path: Path) -> Batch:
    """Parse a binary batch.

    Args:
        content: Records of one label byte and 3,072 pixel bytes.
        path: Path to name in error messages.

    Raises:
        DataError: If the content is damaged.
    """
    if not content or len(content) % RECORD_BYTES:
        raise DataError(
            f"{path} is damaged: {len(content):,} bytes are not a multiple of a CIFAR-10 record. "
            "Download CIFAR-10 again."
        )
    records = np.frombuffer(content, np.uint8).reshape(-1, RECORD_BYTES)
    return _checked(records[:, 1:], records[:, 0].astype(np.int64), path)


def _parse_python(content: bytes, path: Path) -> Batch:
    try:
        batch = _ArrayUnpickler(io.BytesIO(content), encoding="bytes").load()
        pixels, labels = np.asarray(batch[b"data"]), np.asarray(batch[b"labels"], np.int64)
    except (pickle.UnpicklingError, LookupError, TypeError, ValueError, EOFError) as error:
        raise DataError(
            f"{path} is damaged. Download CIFAR-10 again.", details=repr(error)
        ) from error
    if pixels.dtype != np.uint8 or pixels.shape != (len(labels), CIFAR10_VALUES):
        raise DataError(f"{path} does not contain CIFAR-10. Download CIFAR-10 again.")
    return _checked(pixels, labels, path)


def _checked(pixels: Pixels, labels: Labels, path: Path) -> Batch:
    if labels.min() < 0 or labels.max() >= len(CIFAR10_CLASSES):
        raise DataError(
            f"{path} is damaged: it contains labels outside 0 to 9. Download CIFAR-10 again."
        )
    return pixels.reshape(-1, 3, 32, 32), labels


def _split(batches: list[Batch], size: int, progress: ProgressReporter) -> Split:
    pixels = np.concatenate([pixels for pixels, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    resized = resize_all(pixels, size, progress)
    return Split(images=torch.from_numpy(resized), labels=torch.from_numpy(labels))


class _ArrayUnpickler(pickle.Unpickler):
    """Builds numbers, strings, lists, dictionaries and arrays; nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy", "dtype"):
            return _dtype
        if module in {"numpy.core.multiarray", "numpy._core.multiarray"} and name == "_reconstruct":
            return _empty_array
        raise pickle.UnpicklingError(f"not allowed: {module}.{name}")


def _dtype(name: str | bytes, align: int = 0, copy: int = 1) -> "np.dtype[Any]":
    # NumPy itself would warn about the integers that old pickles pass here.
    text = name.decode("ascii") if isinstance(name, bytes) else name
    return np.dtype(text, align=bool(align), copy=bool(copy))


def _empty_array(_kind: type, shape: tuple[int, ...], _typecode: bytes) -> npt.NDArray[Any]:
    return np.ndarray(shape, np.uint8)
