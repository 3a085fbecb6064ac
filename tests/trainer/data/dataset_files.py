"""Small datasets for the tests of `trainer.data`."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.errors import DataError

CLASSES = ("cat", "dog")
RECORDS = 20
BATCHES = (*(f"data_batch_{number}" for number in range(1, 6)), "test_batch")


def draw(path: Path, value: int = 0, size: tuple[int, int] = (32, 32)) -> Path:
    """An image identified by its red channel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, (value, 100, 200)).save(path)
    return path


def draw_split_folders(folder: Path, classes: tuple[str, ...] = ("cat", "dog")) -> Path:
    """Three training and two test images per class."""
    for label, name in enumerate(classes):
        for index in range(3):
            draw(folder / "train" / name / f"{index}.png", 10 * label + index)
        for index in range(2):
            draw(folder / "test" / name / f"{index}.png", 100 + 10 * label + index)
    return folder


def records(seed: int) -> tuple[npt.NDArray[np.uint8], list[int]]:
    """Random pixels of shape [RECORDS, 3072], with labels."""
    pixels = np.random.default_rng(seed).integers(0, 256, (RECORDS, 3072), np.uint8)
    return pixels, [(seed + index) % 10 for index in range(RECORDS)]


def binary_batch(seed: int) -> bytes:
    pixels, labels = records(seed)
    return np.hstack([np.array(labels, np.uint8)[:, None], pixels]).tobytes()


def write_binary(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for seed, name in enumerate(BATCHES):
        (folder / f"{name}.bin").write_bytes(binary_batch(seed))
    return folder


class Drawing:
    """Draws pictures that all differ, and loads the folder."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache, self.drawn = folder, folder.parent / "cache", 0

    def pictures(self, place: str, count: int = 3) -> None:
        for index in range(count):
            self.drawn += 1
            draw(self.folder / place / f"{index}.png", self.drawn)

    def classes(self, place: str, count: int = 3, names: tuple[str, ...] = CLASSES) -> None:
        for name in names:
            self.pictures(f"{place}/{name}", count)

    def table(self, name: str, *lines: str) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / name).write_text("\n".join(lines), encoding="utf-8")

    def load(self, *, for_training: bool = True) -> Dataset:
        return load_dataset(str(self.folder), cache_dir=self.cache, for_training=for_training)

    def refusal(self) -> str:
        with pytest.raises(DataError) as caught:
            self.load()
        return caught.value.message
