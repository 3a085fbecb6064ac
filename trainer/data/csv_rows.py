"""Turns lines of a label and 3,072 pixels into arrays, fast; used by `trainer.data.csv_files`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from trainer.errors import DataError

Pixels = npt.NDArray[np.uint8]

PICTURE_SIZE = 32, 32
PICTURE_COLUMNS = 3 * 32 * 32
COMMA, ZERO = b",0"


@dataclass(frozen=True, slots=True)
class CsvLine:
    """A line that is not blank.

    Attributes:
        number: As an editor counts it.
        text: Without white space around it.
    """

    number: int
    text: bytes


def parse_rows(lines: Sequence[CsvLine], label_column: int, path: Path) -> tuple[Pixels, list[str]]:
    """Parse lines.

    Args:
        lines: None of them a header.
        label_column: Which column is the label; the others are pixels.
        path: Named where something is wrong.

    Returns:
        uint8 of shape [N, 3072], and N labels: class names, or digits from 0 to 9.

    Raises:
        DataError: If a line makes no sense.
    """
    cut = [_cut(line, label_column, path) for line in lines]
    labels = [_label(label, line, path) for (label, _), line in zip(cut, lines, strict=True)]
    pixels = _plain_numbers(b",".join(rest for _, rest in cut))
    if pixels is None:
        rows = [_patient_row(rest, line, path) for (_, rest), line in zip(cut, lines, strict=True)]
        pixels = np.array(rows, np.uint8)
    return pixels.reshape(-1, PICTURE_COLUMNS), labels


def cells_of(line: CsvLine, path: Path) -> list[str]:
    """The cells of a line, without quotes.

    Raises:
        DataError: If they are not as many as there must be.
    """
    _check_columns(line, path)
    return [_text(cell, line, path) for cell in line.text.split(b",")]


def _check_columns(line: CsvLine, path: Path) -> None:
    columns = line.text.count(b",") + 1
    if columns != PICTURE_COLUMNS + 1:
        raise DataError(
            f"Line {line.number} of {path} has {columns:,} columns. It must have 3,073, with "
            "commas between them: a label and 3,072 pixels."
        )


def _text(cell: bytes, line: CsvLine, path: Path) -> str:
    try:
        return cell.decode().strip().strip('"').strip()
    except UnicodeDecodeError as error:
        raise DataError(
            f"Line {line.number} of {path} is not in UTF-8. Save the file as CSV UTF-8.",
            details=repr(error),
        ) from error


def _cut(line: CsvLine, column: int, path: Path) -> tuple[bytes, bytes]:
    """The label, and the rest of the line."""
    _check_columns(line, path)
    if column == PICTURE_COLUMNS:
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


def _plain_numbers(text: bytes) -> Pixels | None:
    """Numbers from 0 to 255 with commas between them; None if there is anything else."""
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


def _patient_row(text: bytes, line: CsvLine, path: Path) -> list[int]:
    """The same for lines with quotes, spaces or decimals; slower, and it names what is wrong."""
    return [_pixel(cell, line, path) for cell in text.split(b",")]


def _pixel(cell: bytes, line: CsvLine, path: Path) -> int:
    text = _text(cell, line, path)
    try:
        value = float(text)
    except ValueError:
        value = -1
    if value not in range(256):
        raise DataError(
            f"Line {line.number} of {path} has the pixel “{text}”. Each must be a whole number "
            "from 0 to 255."
        )
    return int(value)
