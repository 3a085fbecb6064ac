"""The published CIFAR-10 files: binary records and restricted pickles."""

import hashlib
import os
import pickle
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainer.data.dataset_files import BATCHES, RECORDS, records, write_binary
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.cifar_files import PythonFiles
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.errors import DataError
from trainer.progress import ProgressReporter


class Bomb:
    """Creates a folder when unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def write_pickles(folder: Path) -> dict[str, str]:
    """Returns the checksums."""
    folder.mkdir(parents=True)
    for seed, name in enumerate(BATCHES):
        pixels, labels = records(seed)
        batch = {b"data": pixels, b"labels": labels, b"batch_label": b"a batch"}
        (folder / name).write_bytes(pickle.dumps(batch, protocol=3))
    return checksums(folder)


def checksums(folder: Path) -> dict[str, str]:
    return {
        name: hashlib.md5((folder / name).read_bytes(), usedforsecurity=False).hexdigest()
        for name in BATCHES
    }


def check_content(dataset: Dataset) -> None:
    assert (dataset.name, dataset.classes) == ("cifar10", CIFAR10_CLASSES)
    assert (len(dataset.train), len(dataset.test)) == (5 * RECORDS, RECORDS)
    pixels, labels = records(5)
    assert np.array_equal(dataset.test.images.numpy().reshape(-1, 3072), pixels)
    assert dataset.test.labels.tolist() == labels
    pixels, _ = records(1)
    assert np.array_equal(dataset.train.images[RECORDS].numpy().ravel(), pixels[0])


@pytest.mark.parametrize("given", [".", ".."], ids=["the folder itself", "the folder around it"])
def test_binary_batches_are_read(tmp_path: Path, given: str) -> None:
    folder = write_binary(tmp_path / "data" / "cifar-10-batches-bin")
    check_content(load_dataset(str(folder / given), cache_dir=tmp_path / "cache"))


def test_batches_are_resized_on_demand(tmp_path: Path) -> None:
    folder = write_binary(tmp_path / "cifar-10-batches-bin")
    dataset = load_dataset(str(folder), cache_dir=tmp_path / "cache", image_size=8)
    assert dataset.train.images.shape == (5 * RECORDS, 3, 8, 8)


def test_a_missing_batch_is_named(tmp_path: Path) -> None:
    folder = write_binary(tmp_path / "cifar-10-batches-bin")
    (folder / "data_batch_4.bin").unlink()
    with pytest.raises(DataError, match=r"data_batch_4\.bin is missing"):
        load_dataset(str(folder), cache_dir=tmp_path / "cache")


@pytest.mark.parametrize("content", [b"", b"\0" * 3072, b"\x0a" * 3073])
def test_a_damaged_batch_is_named(tmp_path: Path, content: bytes) -> None:
    folder = write_binary(tmp_path / "cifar-10-batches-bin")
    (folder / "test_batch.bin").write_bytes(content)
    with pytest.raises(DataError, match=r"test_batch\.bin is damaged"):
        load_dataset(str(folder), cache_dir=tmp_path / "cache")


def test_pickled_batches_with_the_right_checksums_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    form = PythonFiles(folder=folder, checksums=write_pickles(folder))
    check_content(form.read(32, ProgressReporter()))


def test_pickles_as_python_2_wrote_them_are_read(tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    write_pickles(folder)
    for name in BATCHES:
        modern = (folder / name).read_bytes()
        (folder / name).write_bytes(modern.replace(b"numpy._core.", b"numpy.core."))
    form = PythonFiles(folder=folder, checksums=checksums(folder))
    check_content(form.read(32, ProgressReporter()))


@pytest.mark.parametrize("given", [".", ".."], ids=["the folder itself", "the folder around it"])
def test_a_pickle_with_another_checksum_is_never_opened(tmp_path: Path, given: str) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    write_pickles(folder)
    (folder / "data_batch_1").write_bytes(pickle.dumps(Bomb(tmp_path / "exploded")))
    with pytest.raises(DataError, match="checksum"):
        load_dataset(str(folder / given), cache_dir=tmp_path / "cache")
    assert not (tmp_path / "exploded").exists()


def test_even_a_trusted_pickle_runs_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    write_pickles(folder)
    (folder / "data_batch_1").write_bytes(pickle.dumps(Bomb(tmp_path / "exploded")))
    with pytest.raises(DataError, match="damaged") as caught:
        PythonFiles(folder=folder, checksums=checksums(folder)).read(32, ProgressReporter())
    assert "mkdir" in caught.value.details
    assert not (tmp_path / "exploded").exists()


@pytest.mark.parametrize(
    "batch",
    [
        {b"data": np.zeros((2, 3072), np.float32), b"labels": [0, 1]},
        {b"data": np.zeros((2, 3072), np.uint8), b"labels": [0]},
        {b"data": np.zeros((1, 3072), np.uint8), b"labels": [10]},
        {b"labels": [0]},
        [1, 2],
    ],
)
def test_a_pickle_of_something_else_is_refused(tmp_path: Path, batch: object) -> None:
    folder = tmp_path / "cifar-10-batches-py"
    write_pickles(folder)
    (folder / "data_batch_2").write_bytes(pickle.dumps(batch, protocol=3))
    with pytest.raises(DataError, match="data_batch_2"):
        PythonFiles(folder=folder, checksums=checksums(folder)).read(32, ProgressReporter())


def test_labels_have_the_promised_type(tmp_path: Path) -> None:
    folder = write_binary(tmp_path / "cifar-10-batches-bin")
    dataset = load_dataset(str(folder), cache_dir=tmp_path / "cache")
    assert dataset.train.labels.dtype == torch.int64
