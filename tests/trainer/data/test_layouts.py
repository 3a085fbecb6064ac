"""Layouts that people's tools write: what is read, what is not used, and what is said about it."""

import os
import sys
from pathlib import Path

import pytest

from tests.trainer.data.dataset_files import (
    CLASSES,
    Drawing,
    draw,
    draw_split_folders,
    write_binary,
)
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset

needs_links = pytest.mark.skipif(os.name == "nt", reason="Windows lets few people make links")


@pytest.fixture
def pets(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path / "pets")


def sizes(dataset: Dataset) -> tuple[int, int, int]:
    """Numbers of training, validation and test images."""
    validation = 0 if dataset.validation is None else len(dataset.validation)
    return len(dataset.train), validation, len(dataset.test)


def warnings(dataset: Dataset) -> list[str]:
    return [note.text for note in dataset.notes if note.severity == "warning"]


def said(dataset: Dataset) -> str:
    return "\n".join(f"{note.text} {note.names}" for note in dataset.notes)


@pytest.mark.parametrize(
    ("train", "test"),
    [
        ("train", "test"), ("Train", "Test"), ("Training", "Testing"), ("TRAIN", "eval"),
        ("training_set", "test_set"), ("train-images", "TestData"),
        ("training_set/training_set", "test_set/test_set"),
    ],
)  # fmt: skip
def test_the_halves_have_the_names_that_tools_give_them(
    pets: Drawing, train: str, test: str
) -> None:
    pets.classes(train, 5)
    pets.classes(test, 2)
    dataset = pets.load()
    assert (dataset.classes, sizes(dataset)) == (CLASSES, (10, 0, 4))
    assert {name.rpartition("/")[0] for name in dataset.test_files} == {
        f"{test}/cat", f"{test}/dog"
    }  # fmt: skip
    assert not dataset.notes


@pytest.mark.parametrize("name", ["val", "valid", "Validation", "dev", "validation_set"])
@pytest.mark.parametrize("tested", [True, False])
def test_a_validation_folder_is_used_for_validation(
    pets: Drawing, name: str, *, tested: bool
) -> None:
    pets.classes("train", 10)
    pets.classes(name, 2)
    if tested:
        pets.classes("test", 3)
    dataset = pets.load()
    assert sizes(dataset) == ((20, 4, 6) if tested else (18, 4, 2))
    assert all(file.startswith(f"{name}/") for file in dataset.validation_files)
    assert f"The pictures in {name} are used for validation" in said(dataset)
    assert ("a tenth of the training images" in said(dataset)) == (not tested)
    assert not warnings(dataset)
    again = pets.load()
    assert again.validation is not None
    assert dataset.validation is not None
    assert again.validation.checksum() == dataset.validation.checksum()
    assert (again.validation_files, again.notes) == (dataset.validation_files, dataset.notes)


@pytest.mark.parametrize("wrapping", ["archive", "a/b/c"])
def test_one_folder_more_around_it_is_no_obstacle(pets: Drawing, wrapping: str) -> None:
    pets.classes(f"{wrapping}/train", 5)
    pets.classes(f"{wrapping}/test", 2)
    dataset = pets.load()
    assert (dataset.name, dataset.classes, sizes(dataset)) == ("pets", CLASSES, (10, 0, 4))
    assert f"from the folder {wrapping}" in said(dataset)


def test_published_files_may_be_in_a_folder_more(tmp_path: Path) -> None:
    write_binary(tmp_path / "download" / "cifar-10" / "cifar-10-batches-bin")
    dataset = load_dataset(str(tmp_path / "download"), cache_dir=tmp_path / "cache")
    assert (dataset.name, len(dataset.train)) == ("cifar10", 100)


