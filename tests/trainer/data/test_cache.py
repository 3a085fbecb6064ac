"""The cache only saves time: whatever happens to it, the dataset is correct."""

import logging
import os
import sys
from pathlib import Path

import pytest
import torch

from tests.trainer.data.dataset_files import draw, draw_split_folders, write_binary
from trainer.cancellation import CancelToken
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.errors import Cancelled

BROKEN = "broken \udcff.png" if sys.platform == "linux" else "broken.png"
ODD = "图片, \n\udcff.png" if sys.platform == "linux" else "图片, ü.png"
"""Elsewhere every file name is Unicode."""


BESIDE_IMAGES = (
    "name", "classes", "unreadable", "train_files", "test_files", "smallest", "largest"
)  # fmt: skip


class Loader:
    """Loads a folder through a cache, and records whether it had to decode."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.cache = cache
        self.decoded = False

    def __call__(self, size: int = 32) -> Dataset:
        self.decoded = False
        return load_dataset(
            str(self.folder), cache_dir=self.cache, image_size=size, on_progress=self._listen
        )

    def _listen(self, what: str, _done: int, _total: int | None) -> None:
        self.decoded = self.decoded or what == "Reading images"

    def cached(self) -> Path:
        (path,) = self.cache.iterdir()
        return path


@pytest.fixture
def load(tmp_path: Path) -> Loader:
    return Loader(draw_split_folders(tmp_path / "Zoë"), tmp_path / "cache" / "deep")


def same(first: Dataset, second: Dataset) -> bool:
    return (
        torch.equal(first.train.images, second.train.images)
        and torch.equal(first.train.labels, second.train.labels)
        and torch.equal(first.test.images, second.test.images)
        and torch.equal(first.test.labels, second.test.labels)
        and all(getattr(first, name) == getattr(second, name) for name in BESIDE_IMAGES)
    )


def test_a_second_load_decodes_nothing_and_is_the_same(load: Loader) -> None:
    (load.folder / "train" / "cat" / BROKEN).write_bytes(b"broken")
    draw(load.folder / "train" / "cat" / ODD, 50, (90, 60))
    first = load()
    assert load.decoded
    assert len(first.train_files) == 7
    assert first.largest == (90, 60)
    second = load()
    assert not load.decoded
    assert len(second.unreadable) == 1
    assert same(first, second)


def test_each_folder_has_one_cache_file_per_size(load: Loader) -> None:
    load()
    draw(load.folder / "train" / "cat" / "new.png", 77)
    load()
    assert load.cached().suffix == ".safetensors"
    load(16)
    assert len(list(load.cache.iterdir())) == 2
    load()
    assert not load.decoded


def add(folder: Path) -> None:
    draw(folder / "new.png", 77)


def remove(folder: Path) -> None:
    (folder / "0.png").unlink()


def rename(folder: Path) -> None:
    (folder / "0.png").rename(folder / "00.png")


def overwrite(folder: Path) -> None:
    status = (folder / "0.png").stat()
    draw(folder / "0.png", 77)
    os.utime(folder / "0.png", ns=(status.st_atime_ns, status.st_mtime_ns + 1))


@pytest.mark.parametrize("change", [add, remove, rename, overwrite])
def test_a_changed_folder_is_read_again(load: Loader, change: object) -> None:
    load()
    assert callable(change)
    change(load.folder / "train" / "cat")
    dataset = load()
    assert load.decoded
    reds = dataset.train.images[:, 0, 0, 0].tolist()
    assert (77 in reds) == (change in {add, overwrite})


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-100])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def flip_a_pixel(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-2000] ^= 1
    path.write_bytes(content)


def flip_a_name(path: Path) -> None:
    content = path.read_bytes()
    assert content.count(b"test/dog/1.png") == 1
    path.write_bytes(content.replace(b"test/dog/1.png", b"test/dog/7.png"))


def replace_by_text(path: Path) -> None:
    path.write_text("nothing of ours" * 100)


@pytest.mark.parametrize("damage", [truncate, empty, flip_a_pixel, flip_a_name, replace_by_text])
def test_a_damaged_cache_is_logged_and_recreated(
    load: Loader, damage: object, caplog: pytest.LogCaptureFixture
) -> None:
    first = load()
    assert callable(damage)
    damage(load.cached())
    assert same(first, load())
    assert load.decoded
    assert "damaged" in caplog.text
    load()
    assert not load.decoded


def test_images_that_are_not_files_are_cached_too(tmp_path: Path) -> None:
    loader = Loader(write_binary(tmp_path / "published"), tmp_path / "cache")
    first = loader()
    assert (first.train_files, first.test_files, first.largest) == ((), (), (32, 32))
    assert same(first, loader())
    assert not loader.decoded


def test_a_cache_of_an_earlier_program_is_recreated_in_silence(
    load: Loader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with monkeypatch.context() as earlier:
        earlier.setattr("trainer.data.cache.FORMAT_VERSION", 1)
        load()
    load()
    assert load.decoded
    assert caplog.text == ""
    load()
    assert not load.decoded


def test_a_cache_that_cannot_be_written_is_logged_only(
    load: Loader, caplog: pytest.LogCaptureFixture
) -> None:
    load.cache.parent.write_text("a file where the folder should be")
    with caplog.at_level(logging.WARNING, "trainer.data"):
        dataset = load()
    assert len(dataset.train) == 6
    assert "could not be cached" in caplog.text


def test_a_failed_write_leaves_nothing(
    load: Loader, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_tensors: object, path: Path, _metadata: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("trainer.data.cache.save_file", fail)
    load()
    assert list(load.cache.iterdir()) == []
    assert "could not be cached" in caplog.text


def test_the_default_place_is_the_users_cache(
    load: Loader, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name, **_: tmp_path / "user" / name)
    load_dataset(str(load.folder))
    assert len(list((tmp_path / "user" / "cifar-desktop" / "datasets").iterdir())) == 1


def test_a_token_that_is_cancelled_already_stops_at_once(load: Loader) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        load_dataset(str(load.folder), cache_dir=load.cache, token=token)
