"""What is told of a dataset: counts, samples that are its images, files that were skipped."""

import base64
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch

from tests.trainer.tiny import tiny_dataset
from trainer.data import Dataset, Split, UnreadableFile
from trainer.describing import describe
from trainer.findings import DataDescribed


def pixels(event: DataDescribed) -> npt.NDArray[np.uint8]:
    side = event.image_size
    shape = event.sampled_classes, event.samples_per_class, side, side, 3
    return np.frombuffer(base64.b64decode(event.samples), np.uint8).reshape(shape)


def of_many_classes(count: int) -> Dataset:
    split = Split(images=torch.ones(count, 3, 8, 8, dtype=torch.uint8), labels=torch.arange(count))
    names = tuple(f"class {label}" for label in range(count))
    return Dataset(train=split, test=split, classes=names, name="many")


def test_samples_are_different_images_of_their_class() -> None:
    dataset = tiny_dataset()
    event = describe(dataset, 10)
    for label, row in enumerate(pixels(event)):
        members = dataset.train.images[dataset.train.labels == label].permute(0, 2, 3, 1)
        known = {image.numpy().tobytes() for image in members}
        shown = {image.tobytes() for image in row}
        assert len(shown) == 10
        assert shown <= known
    assert describe(dataset, 10).samples == event.samples


def test_counts_are_of_each_class() -> None:
    event = describe(tiny_dataset(121, 30), 1)
    assert event.train_counts == (41, 40, 40)
    assert event.test_counts == (10, 10, 10)
    assert (event.data, event.classes, event.image_size) == ("tiny", ("blue", "green", "red"), 32)


def test_a_class_with_few_images_is_filled_up_with_black() -> None:
    rows = pixels(describe(tiny_dataset(6), 5))
    assert rows[:, :2].any(axis=(2, 3, 4)).all()
    assert not rows[:, 2:].any()


def test_of_many_classes_the_first_are_sampled() -> None:
    event = describe(of_many_classes(60), 2)
    assert len(event.classes) == len(event.train_counts) == 60
    assert event.sampled_classes == 50
    assert pixels(event).shape == (50, 2, 8, 8, 3)


def test_skipped_files_are_named_and_counted() -> None:
    files = tuple(
        UnreadableFile(path=Path(f"cat/{number}\udcff.jpg"), reason="It is empty.")
        for number in range(130)
    )
    dataset = tiny_dataset()
    event = describe(
        Dataset(
            train=dataset.train, test=dataset.test, classes=dataset.classes, name="x",
            unreadable=files,
        ),
        1,
    )  # fmt: skip
    assert event.unreadable_count == 130
    assert len(event.unreadable) == 100
    assert event.unreadable[0].encode().startswith(b"cat")
    assert event.unreadable[0].endswith("0\ufffd.jpg: It is empty.")