def test_pictures_below_a_class_belong_to_it_and_loose_ones_are_told(pets: Drawing) -> None:
    for name in CLASSES:
        pets.pictures(name, 5)
        pets.pictures(f"{name}/more/deeper", 5)
    for index in range(3):
        draw(pets.folder / f"loose{index}.png", 200 + index)
    dataset = pets.load()
    assert sizes(dataset) == (18, 0, 2)
    (loose,) = [note for note in dataset.notes if note.severity == "warning"]
    assert loose.text.startswith("3 pictures beside the class folders are not used")
    assert loose.names == ("loose0.png", "loose1.png", "loose2.png")
    assert "10 pictures in folders below a class folder belong to that class." in said(dataset)
    assert "cat/more" in said(dataset)


def test_splits_with_unknown_names_are_suspected(pets: Drawing) -> None:
    pets.classes("lernen", 5)
    pets.classes("pruefen", 5)
    assert "If the classes are cat, dog" in warnings(pets.load())[0]


def test_whatever_is_not_used_is_told_with_counts_and_names(pets: Drawing) -> None:
    pets.classes("train", 5)
    pets.classes("test", 2)
    pets.pictures("train", 1)
    pets.pictures("extra/cats", 4)
    pets.pictures("valid", 2)
    pets.classes("testing", 3)
    (pets.folder / "train" / "horse").mkdir()
    told = "\n".join(warnings(pets.load()))
    assert "1 picture in train, beside its class folders, is not used" in told
    assert "The folder extra (4 pictures) is not used." in told
    assert "The folder valid (2 pictures) is not used: its pictures have no labels" in told
    assert "The folder testing (6 pictures) is not used: test is used for testing." in told
    assert "1 folder is empty" in told


@pytest.mark.parametrize("name", ["images", "unknown"])
def test_one_folder_in_the_test_folder_is_no_class(pets: Drawing, name: str) -> None:
    pets.classes("train", 10)
    pets.pictures(f"test/{name}", 6)
    pets.pictures(f"val/{name}", 4)
    dataset = pets.load()
    assert (dataset.classes, sizes(dataset)) == (CLASSES, (18, 0, 2))
    told = "\n".join(warnings(dataset))
    assert "The folder test (6 pictures) is not used: its pictures have no labels" in told
    assert "The folder val (4 pictures) is not used: its pictures have no labels" in told


def test_validation_classes_are_compared(pets: Drawing) -> None:
    pets.classes("train", 5)
    pets.classes("test", 2)
    pets.classes("valid", 2, ("cat", "cow"))
    dataset = pets.load()
    assert (dataset.classes, sizes(dataset)) == (CLASSES, (10, 2, 4))
    told = "\n".join(warnings(dataset))
    assert "The folder valid/cow (2 pictures) is not used: it is a class without training" in told
    assert "The class dog is without validation pictures in valid." in told


def test_a_class_in_one_half_only_is_named_with_its_likely_other(pets: Drawing) -> None:
    pets.classes("train", 5, ("cat", "horse"))
    pets.classes("Test", 2, ("Cat", "hrose"))
    message = pets.refusal()
    assert "horse only in train (5 pictures); hrose only in Test (2 pictures)" in message
    assert "Cat only" not in message
    assert "rename those that mean the same (hrose to horse)." in message
    assert pets.load(for_training=False).test.labels.bincount().tolist() == [2, 0, 2]


@pytest.mark.parametrize(("train", "test"), [("cat", "CATS"), ("Cats", "cat"), ("car", "auto")])
def test_halves_that_spell_a_class_differently_are_matched(
    pets: Drawing, train: str, test: str
) -> None:
    pets.classes("train", 5, (train, "dog"))
    pets.classes("test", 2, (test, "dog"))
    pets.classes("val", 1, (test.lower(), "dog"))
    dataset = pets.load()
    assert set(dataset.classes) == {train, "dog"}
    assert sizes(dataset) == (10, 2, 4)
    assert f"'{test} as {train}'" in said(dataset)
    assert not warnings(dataset)


