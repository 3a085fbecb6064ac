"""CIFAR-10 as it is published, in its binary and its Python version; used by `load_dataset`.

The Python version consists of pickles, and a pickle can run any program. Here nothing is unpickled
before its checksum has shown it to be the published file; and the unpickler knows arrays only.
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

from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.dataset import Dataset, Split
from trainer.data.decoding import READING, resize_all
from trainer.data.scan import fingerprint, read_bytes, stamp_file
from trainer.errors import DataError
from trainer.progress import ProgressReporter

Pixels = npt.NDArray[np.uint8]
Labels = npt.NDArray[np.int64]
Batch = tuple[Pixels, Labels]
"""uint8 of shape [N, 3, 32, 32], and int64 of shape [N]."""

TRAIN_BATCHES = tuple(f"data_batch_{number}" for number in range(1, 6))
TEST_BATCH = "test_batch"
BATCHES = (*TRAIN_BATCHES, TEST_BATCH)

PICTURE_SIZE = 32, 32
PICTURE_BYTES = 3 * 32 * 32
RECORD_BYTES = 1 + PICTURE_BYTES

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
"""Of the published Python version; `batches.meta` is not here because nothing opens it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryFiles:
    """`cifar-10-batches-bin`: records of a label byte and 3,072 pixel bytes.

    Attributes:
        folder: Where the six files lie.
    """

    folder: Path

    def fingerprint(self) -> str:
        """Changes when any of the files does.

        Raises:
            DataError: If one is missing.
        """
        return fingerprint(stamp_file(self.folder / f"{name}.bin") for name in BATCHES)

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read every file.

        Raises:
            DataError: If one is missing or damaged.
            Cancelled: If the person asked to stop.
        """
        paths = [self.folder / f"{name}.bin" for name in BATCHES]
        return assemble((parse_binary(read_bytes(path), path) for path in paths), size, progress)


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonFiles:
    """`cifar-10-batches-py`: pickles with a list of labels and an array of pixels.

    Attributes:
        folder: Where the six files lie.
        checksums: The MD5 sum that each must have, by file name.
    """

    folder: Path
    checksums: Mapping[str, str] = field(default_factory=lambda: PYTHON_MD5)

    def fingerprint(self) -> str:
        """Changes when any of the files does.

        Raises:
            DataError: If one is missing.
        """
        return fingerprint(stamp_file(self.folder / name) for name in BATCHES)

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Verify and read every file.

        Raises:
            DataError: If one is missing, or is not the published one.
            Cancelled: If the person asked to stop.
        """
        return assemble((self._batch(self.folder / name) for name in BATCHES), size, progress)

    def _batch(self, path: Path) -> Batch:
        content = read_bytes(path)
        if hashlib.md5(content, usedforsecurity=False).hexdigest() != self.checksums[path.name]:
            raise DataError(
                f"{path} is not the file that was published: its checksum differs. It was not "
                "opened, as such a file can run any program. Download CIFAR-10 again, or use the "
                "binary version."
            )
        return _parse_python(content, path)


def assemble(batches: Iterable[Batch], size: int, progress: ProgressReporter) -> Dataset:
    """Make a dataset of batches, of which the last is the test batch.

    Raises:
        Cancelled: If the person asked to stop.
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
        smallest=PICTURE_SIZE,
        largest=PICTURE_SIZE,
    )


def parse_binary(content: bytes, path: Path) -> Batch:
    """Cut the content of a binary batch into pixels and labels.

    Args:
        content: Records of one label byte and 3,072 pixel bytes.
        path: Named where something is wrong.

    Raises:
        DataError: If the content is damaged.
    """
    if not content or len(content) % RECORD_BYTES:
        raise DataError(
            f"{path} is damaged: {len(content):,} bytes are no whole number of CIFAR-10 records. "
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
    if pixels.dtype != np.uint8 or pixels.shape != (len(labels), PICTURE_BYTES):
        raise DataError(f"{path} holds something else than CIFAR-10. Download CIFAR-10 again.")
    return _checked(pixels, labels, path)


def _checked(pixels: Pixels, labels: Labels, path: Path) -> Batch:
    if labels.min() < 0 or labels.max() >= len(CIFAR10_CLASSES):
        raise DataError(
            f"{path} is damaged: it has labels other than 0 to 9. Download CIFAR-10 again."
        )
    return pixels.reshape(-1, 3, 32, 32), labels


def _split(batches: list[Batch], size: int, progress: ProgressReporter) -> Split:
    pixels = np.concatenate([pixels for pixels, _ in batches])
    labels = np.concatenate([labels for _, labels in batches])
    resized = resize_all(pixels, size, progress)
    return Split(images=torch.from_numpy(resized), labels=torch.from_numpy(labels))


class _ArrayUnpickler(pickle.Unpickler):
    """Builds numbers, texts, lists, dictionaries and arrays; nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == ("numpy", "ndarray"):
            return np.ndarray
        if (module, name) == ("numpy", "dtype"):
            return _dtype
        if module in {"numpy.core.multiarray", "numpy._core.multiarray"} and name == "_reconstruct":
            return _empty_array
        raise pickle.UnpicklingError(f"asks for {module}.{name}")


def _dtype(name: str | bytes, align: int = 0, copy: int = 1) -> "np.dtype[Any]":
    # numpy itself warns of the integers that old pickles pass here.
    text = name.decode("ascii") if isinstance(name, bytes) else name
    return np.dtype(text, align=bool(align), copy=bool(copy))


def _empty_array(_kind: type, shape: tuple[int, ...], _typecode: bytes) -> npt.NDArray[Any]:
    return np.ndarray(shape, np.uint8)
