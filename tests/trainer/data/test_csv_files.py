"""`train.csv` and `test.csv`: where the label may be, and which line is invalid."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.dataset import Dataset
from trainer.data.loading import load_dataset
from trainer.errors import DataError

PIXELS = np.random.default_rng(0).integers(0, 256, (4, 3072))
PIXELS[:, 0] = PIXELS[:, -1] = (0, 255, 10, 100)
NUMBERS = ("3", "0", "9", "3")


def rows(labels: Sequence[str] = NUMBERS, column: int = 0) -> list[list[str]]:
    table = [[str(pixel) for pixel in row] for row in PIXELS[: len(labels)]]
    for row, label in zip(table, labels, strict=True):
        row.insert(column, label)
    return table


def text(table: Sequence[Sequence[str]], end: str = "\n") -> str:
    return "".join(",".join(row) + end for row in table)


def load(folder: Path, train: str, test: str | None = None) -> Dataset:
    folder.mkdir(exist_ok=True)
    for name, content in (("train.csv", train), ("test.csv", train if test is None else test)):
        (folder / name).write_bytes(content.encode())
    return load_dataset(str(folder), cache_dir=folder.parent / "cache")


def check(dataset: Dataset) -> None:
    assert dataset.classes == CIFAR10_CLASSES
    for split in (dataset.train, dataset.test):
        assert split.labels.tolist() == [3, 0, 9, 3]
        assert np.array_equal(split.images.numpy().reshape(-1, 3072), PIXELS)


HEADER = ["label", *(f"pixel{index}" for index in range(3072))]


@pytest.mark.parametrize(
    "content",
    [
        text(rows()),
        text(rows(column=3072)),
        text([HEADER, *rows()]),
        text([[*HEADER[1:], "Label"], *rows(column=3072)]),
        text([[*HEADER[1:8], "label", *HEADER[8:]], *rows(column=7)]),
        text([["label", *map(str, range(3072))], *rows()]),
        text([["number", *HEADER[1:]], *rows()]),
        "\ufeff" + text(rows(), "\r\n"),
        text(rows()) + "\n\n",
        text([[f'"{cell}"' for cell in row] for row in [HEADER, *rows()]]),
        text([[f" {cell}.0" for cell in row] for row in rows()]),
        text(rows([CIFAR10_CLASSES[int(number)] for number in NUMBERS])),
        text(rows([CIFAR10_CLASSES[int(number)] for number in NUMBERS], column=3072)),
    ],
    ids=[
        "label first",
        "label last",
        "header",
        "header, label last",
        "header, label between",
        "numbered header",
        "header without the word label",
        "from Excel",
        "blank lines",
        "quotes",
        "decimals and spaces",
        "names first",
        "names last",
    ],
)
def test_every_usual_layout_is_read(tmp_path: Path, content: str) -> None:
    check(load(tmp_path / "tables", content))


def test_images_are_called_by_the_row_a_spreadsheet_shows(tmp_path: Path) -> None:
    plain, table = text(rows()), text([HEADER, *rows()]).replace("\n", "\n\n", 2)
    dataset = load(tmp_path / "tables", table, plain)
    rows_shown = tuple(f"train.csv, row {number}" for number in (3, 5, 6, 7))
    assert dataset.train_files == rows_shown
    assert dataset.test_files == tuple(f"test.csv, row {number}" for number in (1, 2, 3, 4))
    assert (dataset.smallest, dataset.largest) == ((32, 32), (32, 32))


def test_many_rows_are_counted_on(tmp_path: Path) -> None:
    dataset = load(tmp_path / "tables", text(rows() * 100), text(rows()))
    assert dataset.train_files[-1] == "train.csv, row 400"
    assert len(set(dataset.train_files)) == 400


def test_other_class_names_are_sorted(tmp_path: Path) -> None:
    dataset = load(tmp_path / "tables", text(rows(["猫", "dog", "猫", "ant"])))
    assert (dataset.name, dataset.classes) == ("tables", ("ant", "dog", "猫"))
    assert dataset.train.labels.tolist() == [2, 1, 2, 0]


def changed(row: int, column: int, value: str) -> str:
    table = [HEADER, *rows()]
    table[row][column] = value
    return text(table)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (changed(3, 5, "256"), "Line 4 of .*train.csv has the pixel value “256”"),
        (changed(3, 5, "-1"), "Line 4 of .*train.csv has the pixel value “-1”"),
        (changed(2, 3072, "1.5"), "Line 3 of .* the pixel value “1.5”"),
        (changed(2, 7, "x"), "Line 3 of .* the pixel value “x”"),
        (changed(2, 7, ""), "Line 3 of .* the pixel value “”"),
        (changed(2, 7, "1000"), "Line 3 of .* the pixel value “1000”"),
        (text(rows(["cat"])).replace(",", ",x", 2), "Line 1 of .* the pixel value “x"),
        (changed(4, 0, "10"), "Line 5 of .* the label “10”"),
        (changed(4, 0, ""), "Line 5 of .* the label “”"),
        (changed(4, 0, "cat"), "partly numbers and partly names"),
        (text([HEADER, *rows(), ["1", "2"]]), "Line 6 of .* has 2 columns"),
        (text([row[1:] for row in rows()]), "Line 1 of .* has 3,072 columns"),
        (text(rows(["11", "12", "13", "14"])), "neither the first nor the last column"),
        (text(rows(["cow", "cow", "cow", "cow"])), "only one class"),
        (text([HEADER]), "contains no images"),
        ("", "contains no images"),
        ("\x89PNG\n", "Line 1 of .* has 1 columns"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(DataError, match=message):
        load(tmp_path / "tables", content)


def test_text_in_another_encoding_is_explained(tmp_path: Path) -> None:
    (tmp_path / "test.csv").touch()
    (tmp_path / "train.csv").write_bytes(text(rows(["Käfer"] * 4)).encode("latin-1"))
    with pytest.raises(DataError, match="is not UTF-8"):
        load_dataset(str(tmp_path), cache_dir=tmp_path / "cache")


def test_both_files_must_have_the_same_classes(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"have different classes: bee\."):
        load(tmp_path / "tables", text(rows(["ant", "cow"])), text(rows(["ant", "cow", "bee"])))


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    (tmp_path / "train.csv").write_text(text(rows()))
    with pytest.raises(DataError, match=r"test\.csv is missing"):
        load_dataset(str(tmp_path), cache_dir=tmp_path / "cache")
