"""A small generated dataset and matching settings, for tests that train for real."""

from pathlib import Path
from typing import Any

import torch
from msgspec.structs import replace
from PIL import Image
from torch import Tensor

from trainer.config.recipes import sprint
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.models.model_file import ModelCard

CLASSES = ("blue", "green", "red")


def draw(count: int, seed: int) -> Split:
    """Tinted noise: each class has a color channel that is a little brighter."""
    generator = torch.Generator().manual_seed(seed)
    labels = torch.arange(count) % len(CLASSES)
    images = torch.randint(0, 160, (count, 3, 32, 32), generator=generator, dtype=torch.uint8)
    images[torch.arange(count), 2 - labels] += 60
    return Split(images=images, labels=labels)


def tiny_dataset(train: int = 120, test: int = 30) -> Dataset:
    return Dataset(train=draw(train, 1), test=draw(test, 2), classes=CLASSES, name="tiny")


def tiny_config(**changes: Any) -> TrainConfig:
    base = replace(sprint(), widths=(8, 8, 8), epochs=3, batch_size=32, micro_batch_size=16)
    return base.with_changes(
        {"validation_images": 24, "device": "cpu", "precision": "float32", **changes}
    )


def tiny_card(**changes: Any) -> ModelCard:
    """The card of an untrained network."""
    card = ModelCard(
        architecture="sprint-net",
        widths=(8, 8, 8),
        classes=CLASSES,
        input_size=32,
        mean=(0.4, 0.4, 0.4),
        std=(0.2, 0.2, 0.2),
        temperature=0.5,
        unknown_threshold=-100.0,
    )
    return replace(card, **changes)


def write_folder(folder: Path, split: Split) -> None:
    """Write images as PNG files, one folder per class."""
    for index, (image, label) in enumerate(zip(split.images, split.labels, strict=True)):
        path = folder / CLASSES[int(label)] / f"{index:04}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(image.permute(1, 2, 0).numpy()).save(path)


def write_dataset(folder: Path) -> Path:
    """Write the images of `tiny_dataset` to a folder to train on, and return it."""
    write_folder(folder / "train", draw(120, 1))
    write_folder(folder / "test", draw(30, 2))
    return folder


def same(first: dict[str, Tensor], second: dict[str, Tensor]) -> bool:
    """Whether two sets of tensors are bit-equal."""
    return first.keys() == second.keys() and all(
        torch.equal(first[name], second[name]) for name in first
    )