def test_classes_in_one_half_only_are_told_and_the_rest_is_used(pets: Drawing) -> None:
    from trainer.data.inspection.summary import start_messages

    pets.classes("train", 5, ("cat", "dog", "horse"))
    pets.classes("test", 2, ("cat", "dog", "bird"))
    for _ in range(2):  # the second time from the cache
        dataset = pets.load()
        assert (dataset.classes, sizes(dataset)) == (("cat", "dog", "horse"), (15, 0, 4))
        told = start_messages(dataset)[-1]
        assert told.level == "warning"
        assert "The folder test/bird (2 pictures) is not used: it is a class without" in told.text
        assert "1 class has no test images" in told.text
        assert "horse" in told.text
    assert pets.load(for_training=False).test.labels.bincount().tolist() == [2, 2, 2]


def test_a_vehicle_is_no_split(pets: Drawing) -> None:
    pets.classes(".", 5, ("train", "bus", "car"))
    assert pets.load().classes == ("bus", "car", "train")


KAGGLE = [f"{number},{CLASSES[number % 2]}" for number in range(10)]
FILES = [line.replace(",", ".png;") for line in KAGGLE]
PATHS = [f"imgs/{line.replace(',', '.png' + chr(9))}" for line in KAGGLE]


@pytest.mark.parametrize(
    ("name", "lines", "place"),
    [
        ("trainLabels.csv", ["id,label", *KAGGLE], "train"),
        ("labels.csv", ["id,breed", *KAGGLE], "train"),
        ("train.csv", ["image_id,label", *KAGGLE], "train"),
        ("train.csv", ["file_name;label", *FILES], "imgs"),
        ("labels.tsv", ["path\tclass", *PATHS], "imgs"),
        ("labels.csv", KAGGLE, "."),
        ("train.csv", [",image,label", *(f"7,{line}" for line in KAGGLE)], "train/train"),
        ("labels.csv", ["label,filename", *(",".join(line.split(",")[::-1]) for line in KAGGLE)],
         "train"),
    ],
)  # fmt: skip
def test_a_table_of_file_names_gives_the_labels(
    pets: Drawing, name: str, lines: list[str], place: str
) -> None:
    pets.pictures(place, 10)
    pets.table(name, *lines, "")
    dataset = pets.load()
    assert (dataset.classes, sizes(dataset)) == (CLASSES, (8, 0, 2))
    for labels, files in (
        (dataset.train.labels.tolist(), dataset.train_files),
        (dataset.test.labels.tolist(), dataset.test_files),
    ):
        assert labels == [int(Path(file).stem) % 2 for file in files]
    assert f"{name} gives the labels of 10 pictures" in said(dataset)
    assert not warnings(dataset)


def test_kaggle_numbers_training_and_test_pictures_alike(pets: Drawing) -> None:
    pets.pictures("train", 12)
    pets.pictures("test", 99)
    pets.table("trainLabels.csv", "id,label", *KAGGLE, "50,cat", "51,dog")
    pets.table("sampleSubmission.csv", "id,label", *(f"{number},cat" for number in range(99)))
    dataset = pets.load()
    assert sizes(dataset) == (8, 0, 2)
    told = "\n".join(warnings(dataset))
    assert "The folder test (99 pictures) is not used: its pictures have no labels" in told
    assert "2 pictures in train are not used: not listed in trainLabels.csv." in told
    assert "2 rows of trainLabels.csv name no pictures in the folder, or have no label." in told


def test_each_split_may_have_its_table(pets: Drawing) -> None:
    pets.pictures("images", 10)
    rows = [f"images/{line.replace(',', '.png,')}" for line in KAGGLE]
    for name, part in (("train", rows[:4]), ("val", rows[4:6]), ("test", rows[6:])):
        pets.table(f"{name}.csv", "file,label", *part)
    dataset = pets.load()
    assert sizes(dataset) == (4, 2, 4)
    assert dataset.validation_files == ("images/4.png", "images/5.png")


