"""Parses lines of a label and 3,072 pixel values into arrays, fast; used by `csv_files`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from trainer.data.cifar10 import CIFAR10_VALUES
from trainer.errors import DataError
from trainer.images.preprocess import Pixels

COMMA, ZERO = b",0"


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A nonblank line.

    Attributes:
        number: Line number, from 1.
        text: Content without surrounding whitespace.
    """

    number: int
    text: bytes


def parse_rows(lines: Sequence[CsvLine], label_column: int, path: Path) -> tuple[Pixels, list[str]]:
    """Parse lines.

    Args:
        lines: Lines without the header.
        label_column: Index of the label column; all others are pixel values.
        path: Path to name in error messages.

    Returns:
        uint8 array of shape [N, 3072], and N labels: class names, or digits from 0 to 9.

    Raises:
        DataError: If a line is invalid.
    """
    rows = [_split_label(line, label_column, path) for line in lines]
    labels = [_label(label, line, path) for (label, _), line in zip(rows, lines, strict=True)]
    pixels = _parse_plain(b",".join(rest for _, rest in rows))
    if pixels is None:
        values = [_parse_row(rest, line, path) for (_, rest), line in zip(rows, lines, strict=True)]
        pixels = np.array(values, np.uint8)
    return pixels.reshape(-1, CIFAR10_VALUES), labels


def split_cells(line: CsvLine, path: Path) -> list[str]:
    """The cells of a line, unquoted.

    Raises:
        DataError: If their number is wrong.
    """
    _check_columns(line, path)
    return [_text(cell, line, path) for cell in line.text.split(b",")]


def _check_columns(line: CsvLine, path: Path) -> None:
    columns = line.text.count(b",") + 1
    if columns != CIFAR10_VALUES + 1:
        raise DataError(
            f"Line {line.number} of {path} has {columns:,} columns. It must have 3,073, separated "
            "by commas: a label and 3,072 pixel values."
        )


def _text(cell: bytes, line: CsvLine, path: Path) -> str:
    try:
        return cell.decode().strip().strip('"').strip()
    except UnicodeDecodeError as error:
        raise DataError(
            f"Line {line.number} of {path} is not UTF-8. Save the file as CSV UTF-8.",
            details=repr(error),
        ) from error


def _split_label(line: CsvLine, column: int, path: Path) -> tuple[bytes, bytes]:
    """The label and the rest of the line."""
    _check_columns(line, path)
    if column == CIFAR10_VALUES:
        rest, _, label = line.text.rpartition(b",")
        return label, rest
    cells = line.text.split(b",", column + 1)
    label = cells.pop(column)
    return label, b",".join(cells)


def _label(cell: bytes, line: CsvLine, path: Path) -> str:
    text = _text(cell, line, path)
    try:
        number = float(text)
    except ValueError:
        if text:
            return text
        number = -1
    if number not in range(10):
        raise DataError(
            f"Line {line.number} of {path} has the label “{text}”. It must be a number from 0 to 9 "
            "or the name of a class."
        )
    return str(int(number))


def _parse_plain(text: bytes) -> Pixels | None:
    """Integers from 0 to 255 separated by commas; None if there is anything else."""
    codes = np.frombuffer(text + b",", np.uint8)
    digits = codes - np.uint8(ZERO)
    is_comma = codes == COMMA
    if not np.array_equal(is_comma, digits > 9):
        return None
    ends = np.flatnonzero(is_comma)
    lengths = np.diff(ends, prepend=-1) - 1
    if lengths.min() < 1 or lengths.max() > 3:
        return None
    values = digits[ends - 1].astype(np.uint16)
    values += digits[ends - 2] * (lengths > 1) * np.uint16(10)
    values += digits[ends - 3] * (lengths > 2) * np.uint16(100)
    return values.astype(np.uint8) if values.max() <= 255 else None


def _parse_row(text: bytes, line: CsvLine, path: Path) -> list[int]:
    """The same for cells with quotes, spaces or decimals; slower, and names what is invalid."""
    return [_pixel(cell, line, path) for cell in text.split(b",")]


def _pixel(cell: bytes, line: CsvLine, path: Path) -> int:
    text = _text(cell, line, path)
    try:
        value = float(text)
    except ValueError:
        value = -1
    if value not in range(256):
        raise DataError(
            f"Line {line.number} of {path} has the pixel value “{text}”. Each must be an integer "
            "from 0 to 255."
        )
    return int(value)
