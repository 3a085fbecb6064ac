"""Several datasets that are used as one."""

import shutil
from pathlib import Path

import pytest
import torch

from tests.trainer.data.dataset_files import Drawing, write_binary
from tests.trainer.tiny import tiny_config
from trainer.data.dataset import Dataset
from trainer.data.inspection.summary import note_text, summarize
from trainer.data.several.drawn import has_drawn_test
from trainer.data.several.loading import load_datasets
from trainer.data.split import split_for_training, split_indices, validation_names
from trainer.errors import DataError


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    """A folder with a dataset `pets` that has training and test images."""
    drawing = Drawing(tmp_path / "all")
    drawing.classes("pets/train", 10)
    drawing.classes("pets/test", 2)
    return drawing


def join(drawing: Drawing, *places: str) -> Dataset:
    folders = [str(drawing.folder / place) for place in places]
    load_datasets(folders, cache_dir=drawing.cache)
    return load_datasets(folders, cache_dir=drawing.cache)


def texts(dataset: Dataset) -> str:
    return "\n".join(map(note_text, dataset.notes))


def counts(dataset: Dataset) -> list[int]:
    return dataset.train.labels.bincount(minlength=len(dataset.classes)).tolist()


def test_one_alone_is_as_it_was(drawing: Drawing) -> None:
    dataset = join(drawing, "pets")
    (source,) = dataset.sources
    assert (source.name, source.train_images, source.none_images) == ("pets", 20, 0)
    assert source.place == str(drawing.folder / "pets")
    assert dataset.train_sources.tolist() == [0] * 20
    assert dataset.notes == ()


def test_classes_are_matched_by_name_and_images_keep_their_source(drawing: Drawing) -> None:
    drawing.classes("more/train", 3, ("Cats", "DOG", "zebra"))
    first_added = 20 + 4 + 1
    dataset = join(drawing, "pets", "more")
    assert (dataset.name, dataset.classes) == ("pets", ("cat", "dog"))
    assert counts(dataset) == [13, 13]
    assert dataset.train_sources.tolist() == [0] * 20 + [1] * 6
    assert [each.train_images for each in dataset.sources] == [20, 6]
    added = {
        (name.split("/")[-2], int(image[0, 0, 0]))
        for name, image in zip(dataset.train_files[20:], dataset.train.images[20:], strict=True)
    }
    assert added == {
        *(("Cats", first_added + index) for index in range(3)),
        *(("DOG", first_added + 3 + index) for index in range(3)),
    }
    said = texts(dataset)
    assert "more: Classes matched by name: Cats as cat, DOG as dog." in said
    assert "more: 3 images are not used, as pets has no class of that name: zebra." in said


def test_test_and_validation_images_are_those_of_the_first_that_has_some(
    drawing: Drawing,
) -> None:
    drawing.classes("more/train", 3)
    drawing.classes("more/val", 2, ("cat",))
    drawing.classes("more/test", 4)
    drawing.classes("third/train", 1)
    drawing.classes("third/valid", 1)
    dataset = join(drawing, "pets", "more", "third")
    assert dataset.test_files[0] == "test/cat/0.png"
    assert dataset.validation is not None
    assert dataset.validation_files == ("more/val/cat/0.png", "more/val/cat/1.png")
    assert split_for_training(dataset, tiny_config())[1] is dataset.validation
    assert len(dataset.train) == 20 + 6 + 2
    said = texts(dataset)
    assert "Test images come from pets, validation images from more." in said
    assert "more has no validation images of dog." in said
    assert "Not used: 8 test images of more." in said
    assert "Not used: 2 validation images of third." in said
    assert "no training images are held out" not in said


def test_a_class_may_have_training_images_in_one_and_validation_images_in_another(
    drawing: Drawing,
) -> None:
    drawing.classes("photos/train", 3, ("cat",))
    drawing.classes("photos/validation", 2)
    dataset = join(drawing, "pets", "photos")
    assert dataset.validation is not None
    assert dataset.validation.labels.tolist() == [0, 0, 1, 1]
    assert counts(dataset) == [13, 10]
    assert not [note for note in dataset.notes if note.severity == "warning"]


def test_validation_images_are_held_out_of_the_first_only(drawing: Drawing) -> None:
    drawing.classes("more/train", 30)
    alone, together = join(drawing, "pets"), join(drawing, "pets", "more")
    config = tiny_config(validation_images=4)
    # The same as without the other: a fifth of the first, however many are added.
    assert validation_names(together, config) == validation_names(alone, config)
    training, held_out = split_for_training(together, config)
    assert (len(training), len(held_out)) == (76, 4)
    assert torch.equal(held_out.images, split_for_training(alone, config)[1].images)
    kept, chosen = split_indices(together, config)
    assert together.train_sources[kept].bincount().tolist() == [16, 60]
    assert chosen.max() < 20
    many = tiny_config(validation_images=5000)
    assert len(split_for_training(together, many)[1]) == 4


