"""The results of `predict` as a CSV table, written line by line while they come."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from trainer.errors import StorageError
from trainer.evaluation.csv_export import escape_formula


class PredictionTable:
    """A line for each picture; all lines have the same cells.

    Args:
        file: Where to write.
        classes: Number of classes for each picture, most probable first.
    """

    def __init__(self, file: TextIO, classes: int) -> None:
        self._file, self._classes = file, classes
        self._writer = csv.writer(file)
        ranks = ["" if rank == 1 else f"_{rank}" for rank in range(1, classes + 1)]
        top = [f"{name}{rank}" for rank in ranks for name in ("class", "probability")]
        rest = ["known_score", "seconds", "error", "notes"]
        self._writer.writerow(["image", "verdict", *top, *rest])

    def add(self, result: dict[str, Any]) -> None:
        """Write a result of `predict`.

        Raises:
            StorageError: If the disk is full.
        """
        top = [cell for each in result.get("top", ()) for cell in each.values()]
        top += [""] * (2 * self._classes - len(top))
        rest = [result.get(name, "") for name in ("known_score", "seconds", "error")]
        notes = "; ".join(result.get("notes", ()))
        row = [result["image"], result.get("verdict", ""), *top, *rest, notes]
        with _writable(self._file.name):
            self._writer.writerow([escape_formula(cell) for cell in row])
            # So that whoever stops it keeps what there is.
            self._file.flush()


def require_writable(path: Path | None) -> None:
    """Create the folder of a table and check that it can be written; one that exists is kept.

    Raises:
        StorageError: If it cannot.
    """
    # A pipe that is closed and opened again would end early.
    if path is None or path.is_fifo():
        return
    existed = path.exists()
    with _writable(str(path)):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.open("ab").close()
        if not existed:
            path.unlink()


@contextmanager
def prediction_table(path: Path | None, classes: int) -> Iterator[PredictionTable | None]:
    """A table in a new file, after `require_writable`; None without a path.

    Raises:
        StorageError: If the file cannot be written.
    """
    if path is None:
        yield None
        return
    with _writable(str(path)):
        # Spreadsheets recognize UTF-8 only by its byte order mark.
        file = path.open("w", encoding="utf-8-sig", errors="backslashreplace", newline="")
    with file:
        yield PredictionTable(file, classes)


@contextmanager
def _writable(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"“{name}” cannot be written. Is the disk full, or the folder read-only?",
            details=repr(error),
        ) from error
