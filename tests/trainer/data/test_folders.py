"""Class folders: what is read, what is skipped, and the messages for invalid datasets."""

import os
import unicodedata
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from tests.trainer.data.dataset_files import draw, draw_split_folders
from tests.trainer.tiff_files import tiff
from trainer.cancellation import CancelToken
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.errors import Cancelled, ConfigError, DataError
from trainer.images.decode import decode_image

needs_links = pytest.mark.skipif(os.name == "nt", reason="Windows lets few people make links")


def load(folder: Path, tmp_path: Path, size: int = 32) -> Dataset:
    return load_dataset(str(folder), cache_dir=tmp_path / "cache", image_size=size)


def reds(images: torch.Tensor) -> list[int]:
    return sorted(images[:, 0, 0, 0].tolist())


def test_train_and_test_folders_become_two_splits(tmp_path: Path) -> None:
    dataset = load(draw_split_folders(tmp_path / "pets", ("dog", "cat")), tmp_path)
    assert (dataset.name, dataset.classes) == ("pets", ("cat", "dog"))
    assert (len(dataset.train), len(dataset.test)) == (6, 4)
    assert dataset.train.labels.tolist() == [0, 0, 0, 1, 1, 1]
    assert reds(dataset.test.images) == [100, 101, 110, 111]
    assert dataset.unreadable == ()


def test_images_are_planar_and_keep_their_pixels(tmp_path: Path) -> None:
    dataset = load(draw_split_folders(tmp_path / "pets"), tmp_path)
    images = dataset.train.images
    assert (images.dtype, images.shape[1:]) == (torch.uint8, (3, 32, 32))
    assert dataset.train.labels.dtype == torch.int64
    assert images.is_contiguous()
    assert images[0].amin((1, 2)).tolist() == images[0].amax((1, 2)).tolist() == [0, 100, 200]


@pytest.mark.parametrize("ending", ["jpg", "bmp", "webp", "gif", "tiff"])
def test_any_format_and_shape_is_squeezed_to_the_requested_size(
    tmp_path: Path, ending: str
) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    draw(folder / "train" / "cat" / f"wide.{ending}", 250, (60, 20))
    dataset = load(folder, tmp_path, size=16)
    assert dataset.train.images.shape == (7, 3, 16, 16)
    assert abs(reds(dataset.train.images)[-1] - 250) < 5


