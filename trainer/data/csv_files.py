"""CIFAR-10 as `train.csv` and `test.csv`: a label and 3,072 pixel values per line.

The values are ordered as in the binary version: all red ones row by row, then green, then blue. The
label is the column that the header calls `label`, otherwise the first or the last column.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGE_SIZE, CIFAR10_VALUES
from trainer.data.csv_rows import (
    CsvLine,
    parse_rows,
    split_cells,
)
from trainer.data.dataset import Dataset, NoneImages, Split
from trainer.data.decoding import READING, resize_all
from trainer.data.folders.layout import is_none
from trainer.data.scan import dataset_name, fingerprint, open_file, stamp_file
from trainer.errors import DataError
from trainer.images.preprocess import Pixels
from trainer.progress import ProgressReporter

LINES_AT_ONCE = 256
LEAST_COLUMNS = 64
"""A table with fewer holds no pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFiles:
    """`train.csv` and `test.csv` in a folder.

    Attributes:
        folder: Folder of the two files.
    """

    folder: Path

    def fingerprint(self) -> str:
        """Changes whenever either file does.

        Raises:
            DataError: If a file is missing.
        """
        return fingerprint(stamp_file(path) for path in self._paths())

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read both files.

        Raises:
            DataError: If a line is invalid; the message names it.
            Cancelled: If the user stopped it.
        """
        tables = [_read_table(path, progress) for path in self._paths()]
        train, test = (table.chosen(none=False) for table in tables)
        classes = _class_names(self.folder, set(train.labels), set(test.labels))
        return Dataset(
            train=_split(train, size, classes, progress),
            test=_split(test, size, classes, progress),
            classes=classes,
            name=dataset_name(self.folder),
            train_files=train.names,
            test_files=test.names,
            smallest=CIFAR10_IMAGE_SIZE,
            largest=CIFAR10_IMAGE_SIZE,
            none=_none([table.chosen(none=True) for table in tables], size, progress),
        )

    def _paths(self) -> tuple[Path, Path]:
        return self.folder / "train.csv", self.folder / "test.csv"


def holds_pixels(path: Path) -> bool:
    """Whether a file is a table of pixels, and not one of file names and labels."""
    try:
        with path.open("rb") as file:
            return file.readline().count(b",") >= LEAST_COLUMNS
    except OSError:
        return False


@dataclass(frozen=True, slots=True)
class _Table:
    pixels: Pixels
    labels: list[str]
    names: tuple[str, ...]

    def chosen(self, *, none: bool) -> "_Table":
        """The rows of pictures of other things, or all others."""
        rows = [row for row, label in enumerate(self.labels) if is_none(label) == none]
        if len(rows) == len(self.labels):
            return self
        names = tuple(self.names[row] for row in rows)
        return _Table(self.pixels[rows], [self.labels[row] for row in rows], names)


def _read_table(path: Path, progress: ProgressReporter) -> _Table:
    blocks: list[Pixels] = []
    labels: list[str] = []
    numbers: list[int] = []
    column: int | None = None
    with open_file(path) as file:
        lines = _lines(file)
        while block := list(islice(lines, LINES_AT_ONCE)):
            if column is None:
                column, block = _find_label(block, path)
            pixels, names = parse_rows(block, column, path)
            blocks.append(pixels)
            labels += names
            numbers += [line.number for line in block]
            progress.report(READING, len(labels), None)
    if not labels:
        raise DataError(f"{path} contains no images. Each line must be a label and 3,072 pixels.")
    image_names = tuple(f"{path.name}, row {number}" for number in numbers)
    return _Table(np.concatenate(blocks).reshape(-1, 3, *CIFAR10_IMAGE_SIZE), labels, image_names)


def _lines(file: Iterator[bytes]) -> Iterator[CsvLine]:
    for number, text in enumerate(file, start=1):
        stripped = text.removeprefix(b"\xef\xbb\xbf").strip()
        if stripped:
            yield CsvLine(number, stripped)


def _find_label(block: Sequence[CsvLine], path: Path) -> tuple[int, list[CsvLine]]:
    """Index of the label column, and the lines without the header."""
    first = split_cells(block[0], path)
    names = [cell.lower() for cell in first]
    if "label" in names:
        return names.index("label"), list(block[1:])
    is_header = sum(map(_is_text, first)) > CIFAR10_VALUES // 2
    rows = list(block[is_header:])
    return _guess_label([split_cells(line, path) for line in rows], path), rows


def _guess_label(rows: Sequence[Sequence[str]], path: Path) -> int:
    tests: tuple[Callable[[str], bool], ...] = (_is_text, _is_digit)
    for is_label in tests:
        for column in (0, CIFAR10_VALUES):
            if all(is_label(cells[column]) for cells in rows):
                return column
    raise DataError(
        f"In {path}, neither the first nor the last column holds labels from 0 to 9 or class "
        "names. Add a header line with a column named label."
    )


def _is_text(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return True
    return False


def _is_digit(cell: str) -> bool:
    return not _is_text(cell) and float(cell) in range(10)


def _class_names(folder: Path, train: set[str], test: set[str]) -> tuple[str, ...]:
    found = train | test
    if all(_is_digit(label) for label in found) or found <= set(CIFAR10_CLASSES):
        return CIFAR10_CLASSES
    if any(_is_digit(label) for label in found):
        raise DataError(f"The labels in {folder} are partly numbers and partly names. Use one.")
    if train != test:
        odd = ", ".join(sorted(train ^ test)[:3])
        raise DataError(f"train.csv and test.csv in {folder} have different classes: {odd}.")
    if len(found) < 2:
        raise DataError(f"train.csv in {folder} has only one class; at least two are needed.")
    return tuple(sorted(found))


def _none(tables: Sequence[_Table], size: int, progress: ProgressReporter) -> NoneImages | None:
    train, test = tables
    if not (train.names or test.names):
        return None
    pixels = [torch.from_numpy(resize_all(each.pixels, size, progress)) for each in (train, test)]
    return NoneImages(
        train=pixels[0],
        validation=pixels[0][:0],
        test=pixels[1],
        train_files=train.names,
        test_files=test.names,
    )


def _split(table: _Table, size: int, classes: tuple[str, ...], progress: ProgressReporter) -> Split:
    numbers = {name: number for number, name in enumerate(classes)}
    numbers |= {str(number): number for number in numbers.values() if str(number) not in numbers}
    labels = [numbers[label] for label in table.labels]
    pixels = resize_all(table.pixels, size, progress)
    return Split(images=torch.from_numpy(pixels), labels=torch.tensor(labels, dtype=torch.int64))
