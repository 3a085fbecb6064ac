"""CIFAR-10 as `train.csv` and `test.csv`: a label and 3,072 pixels a line; used by `load_dataset`.

The pixels of a picture are all red ones row by row, then the green, then the blue ones, as in the
binary version. The label is the column that the header calls `label`, else the first or the last.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch

from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.csv_rows import (
    PICTURE_COLUMNS,
    PICTURE_SIZE,
    CsvLine,
    Pixels,
    cells_of,
    parse_rows,
)
from trainer.data.dataset import Dataset, Split
from trainer.data.decoding import READING, resize_all
from trainer.data.scan import fingerprint, open_file, stamp_file
from trainer.errors import DataError
from trainer.progress import ProgressReporter

LINES_AT_ONCE = 256


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvFiles:
    """`train.csv` and `test.csv` in a folder.

    Attributes:
        folder: Where they lie.
    """

    folder: Path

    def fingerprint(self) -> str:
        """Changes when either file does.

        Raises:
            DataError: If one is missing.
        """
        return fingerprint(stamp_file(path) for path in self._paths())

    def read(self, size: int, progress: ProgressReporter) -> Dataset:
        """Read both files.

        Raises:
            DataError: If a line makes no sense; it is named.
            Cancelled: If the person asked to stop.
        """
        train, test = (_read_table(path, progress) for path in self._paths())
        classes = _class_names(self.folder, set(train.labels), set(test.labels))
        return Dataset(
            train=_split(train, size, classes, progress),
            test=_split(test, size, classes, progress),
            classes=classes,
            name=self.folder.resolve().name or "dataset",
            train_files=train.names,
            test_files=test.names,
            smallest=PICTURE_SIZE,
            largest=PICTURE_SIZE,
        )

    def _paths(self) -> tuple[Path, Path]:
        return self.folder / "train.csv", self.folder / "test.csv"


@dataclass(frozen=True, slots=True)
class _Table:
    pixels: Pixels
    labels: list[str]
    names: tuple[str, ...]


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
        raise DataError(f"{path} holds no images. Each line is a label and 3,072 pixels.")
    called = tuple(f"{path.name}, row {number}" for number in numbers)
    return _Table(np.concatenate(blocks).reshape(-1, 3, *PICTURE_SIZE), labels, called)


def _lines(file: Iterator[bytes]) -> Iterator[CsvLine]:
    for number, text in enumerate(file, start=1):
        stripped = text.removeprefix(b"\xef\xbb\xbf").strip()
        if stripped:
            yield CsvLine(number, stripped)


def _find_label(block: Sequence[CsvLine], path: Path) -> tuple[int, list[CsvLine]]:
    """Which column is the label, and the lines without the header."""
    first = cells_of(block[0], path)
    names = [cell.lower() for cell in first]
    if "label" in names:
        return names.index("label"), list(block[1:])
    is_header = sum(map(_is_name, first)) > PICTURE_COLUMNS // 2
    rows = list(block[is_header:])
    return _guess_label([cells_of(line, path) for line in rows], path), rows


def _guess_label(rows: Sequence[Sequence[str]], path: Path) -> int:
    tests: tuple[Callable[[str], bool], ...] = (_is_name, _is_small)
    for is_label in tests:
        for column in (0, PICTURE_COLUMNS):
            if all(is_label(cells[column]) for cells in rows):
                return column
    raise DataError(
        f"In {path} neither the first nor the last column is a label from 0 to 9 or a class name. "
        "Add a first line of column names in which one is called label."
    )


def _is_name(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return True
    return False


def _is_small(cell: str) -> bool:
    return not _is_name(cell) and float(cell) in range(10)


def _class_names(folder: Path, train: set[str], test: set[str]) -> tuple[str, ...]:
    found = train | test
    if all(_is_small(label) for label in found) or found <= set(CIFAR10_CLASSES):
        return CIFAR10_CLASSES
    if any(_is_small(label) for label in found):
        raise DataError(f"The labels in {folder} are partly numbers and partly names. Use either.")
    if train != test:
        odd = ", ".join(sorted(train ^ test)[:3])
        raise DataError(f"train.csv and test.csv in {folder} differ in their classes: {odd}.")
    if len(found) < 2:
        raise DataError(f"train.csv in {folder} has only one class; two or more are needed.")
    return tuple(sorted(found))


def _split(table: _Table, size: int, classes: tuple[str, ...], progress: ProgressReporter) -> Split:
    numbers = {name: number for number, name in enumerate(classes)}
    numbers |= {str(number): number for number in numbers.values() if str(number) not in numbers}
    labels = [numbers[label] for label in table.labels]
    pixels = resize_all(table.pixels, size, progress)
    return Split(images=torch.from_numpy(pixels), labels=torch.tensor(labels, dtype=torch.int64))