def test_labels_of_a_test_table_alone_are_told(pets: Drawing) -> None:
    pets.pictures("train", 6)
    pets.pictures("test", 5)
    pets.table("train.csv", "id,label", *KAGGLE[:6])
    pets.table("test.csv", "id,label", "0,CAT", "1,dog", "2,bird", "3,none", "4,bird")
    dataset = pets.load()
    assert (dataset.classes, sizes(dataset), dataset.none_counts) == (CLASSES, (6, 0, 2), (0, 0, 1))
    told = "2 pictures are listed in test.csv and not used: there are no training pictures of"
    assert warnings(dataset) == [f"{told} that class."]
    assert "1 picture (testing) labeled none" in said(dataset)
    assert pets.load(for_training=False).classes == ("bird", *CLASSES)


def test_changed_labels_are_read_again(pets: Drawing) -> None:
    pets.pictures("train", 10)
    pets.table("labels.csv", "id,label", *KAGGLE)
    before = pets.load()
    pets.table("labels.csv", "id,label", *(line.replace("dog", "cow") for line in KAGGLE))
    assert (before.classes, pets.load().classes) == (CLASSES, ("cat", "cow"))


def test_a_table_may_give_names_with_another_suffix(pets: Drawing) -> None:
    pets.pictures("train", 10)
    pets.table("labels.csv", "id,label", *(line.replace(",", ".jpg,") for line in KAGGLE))
    dataset = pets.load()
    assert (dataset.classes, sizes(dataset)) == (CLASSES, (8, 0, 2))
    assert "10 pictures are called otherwise in labels.csv" in said(dataset)
    pets.table(
        "labels.csv", "path,label", *(f"train/{line.replace(',', '.JPEG,')}" for line in KAGGLE)
    )
    assert sizes(pets.load()) == (8, 0, 2)


def test_a_picture_with_two_labels_has_none(pets: Drawing) -> None:
    pets.pictures("train", 12)
    pets.table("labels.csv", "id,label", *KAGGLE, "10,cat", "10,dog", "10,cat", "3,dog", "11,cat")
    dataset = pets.load()
    assert sum(sizes(dataset)) == 11
    assert len({*dataset.train_files, *dataset.test_files}) == 11
    (told,) = [note for note in dataset.notes if note.severity == "warning"]
    assert told.text == "1 picture is listed in labels.csv with different labels, and not used."
    assert told.names == ("train/10.png (cat, dog)",)
    assert "1 picture is listed in labels.csv more than once, and used once." in said(dataset)


@needs_links
def test_links_are_followed_and_each_folder_is_read_once(pets: Drawing, tmp_path: Path) -> None:
    real = Drawing(tmp_path / "real")
    real.classes(".", 5)
    pets.folder.mkdir()
    for name in CLASSES:
        (pets.folder / name).symlink_to(real.folder / name, target_is_directory=True)
    (real.folder / "cat" / "up").symlink_to(real.folder, target_is_directory=True)
    (real.folder / "dog" / "other").symlink_to(real.folder / "cat", target_is_directory=True)
    for drawing in (real, pets):
        dataset = drawing.load()
        assert (dataset.classes, sizes(dataset)) == (CLASSES, (8, 0, 2))
        assert any("read elsewhere" in text for text in warnings(dataset))


def test_a_folder_for_testing_alone_can_be_evaluated_on(pets: Drawing) -> None:
    pets.classes("test", 4)
    assert sizes(pets.load(for_training=False)) == (0, 0, 8)
    assert "no folder of training pictures" in pets.refusal()


@pytest.mark.parametrize(
    ("places", "words", "advice"),
    [
        ({"trian/cat": 2, "trian/dog": 2, "test/cat": 1, "test/dog": 1},
         "a folder named test, but none named train", "Rename trian to train"),
        ({"train": 4, "test": 2}, "not sorted into classes", "Sort the pictures in train and test"),
        ({".": 3}, "no folders of images", "into folders that are named after their classes"),
        ({"cat": 3}, "only one class, cat", "pictures of another class"),
        ({f"{name}/{half}/{each}": 1 for name in "ab" for half in ("train", "test")
          for each in CLASSES}, "several datasets", "Choose a or b"),
    ],
)  # fmt: skip
def test_an_unusable_folder_is_shown_beside_an_example(
    pets: Drawing, places: dict[str, int], words: str, advice: str
) -> None:
    for place, count in places.items():
        pets.pictures(place, count)
    first, found, example = pets.refusal().split("\n\n")
    assert str(pets.folder) in first
    assert words in first
    assert advice in first
    names = {part for place in places for part in place.split("/")} - {"."}
    assert found.startswith("It contains:\n")
    assert all(f"    {name}/" in found for name in names)
    assert "        train/\n            cat/" in example