def test_files_of_few_bits_in_many_train_at_full_contrast(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    for bits in (10, 12, 14, 16):
        values = np.full((20, 30), 2**bits - 1, np.uint16)
        values[:, :15] = 2 ** (bits - 1)
        (folder / "train" / "cat" / f"{bits}.tiff").write_bytes(tiff(values, order=">"))
        Image.fromarray(values).save(folder / "train" / "cat" / f"{bits}.png")
    images = load(folder, tmp_path, size=16).train.images
    deep = images[(images[:, 0, 0, -1] == 255)]
    assert len(deep) == 8
    assert (deep[:, :, :, 0] - 128.0).abs().max() <= 1


def test_classes_alone_are_split_nine_to_one_in_each_class(tmp_path: Path) -> None:
    for index in range(20):
        draw(tmp_path / "pets" / "cat" / f"{index}.png", index)
        draw(tmp_path / "pets" / "dog" / f"{index}.png", 100 + index)
    dataset = load(tmp_path / "pets", tmp_path)
    assert dataset.train.labels.bincount().tolist() == [18, 18]
    assert dataset.test.labels.bincount().tolist() == [2, 2]
    assert not set(reds(dataset.train.images)) & set(reds(dataset.test.images))


def test_the_split_does_not_depend_on_the_order_of_the_file_system(tmp_path: Path) -> None:
    for folder, order in (("a", range(20)), ("b", reversed(range(20)))):
        for index in order:
            for label, name in enumerate(("cat", "dog")):
                draw(tmp_path / folder / name / f"{index}.png", 100 * label + index)
    first, second = load(tmp_path / "a", tmp_path), load(tmp_path / "b", tmp_path)
    assert torch.equal(first.test.images, second.test.images)
    assert torch.equal(first.train.images, second.train.images)


def test_images_are_called_as_their_files_are(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    (folder / "train" / "cat" / "1.png").write_bytes(b"no picture")
    dataset = load(folder, tmp_path)
    assert dataset.train_files == (
        "train/cat/0.png", "train/cat/2.png",
        "train/dog/0.png", "train/dog/1.png", "train/dog/2.png",
    )  # fmt: skip
    assert dataset.test_files == (
        "test/cat/0.png", "test/cat/1.png", "test/dog/0.png", "test/dog/1.png",
    )  # fmt: skip
    check_names(dataset, folder)


def test_names_stay_with_their_images_through_the_split(tmp_path: Path) -> None:
    folder = tmp_path / "pets"
    for index in range(20):
        for label, name in enumerate(("cat", "dog")):
            draw(folder / name / f"{index}.png", 100 * label + index)
    for name in ("cat/3.png", "dog/0.png"):
        (folder / name).write_bytes(b"no picture")
    dataset = load(folder, tmp_path)
    assert len({*dataset.train_files, *dataset.test_files}) == 38
    check_names(dataset, folder)


def check_names(dataset: Dataset, folder: Path) -> None:
    for split, names in ((dataset.train, dataset.train_files), (dataset.test, dataset.test_files)):
        assert len(names) == len(split)
        for image, label, name in zip(split.images, split.labels, names, strict=True):
            assert decode_image(folder / name).image.getpixel((0, 0)) == tuple(image[:, 0, 0])
            assert dataset.classes[label] in name


@pytest.mark.parametrize(
    ("sizes", "smallest", "largest"),
    [
        ([(60, 20), (40, 40), (20, 60), (300, 10)], (20, 60), (300, 10)),
        ([(50, 30), (30, 50)], (30, 50), (50, 30)),
        ([(32, 32)], (32, 32), (32, 32)),
    ],
)
def test_original_sizes_are_reported(
    tmp_path: Path, sizes: list[tuple[int, int]], smallest: object, largest: object
) -> None:
    for name in ("cat", "dog"):
        for index, size in enumerate((*sizes, sizes[0])):
            draw(tmp_path / "pets" / name / f"{index}.png", index, size)
    (tmp_path / "pets" / "cat" / "broken.png").write_bytes(b"no picture")
    dataset = load(tmp_path / "pets", tmp_path, size=16)
    assert (dataset.smallest, dataset.largest) == (smallest, largest)


def test_a_photo_is_as_large_as_it_is_before_it_is_reduced_and_turned(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (4000, 3000)).save(folder / "test" / "cat" / "photo.jpg", exif=exif)
    dataset = load(folder, tmp_path)
    assert (dataset.smallest, dataset.largest) == ((32, 32), (3000, 4000))


def test_an_unreadable_file_is_skipped_and_named(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    broken = folder / "train" / "cat" / "1.png"
    broken.write_bytes(broken.read_bytes()[:40])
    dataset = load(folder, tmp_path)
    assert [file.path for file in dataset.unreadable] == [broken]
    assert dataset.unreadable[0].reason
    assert reds(dataset.train.images) == [0, 2, 10, 11, 12]
    assert dataset.test.labels.tolist() == [0, 0, 1, 1]


@needs_links
def test_a_broken_link_is_named(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    dangling = folder / "test" / "dog" / "gone.png"
    dangling.symlink_to(tmp_path / "nowhere.png")
    assert [file.path for file in load(folder, tmp_path).unreadable] == [dangling]


def test_files_that_are_not_images_are_ignored(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    for name in ("Thumbs.db", ".DS_Store", "notes.TXT", ".hidden.png", "desktop.ini"):
        (folder / "train" / "cat" / name).write_bytes(b"x")
    (folder / "train" / ".git").mkdir()
    (folder / "train" / "__MACOSX").mkdir()
    dataset = load(folder, tmp_path)
    assert (len(dataset.train), dataset.unreadable) == (6, ())


@needs_links
def test_loops_of_links_do_not_hang(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    (folder / "train" / "cat" / "up").symlink_to(folder, target_is_directory=True)
    itself = folder / "train" / "dog" / "itself.png"
    itself.symlink_to(itself)
    (folder / "train" / "around").symlink_to(folder / "train" / "around")
    dataset = load(folder, tmp_path)
    assert [file.path for file in dataset.unreadable] == [itself]


def test_class_names_may_be_anything(tmp_path: Path) -> None:
    names = ("图片", "Zoë's & co", "e\u0301te\u0301")
    folder = draw_split_folders(tmp_path / "Ordner ü", names)
    # As if the test images had been extracted on another system.
    composed = unicodedata.normalize("NFC", names[2])
    (folder / "test" / names[2]).rename(folder / "test" / composed)
    dataset = load(folder, tmp_path)
    assert dataset.classes == tuple(sorted((*names[:2], composed)))
    assert dataset.name == "Ordner ü"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere does not exist"):
        load(tmp_path / "nowhere", tmp_path)


def test_a_file_is_not_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="is a file"):
        load(draw(tmp_path / "cat.png"), tmp_path)


@pytest.mark.parametrize("source", ["", "a\0b"])
def test_what_cannot_be_a_folder_is_refused(source: str, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        load_dataset(source, cache_dir=tmp_path / "cache")


def test_an_empty_folder_says_what_a_dataset_is(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="no folders of images"):
        load(tmp_path / "empty", tmp_path)


def test_one_class_is_too_few(tmp_path: Path) -> None:
    draw(tmp_path / "pets" / "cat" / "0.png")
    with pytest.raises(DataError, match="only one class, cat"):
        load(tmp_path / "pets", tmp_path)


def test_a_class_without_images_is_named(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    for picture in (folder / "test" / "dog").iterdir():
        picture.write_bytes(b"not a picture")
    with pytest.raises(DataError, match="test/dog"):
        load(folder, tmp_path)


def test_a_single_image_cannot_be_split(tmp_path: Path) -> None:
    for name in ("cat/0.png", "cat/1.png", "dog/0.png"):
        draw(tmp_path / "pets" / name)
    with pytest.raises(DataError, match=r"dog .* fewer than two"):
        load(tmp_path / "pets", tmp_path)


def test_train_and_test_must_have_a_class_in_common(tmp_path: Path) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    for name in ("cat", "dog"):
        (folder / "test" / name).rename(folder / "test" / f"{name} or wolf")
    with pytest.raises(DataError, match=r"cat, dog only in train .* cat or wolf, dog or wolf only"):
        load(folder, tmp_path)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("uint16", "2 pictures: … bits per channel, scaled to 8."),
        ("float32", "2 pictures: floating-point values up to …, scaled to 8 bits."),
        ("int32", "2 pictures: values from -32,768 to …, scaled to 8 bits."),
    ],
)
def test_what_was_assumed_about_pictures_is_said_with_their_names(
    tmp_path: Path, kind: str, text: str
) -> None:
    folder = draw_split_folders(tmp_path / "pets")
    for place, most in (("train/cat/a.tif", 4000), ("test/dog/b.tif", 900)):
        values = np.full((20, 30), most, kind)
        values[0] = -32768 if kind == "int32" else 300
        (folder / place).write_bytes(tiff(values))
    fresh, cached = load(folder, tmp_path), load(folder, tmp_path)
    assert fresh.notes == cached.notes
    (note,) = fresh.notes
    assert (note.severity, note.text) == ("info", text)
    assert set(note.names) == {"train/cat/a.tif", "test/dog/b.tif"}


def test_train_without_test_is_explained(tmp_path: Path) -> None:
    draw(tmp_path / "pets" / "train" / "cat" / "0.png")
    with pytest.raises(DataError, match="none named test"):
        load(tmp_path / "pets", tmp_path)


def test_a_folder_without_permission_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(path: Path) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    folder = draw_split_folders(tmp_path / "pets")
    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(DataError, match=r"No permission to read .*pets"):
        load(folder, tmp_path)


@pytest.mark.parametrize("size", [0, -1, 5000])
def test_an_invalid_size_is_refused(tmp_path: Path, size: int) -> None:
    with pytest.raises(ConfigError):
        load(tmp_path, tmp_path, size)


def test_progress_begins_and_ends(tmp_path: Path) -> None:
    heard: list[tuple[str, int, int | None]] = []
    load_dataset(
        str(draw_split_folders(tmp_path / "pets")),
        cache_dir=tmp_path / "cache",
        on_progress=lambda what, done, total: heard.append((what, done, total)),
    )
    assert heard[0][0] == "Listing files"
    assert heard[-1] == ("Reading images", 10, 10)


def test_reading_can_be_cancelled(tmp_path: Path) -> None:
    token = CancelToken()

    def stop(what: str, _done: int, _total: int | None) -> None:
        if what == "Reading images":
            token.cancel()

    folder = tmp_path / "pets"
    for index in range(100):
        draw(folder / ("cat" if index % 2 else "dog") / f"{index}.png")
    with pytest.raises(Cancelled):
        load_dataset(str(folder), cache_dir=tmp_path / "cache", token=token, on_progress=stop)
    assert not list((tmp_path / "cache").glob("*"))
