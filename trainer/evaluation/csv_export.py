"""Figures as tables for a spreadsheet, as CSV; saved by the window and read by what people know.

Every table has one line of headings and as many cells in every line, so that programs read it too.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import fields
from pathlib import Path

from trainer.evaluation.report import Report
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished
from trainer.files.atomic_write import write_atomically

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the beginning of a formula."""

OVERALL = ("images", "accuracy", "accuracy_single", "accuracy_tta", "ece")


def save_table(path: Path, table: str) -> None:
    """Write a table so that spreadsheets read names in any script, whole or not at all.

    Raises:
        StorageError: If it cannot be written.
    """
    # Spreadsheets know UTF-8 by its mark only. File names may hold what is no text at all.
    content = table.encode("utf-8-sig", errors="backslashreplace")
    write_atomically(path, lambda file: file.write_bytes(content))


def figures_csv(report: Report) -> str:
    """All figures in one table: overall, of each class, and the cells of the confusion matrix.

    A line holds one figure: its name, the class shown and the class answered that it is about
    (empty where it is about all), and its value.
    """
    figures = report.figures
    rows: list[Sequence[object]] = [(name, "", "", getattr(figures, name)) for name in OVERALL]
    for name, images, accuracy, precision in _classes(report):
        rows += [
            ("class_images", name, "", images),
            ("class_accuracy", name, "", accuracy),
            ("class_precision", "", name, precision),
        ]
    for shown, counts in zip(report.classes, figures.confusion, strict=True):
        pairs = zip(report.classes, counts, strict=True)
        rows += [("confusion", shown, answered, count) for answered, count in pairs]
    return _csv(("figure", "shown", "answered", "value"), rows)


def classes_csv(report: Report) -> str:
    """A line for each class: its images, its accuracy, and how far its answers can be trusted."""
    return _csv(("class", "images", "accuracy", "precision"), _classes(report))


def confusion_csv(report: Report) -> str:
    """The confusion matrix: a line for each class shown, a column for each class answered."""
    lines = zip(report.classes, report.figures.confusion, strict=True)
    return _csv(("shown", *report.classes), ((name, *counts) for name, counts in lines))


def calibration_csv(report: Report) -> str:
    """How right the answers are, by how confident they are: a line for each range."""
    bins = report.figures.calibration
    rows = (
        (each.low, each.high, each.count, *_means(each.count, each.confidence, each.accuracy))
        for each in bins
    )
    return _csv(("low", "high", "count", "confidence", "accuracy"), rows)


def answers_csv(report: Report) -> str:
    """A line for each image: what it shows, what was answered, and every class's probability."""
    chances = (f"p({name})" for name in report.classes)
    headings = ("image", "shown", "answered", "right", "confidence", *chances)
    return _csv(headings, (_answer(report, index) for index in range(len(report))))


def history_csv(events: Iterable[Event]) -> str:
    """A line for each epoch of a run; of one that was trained twice, as it was the last time."""
    epochs = {each.epoch: each for each in events if isinstance(each, EpochFinished)}
    names = [each.name for each in fields(EpochFinished) if each.name != "time"]
    rows = ([getattr(epochs[epoch], name) for name in names] for epoch in sorted(epochs))
    return _csv(names, rows)


def _classes(report: Report) -> list[tuple[str, int, float | None, float | None]]:
    figures = report.figures
    images = map(sum, figures.confusion)
    return [
        (name, count, figures.per_class[name], figures.precision[name])
        for name, count in zip(report.classes, images, strict=True)
    ]


def _means(count: int, *means: float) -> Sequence[float | None]:
    # The mean of nothing is unknown, not nought.
    return means if count else [None] * len(means)


def _answer(report: Report, index: int) -> Sequence[object]:
    shown, answered = int(report.labels[index]), int(report.predicted[index])
    return (
        report.called(index),
        report.classes[shown],
        report.classes[answered],
        int(shown == answered),
        report.confidence[index],
        # As float32, which take half the digits of the same numbers in double precision.
        *report.probabilities[index],
    )


def _csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_harmless(each) for each in headings])
    writer.writerows([_harmless(each) for each in row] for row in rows)
    return text.getvalue()


def _harmless(cell: object) -> object:
    """A name that a spreadsheet would compute is led in by an apostrophe, which makes it text."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    return cell