def test_an_archive_must_be_unpacked_first(pets: Drawing) -> None:
    pets.folder.mkdir()
    (pets.folder / "data.zip").write_bytes(b"PK")
    assert "Unpack data.zip" in pets.refusal()


def test_a_long_listing_is_cut(pets: Drawing) -> None:
    for number in range(40):
        pets.classes(f"set {number}/train", 1)
        pets.classes(f"set {number}/test", 1)
    found = pets.refusal().split("\n\n")[1].splitlines()
    assert len(found) <= 18
    assert found[-1].strip() == "…"


def test_duplicates_in_training_are_told_and_contradicting_labels_first(pets: Drawing) -> None:
    from trainer.data.inspection.summary import start_messages, summarize

    draw_split_folders(pets.folder)
    draw(pets.folder / "train" / "cat" / "again.png", 2)
    draw(pets.folder / "train" / "dog" / "kitten.png", 1)
    dataset = pets.load()
    contradicting, plain = summarize(dataset, 2).notes
    assert contradicting.severity == plain.severity == "warning"
    assert contradicting.text.startswith("1 training image is also in another class")
    assert contradicting.names == (
        "train/dog/kitten.png is identical to train/cat/1.png, which is labeled cat",
    )
    assert plain.text == "1 training image is identical to another one of the same class."
    assert plain.names == ("train/cat/again.png is identical to train/cat/2.png",)
    (message,) = start_messages(dataset)
    assert message.text.index("kitten") < message.text.index("again")


def test_duplicate_pictures_across_validation_are_told(pets: Drawing) -> None:
    from trainer.data.inspection.summary import start_messages, summarize

    draw_split_folders(pets.folder)
    draw(pets.folder / "val" / "cat" / "same.png", 1)
    draw(pets.folder / "val" / "dog" / "new.png", 240)
    draw(pets.folder / "extra" / "x.png")
    (pets.folder / "train" / "cat" / "broken.png").write_bytes(b"no picture")
    dataset = pets.load()
    event = summarize(dataset, 2)
    assert event.validation_counts == (1, 1)
    assert "1 validation image is also among the training images." in [
        note.text for note in event.notes
    ]
    info, warning = start_messages(dataset)
    assert (info.level, warning.level) == ("info", "warning")
    assert "used for validation" in info.text
    assert "val/cat/same.png is identical to train/cat/1.png" in warning.text
    assert "The folder extra (1 picture) is not used: extra/x.png." in warning.text
    assert "1 file could not be read" in warning.text


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is Unicode")
def test_names_that_are_no_unicode_can_be_told(pets: Drawing) -> None:
    from trainer.data.inspection.summary import summarize
    from trainer.events.codec import from_line, to_line

    pets.classes(".", 3)
    draw(pets.folder / "loose \udcff.png")
    event = summarize(pets.load(), 1)
    assert from_line(to_line(event)) == event
    assert event.notes[-1].names == ("loose �.png",)


@pytest.mark.parametrize("inner", ["", "/{}"])
@pytest.mark.parametrize(
    ("train", "test"), [("seg_train", "seg_test"), ("Pets-Train", "Pets-Test")]
)
def test_splits_with_a_name_in_common_are_found(
    pets: Drawing, train: str, test: str, inner: str
) -> None:
    pets.classes(train + inner.format(train))
    pets.classes(test + inner.format(test), 2)
    pets.pictures("seg_pred")
    dataset = pets.load()
    assert dataset.classes == CLASSES
    assert (len(dataset.train), len(dataset.test)) == (6, 4)
