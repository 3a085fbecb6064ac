"""The summary of a dataset: counts, samples, duplicates and skipped files."""

import base64
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch

from tests.trainer.tiny import tiny_dataset
from trainer.data.dataset import Dataset, Split, UnreadableFile
from trainer.data.inspection.summary import summarize
from trainer.events.codec import from_line, to_line
from trainer.events.command_events import DatasetInspected


def pixels(event: DatasetInspected) -> npt.NDArray[np.uint8]:
    side = event.image_size
    shape = event.sampled_classes, event.samples_per_class, side, side, 3
    return np.frombuffer(base64.b64decode(event.samples), np.uint8).reshape(shape)


def means(event: DatasetInspected) -> npt.NDArray[np.uint8]:
    side = event.image_size
    shape = event.sampled_classes, side, side, 3
    return np.frombuffer(base64.b64decode(event.means), np.uint8).reshape(shape)


def with_duplicates(**changes: Any) -> Dataset:
    """Test image 4 is training image 9; test image 5 is training image 1 of another class."""
    dataset = tiny_dataset()
    images, labels = dataset.test.images.clone(), dataset.test.labels.clone()
    images[4], labels[4] = dataset.train.images[9], dataset.train.labels[9]
    images[5], labels[5] = dataset.train.images[1], 2
    return replace(dataset, test=Split(images=images, labels=labels), **changes)


def names(folder: str, count: int) -> tuple[str, ...]:
    return tuple(f"{folder}/{number} \udcff.png" for number in range(count))


def of_many_classes(count: int) -> Dataset:
    split = Split(images=torch.ones(count, 3, 8, 8, dtype=torch.uint8), labels=torch.arange(count))
    names = tuple(f"class {label}" for label in range(count))
    return Dataset(train=split, test=split, classes=names, name="many")


def test_samples_are_different_images_of_their_class() -> None:
    dataset = tiny_dataset()
    event = summarize(dataset, 10)
    for label, row in enumerate(pixels(event)):
        members = dataset.train.images[dataset.train.labels == label].permute(0, 2, 3, 1)
        known = {image.numpy().tobytes() for image in members}
        shown = {image.tobytes() for image in row}
        assert len(shown) == 10
        assert shown <= known


def test_the_seed_decides_which_samples_are_drawn() -> None:
    dataset = tiny_dataset()
    event, same, other = (summarize(dataset, 10, seed) for seed in (0, 0, 1))
    assert event.samples == same.samples == summarize(dataset, 10).samples != other.samples
    assert (event.seed, other.seed) == (0, 1)
    assert event.means == other.means


def test_counts_are_of_each_class() -> None:
    event = summarize(tiny_dataset(121, 30), 1)
    assert event.train_counts == (41, 40, 40)
    assert event.test_counts == (10, 10, 10)
    assert (event.data, event.classes, event.image_size) == ("tiny", ("blue", "green", "red"), 32)


def test_a_class_with_few_images_is_filled_up_with_black() -> None:
    rows = pixels(summarize(tiny_dataset(6), 5))
    assert rows[:, :2].any(axis=(2, 3, 4)).all()
    assert not rows[:, 2:].any()


def test_the_mean_image_is_that_of_the_class() -> None:
    dataset = tiny_dataset(121)
    for label, mean in enumerate(means(summarize(dataset, 1))):
        members = dataset.train.images[dataset.train.labels == label].double()
        expected = members.mean(0).permute(1, 2, 0).numpy()
        assert np.abs(mean - expected).max() <= 0.5


def test_the_mean_image_of_a_class_without_images_is_black() -> None:
    dataset = tiny_dataset(2)  # of three classes
    shown = means(summarize(dataset, 1))
    assert np.array_equal(shown[0], dataset.train.images[0].permute(1, 2, 0).numpy())
    assert not shown[2].any()


def test_means_are_of_as_many_classes_as_samples() -> None:
    assert means(summarize(of_many_classes(60), 2)).tolist() == np.ones((50, 8, 8, 3)).tolist()


def test_original_sizes_are_reported_if_known() -> None:
    dataset = tiny_dataset()
    event = summarize(dataset, 1)
    assert event.smallest == event.largest == (32, 32)
    event = summarize(replace(dataset, smallest=(20, 60), largest=(4000, 3000)), 1)
    assert (event.smallest, event.largest) == ((20, 60), (4000, 3000))


def test_test_images_that_are_training_images_are_named() -> None:
    event = summarize(
        with_duplicates(train_files=names("train", 120), test_files=names("test", 30)), 1
    )
    assert event.duplicate_count == 2
    assert event.duplicates == (
        "test/4 \ufffd.png is identical to train/9 \ufffd.png",
        "test/5 \ufffd.png is identical to train/1 \ufffd.png, which is labeled green",
    )


def test_images_that_are_not_files_are_numbered_from_one() -> None:
    event = summarize(with_duplicates(), 1)
    assert event.duplicates == (
        "test image 5 is identical to training image 10",
        "test image 6 is identical to training image 2, which is labeled green",
    )


def test_one_pixel_makes_a_different_image() -> None:
    dataset = with_duplicates()
    dataset.test.images[4, 2, 31, 31] ^= 1
    assert summarize(dataset, 1).duplicate_count == 1
    assert summarize(tiny_dataset(), 1).duplicates == ()


def test_only_the_first_of_many_duplicates_are_listed() -> None:
    dataset = tiny_dataset(130)
    event = summarize(replace(dataset, test=dataset.train), 1)
    assert (event.duplicate_count, len(event.duplicates)) == (130, 100)


def test_of_several_equal_training_images_the_first_is_named() -> None:
    dataset = tiny_dataset()
    dataset.train.images[[50, 80]] = dataset.test.images[7]
    (sentence,) = summarize(dataset, 1).duplicates
    assert "test image 8 is identical to training image 51" in sentence


def test_equal_images_within_a_split_are_not_duplicates() -> None:
    split = Split(images=torch.ones(4, 3, 8, 8, dtype=torch.uint8), labels=torch.zeros(4).long())
    other = Split(images=split.images * 2, labels=split.labels)
    event = summarize(Dataset(train=split, test=other, classes=("a", "b"), name="x"), 1)
    assert event.duplicate_count == 0
    assert (event.train_counts, event.test_counts) == ((4, 0), (4, 0))


def test_a_large_dataset_fits_in_a_line_that_the_window_reads() -> None:
    event = summarize(replace(of_many_classes(1000), classes=("\udcff" * 200,) * 1000), 40)
    line = to_line(event)
    assert len(line) < 4_000_000
    assert from_line(line) == event


def test_of_many_classes_the_first_are_sampled() -> None:
    event = summarize(of_many_classes(60), 2)
    assert len(event.classes) == len(event.train_counts) == 60
    assert event.sampled_classes == 50
    assert pixels(event).shape == (50, 2, 8, 8, 3)


def test_skipped_files_are_named_and_counted() -> None:
    files = tuple(
        UnreadableFile(path=Path(f"cat/{number}\udcff.jpg"), reason="It is empty.")
        for number in range(130)
    )
    dataset = tiny_dataset()
    event = summarize(
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
