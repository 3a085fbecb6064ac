"""Pictures of other things, in folders named none: read in every layout, and never a class."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from tests.trainer.data.dataset_files import CLASSES, Drawing, draw
from trainer.data.csv_files import LEAST_COLUMNS
from trainer.data.dataset import Dataset, NoneImages
from trainer.data.inspection.summary import start_messages, summarize
from trainer.data.loading import load_dataset
from trainer.data.split import split_none
from trainer.errors import DataError


@pytest.fixture
def pets(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path / "pets")


def read(drawing: Drawing) -> tuple[Dataset, NoneImages]:
    """The dataset, which is the same when it comes from the cache."""
    first, again = drawing.load(), drawing.load()
    assert first.none is not None
    assert again.none is not None
    assert first.none_counts == again.none_counts
    assert torch.equal(first.none.train, again.none.train)
    assert first.none.test_files == again.none.test_files
    assert first.none.test_is_drawn == again.none.test_is_drawn
    return again, again.none


@pytest.mark.parametrize("name", ["none", "None", "NONE"])
def test_beside_class_folders_it_is_no_class(pets: Drawing, name: str) -> None:
    pets.classes("train", 4)
    pets.classes("test", 2)
    pets.pictures(f"train/{name}/textures", 3)
    pets.pictures(f"train/{name}", 2)
    pets.pictures(f"test/{name}", 1)
    dataset, none = read(pets)
    assert (dataset.classes, len(dataset.train), len(dataset.test)) == (CLASSES, 8, 4)
    assert none.counts == (5, 0, 1)
    assert none.test_files == (f"test/{name}/0.png",)
    assert not none.test_is_drawn
    assert none.train_files[-1] == f"train/{name}/textures/2.png"
    # The red channel of the picture that was drawn last.
    assert set(none.test[0, 0].flatten().tolist()) == {pets.drawn}
    (about,) = dataset.notes
    assert about.severity == "info"
    assert about.text.startswith("5 pictures (training) and 1 picture (testing) in folders named")
    assert about.text.endswith(
        "; those for training teach a network what is none of its classes, those for testing "
        "measure how often “none of the classes” is right."
    )


def test_one_half_may_have_none_and_its_counts_are_not_checked(pets: Drawing) -> None:
    pets.classes("train", 2)
    pets.classes("test", 2)
    pets.pictures("val/none", 1)
    dataset, none = read(pets)
    assert none.counts == (0, 1, 0)
    # Only pictures of other things were set apart for validation.
    assert dataset.validation is None
    (about,) = dataset.notes
    assert about.text.endswith("those for validation set the threshold for “none of the classes”.")
    assert "teach" not in about.text


def test_a_test_half_with_nothing_else_is_no_unlabeled_one(pets: Drawing) -> None:
    pets.classes("train", 20)
    pets.pictures("train/none", 3)
    pets.pictures("test/none", 2)
    dataset, none = read(pets)
    assert (dataset.classes, len(dataset.train), len(dataset.test)) == (CLASSES, 36, 4)
    assert (none.counts, none.test_is_drawn) == ((3, 0, 2), False)


def test_without_halves_a_tenth_is_split_off_as_of_any_class(pets: Drawing) -> None:
    pets.classes(".", 20)
    pets.pictures("none", 30)
    dataset, none = read(pets)
    assert (len(dataset.train), len(dataset.test)) == (36, 4)
    assert (none.counts, none.test_is_drawn) == ((27, 0, 3), True)
    assert not set(none.train_files) & set(none.test_files)


def test_a_label_table_may_say_none(pets: Drawing) -> None:
    rows = [f"{index},{('cat', 'dog', 'None')[index % 3]}" for index in range(60)]
    pets.table("labels.csv", "id,label", *rows)
    pets.pictures("images", 60)
    dataset, none = read(pets)
    assert (dataset.classes, len(dataset.train), len(dataset.test)) == (CLASSES, 36, 4)
    assert none.counts == (18, 0, 2)


def test_a_table_of_pixels_may_say_none(tmp_path: Path) -> None:
    values = np.arange(3072) % 256
    for name in ("train", "test"):
        lines = [
            ",".join([label, *map(str, (values + index) % 256)])
            for index, label in enumerate(("yes", "no", "none"))
        ]
        assert lines[0].count(",") >= LEAST_COLUMNS
        (tmp_path / f"{name}.csv").write_text("\n".join(lines))
    dataset = load_dataset(str(tmp_path), cache_dir=tmp_path / "cache")
    assert (dataset.classes, len(dataset.train), len(dataset.test)) == (("no", "yes"), 2, 2)
    assert dataset.none_counts == (1, 0, 1)
    assert dataset.none is not None
    assert dataset.none.train.flatten().tolist() == ((values + 2) % 256).tolist()
    assert dataset.none.train_files == ("train.csv, row 3",)


def test_alone_they_are_nothing_to_train_on(pets: Drawing) -> None:
    for place in ("none", "none/zebra"):
        pets.pictures(place, 2)
        assert "contains only pictures of other things" in pets.refusal()
    dataset = pets.load(for_training=False)
    assert (dataset.classes, dataset.none_counts) == ((), (3, 0, 1))
    alone = load_dataset(str(pets.folder / "none"), cache_dir=pets.cache, for_training=False)
    assert alone.none_counts == (3, 0, 1)


def test_one_class_and_other_things_are_still_one_class(pets: Drawing) -> None:
    pets.classes(".", 3, ("cat",))
    pets.pictures("none", 3)
    assert "contains only one class, cat" in pets.refusal()


def test_unreadable_ones_are_skipped_and_named(pets: Drawing) -> None:
    pets.classes("train", 2)
    pets.classes("test", 2)
    pets.pictures("train/none", 2)
    (pets.folder / "train/none/broken.png").write_bytes(b"broken")
    dataset, none = read(pets)
    assert none.counts == (2, 0, 0)
    assert [file.path.name for file in dataset.unreadable] == ["broken.png"]


def test_beside_the_halves_it_is_not_used_and_its_place_is_named(pets: Drawing) -> None:
    pets.classes("train", 2)
    pets.classes("test", 2)
    pets.pictures("none", 3)
    dataset = pets.load()
    (warning,) = dataset.notes
    assert (dataset.none, warning.severity) == (None, "warning")
    assert warning.text == (
        "The folder none (3 pictures) is not used: move it into train, beside the class folders."
    )


def test_adding_one_is_noticed_by_the_cache(pets: Drawing) -> None:
    pets.classes("train", 2)
    pets.classes("test", 2)
    pets.pictures("train/none", 2)
    assert read(pets)[1].counts == (2, 0, 0)
    pets.pictures("test/none", 1)
    assert read(pets)[1].counts == (2, 0, 1)


def test_a_picture_in_a_class_and_in_none_is_reported(pets: Drawing) -> None:
    pets.classes("train", 3)
    pets.classes("test", 2)
    for number, place in enumerate(("train", "val", "test")):
        draw(pets.folder / place / "none" / "other.png", 200 + number)
    (pets.folder / "train/none/cat.png").write_bytes((pets.folder / "train/cat/1.png").read_bytes())
    shutil.copy(pets.folder / "test/dog/1.png", pets.folder / "val/none/dog.png")
    shutil.copy(pets.folder / "train/none/other.png", pets.folder / "test/none/again.png")
    dataset = pets.load()
    both, held_out = [each for each in summarize(dataset, 1).notes if each.severity == "warning"]
    assert both.text == "2 pictures are in a class and in none."
    assert both.names == (
        "train/none/cat.png is identical to train/cat/1.png",
        "val/none/dog.png is identical to test/dog/1.png",
    )
    assert held_out.text.startswith("1 held-out picture of other things is also among those")
    assert held_out.names == ("test/none/again.png is identical to train/none/other.png",)
    assert both.text.removesuffix(".") in start_messages(dataset)[-1].text


def test_inspecting_shows_some_and_counts_them_apart(pets: Drawing) -> None:
    pets.classes("train", 3)
    pets.classes("test", 2)
    pets.pictures("val/none", 1)
    event = summarize(pets.load(), 4)
    assert (event.classes, event.train_counts, event.none_counts) == (CLASSES, (3, 3), (0, 1, 0))
    assert event.none_samples
    assert event.none_mean
    shutil.rmtree(pets.folder / "val")
    assert summarize(pets.load(), 4).none_samples == ""


@pytest.mark.parametrize(
    ("count", "available", "held_out"), [(None, 100, 5), (None, 60_000, 2000), (7, 20, 7)]
)
def test_a_share_is_held_out_the_same_for_the_same_seed(
    count: int | None, available: int, held_out: int
) -> None:
    images = torch.zeros(available, 3, 1, 1, dtype=torch.uint8)
    none = NoneImages(train=images, validation=images[:0], test=images[:0])
    training, chosen = split_none(none, 3, count)
    assert len(chosen) == held_out
    assert torch.equal(torch.cat([training, chosen]).sort().values, torch.arange(available))
    assert torch.equal(chosen, split_none(none, 3, count)[1])
    assert not torch.equal(chosen, split_none(none, 4, count)[1])
    with pytest.raises(DataError, match="cannot be held out"):
        split_none(none, 3, available + 1)