def test_what_was_drawn_for_testing_is_trained_on_where_it_is_not_needed(
    tmp_path: Path,
) -> None:
    drawing = Drawing(tmp_path / "all")
    for place in ("plain", "more"):
        drawing.classes(place, 20)
        drawing.pictures(f"{place}/none", 10)
    alone, together = join(drawing, "plain"), join(drawing, "plain", "more")
    assert (len(alone.train), len(alone.test), alone.none_counts) == (36, 4, (9, 0, 1))
    assert (len(together.train), together.none_counts) == (76, (19, 0, 1))
    assert together.test_files == alone.test_files
    assert set(together.train_files) == {
        *alone.train_files,
        *(f"more/{name}/{index}.png" for name in ("cat", "dog") for index in range(20)),
    }
    drawing.classes("tested/train", 5)
    drawing.classes("tested/test", 1)
    tested = join(drawing, "plain", "tested")
    assert (len(tested.train), tested.none_counts) == (50, (10, 0, 0))
    assert tested.test_files == ("tested/test/cat/0.png", "tested/test/dog/0.png")
    assert "split off for testing" not in texts(tested)


def test_pictures_of_other_things_come_from_all(drawing: Drawing) -> None:
    drawing.pictures("pets/train/none", 2)
    drawing.pictures("others/none", 10)
    drawing.classes("photos/train", 2)
    drawing.pictures("photos/train/none", 3)
    drawing.pictures("photos/validation/none", 4)
    drawing.pictures("late/test/none", 5)
    dataset = join(drawing, "pets", "others", "photos", "late")
    none = dataset.none
    assert none is not None
    assert none.counts == (15, 4, 0)
    assert none.train_sources.tolist() == [0] * 2 + [1] * 10 + [2] * 3
    assert none.validation_files[0] == "photos/validation/none/0.png"
    assert [each.none_images for each in dataset.sources] == [2, 10, 3, 0]
    assert [each.train_images for each in dataset.sources] == [20, 0, 4, 0]
    assert "Not used: 5 held-out pictures of other things of late." in texts(dataset)
    assert counts(dataset) == [12, 12]


def test_one_without_anything_to_use_is_an_error(drawing: Drawing) -> None:
    drawing.classes("zoo", 3, ("lion", "zebra"))
    with pytest.raises(DataError, match=r"None of the classes of zoo \(lion, zebra\) is one of"):
        join(drawing, "pets", "zoo")
    drawing.pictures("zoo/none", 3)
    assert "6 images are not used" in texts(join(drawing, "pets", "zoo"))


def test_the_same_one_twice_is_an_error(drawing: Drawing, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError, match="was given twice"):
        join(drawing, "pets", "pets")
    monkeypatch.chdir(drawing.folder)
    with pytest.raises(DataError, match="was given twice"):
        load_datasets(["pets", str(drawing.folder / "pets" / ".")], cache_dir=drawing.cache)


def test_folders_of_one_name_are_told_apart(drawing: Drawing) -> None:
    drawing.classes("a/pets", 3)
    dataset = join(drawing, "pets", "a/pets")
    assert [each.name for each in dataset.sources] == ["all/pets", "a/pets"]
    assert dataset.train_files[-1].startswith("a/pets/dog/")


def test_images_without_names_are_numbered_beside_others(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    write_binary(tmp_path / "cifar-10-batches-bin")
    drawing.classes("photos", 3, ("dog", "car"))
    dataset = join(drawing, "cifar-10-batches-bin", "photos")
    assert dataset.train_files[0] == "cifar10, training image 1"
    assert dataset.train_files[-1].startswith("photos/dog/")
    assert dataset.test_files == ()
    assert len(dataset.train_files) == len(dataset.train) == 106
    added = dataset.train.labels[dataset.train_sources == 1]
    assert {dataset.classes[label] for label in added.tolist()} == {"automobile", "dog"}


def test_duplicates_are_found_across_all(drawing: Drawing) -> None:
    drawing.classes("more/train", 2)
    drawing.classes("more/val", 1)
    pets, more = drawing.folder / "pets", drawing.folder / "more"
    shutil.copy(pets / "test/cat/1.png", more / "train/cat/test.png")
    shutil.copy(pets / "train/dog/3.png", more / "train/cat/dog.png")
    shutil.copy(pets / "train/dog/4.png", more / "train/dog/dog.png")
    shutil.copy(pets / "train/cat/0.png", more / "val/cat/cat.png")
    event = summarize(join(drawing, "pets", "more"), 1)
    assert event.duplicates == ("test/cat/1.png is identical to more/train/cat/test.png",)
    warnings = {each.text: each.names for each in event.notes if each.severity == "warning"}
    assert warnings == {
        "1 validation image is also among the training images.": (
            "more/val/cat/cat.png is identical to train/cat/0.png",
        ),
        "1 training image is in more than one dataset.": (
            "more/train/dog/dog.png is identical to train/dog/4.png",
        ),
        "1 training image is also in another class, so that one of the two labels is wrong.": (
            "more/train/cat/dog.png is identical to train/dog/3.png, which is labeled dog",
        ),
    }
    assert [each.name for each in event.sources] == ["pets", "more"]


def test_each_note_about_one_dataset_begins_with_its_name(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "all")
    for place in ("plain", "more"):
        drawing.classes(place, 20)
        drawing.pictures(f"{place}/none", 10)
    dataset = join(drawing, "plain", "more")
    said = [note.text for note in dataset.notes]
    assert [text.partition(":")[0] for text in said[:3]] == ["plain", "plain", "more"]
    assert "plain: There is no test split, so a tenth of the training images" in texts(dataset)
    assert has_drawn_test(dataset)
    assert (
        "Test images come from plain; validation images are held out of the training images of "
        "plain." in said
    )
    drawing.classes("whole/train", 3)
    drawing.classes("whole/val", 2)
    drawing.classes("whole/test", 2)
    assert "Test and validation images come from whole." in texts(join(drawing, "whole", "more"))
