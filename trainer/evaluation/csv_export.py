"""Evaluation results as CSV tables for spreadsheets; saved by the window.

Every table has one header line and the same number of cells in every line, so programs can read it.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from trainer.evaluation.report import Report
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished
from trainer.files.atomic_write import write_atomically

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for the start of a formula."""

OVERALL = ("images", "accuracy", "accuracy_single", "accuracy_tta", "ece")


def save_table(path: Path, table: str) -> None:
    """Save a table atomically, encoded so that spreadsheets show names in any script.

    Raises:
        StorageError: If it cannot be written.
    """
    # Spreadsheets recognize UTF-8 only by its byte order mark. File names may be invalid Unicode.
    content = table.encode("utf-8-sig", errors="backslashreplace")
    write_atomically(path, lambda file: file.write_bytes(content))


def metrics_csv(report: Report) -> str:
    """All metrics in one table: overall, per class, and the cells of the confusion matrix.

    A line holds one metric: its name, its true and predicted class (empty for overall metrics)
    and its value.
    """
    figures = report.figures
    overall = {name: getattr(figures, name) for name in OVERALL}
    rows: list[Sequence[object]] = [
        (name, "", "", value) for name, value in overall.items() if value is not None
    ]
    if figures.unknown is not None:
        unknown = msgspec.to_builtins(figures.unknown)
        rows += [(f"unknown_{name}", "", "", value) for name, value in unknown.items()]
    for name, images, recall, precision in _classes(report):
        rows += [
            ("class_images", name, "", images),
            ("class_recall", name, "", recall),
            ("class_precision", "", name, precision),
        ]
    for label, counts in zip(report.classes, figures.confusion, strict=True):
        pairs = zip(report.classes, counts, strict=True)
        rows += [("confusion", label, predicted, count) for predicted, count in pairs]
    return _csv(("metric", "true_class", "predicted_class", "value"), rows)


def classes_csv(report: Report) -> str:
    """A line for each class: image count, recall and precision."""
    return _csv(("class", "images", "recall", "precision"), _classes(report))


def confusion_csv(report: Report) -> str:
    """The confusion matrix: a line for each true class, a column for each predicted class."""
    lines = zip(report.classes, report.figures.confusion, strict=True)
    return _csv(("true_class", *report.classes), ((name, *counts) for name, counts in lines))


def calibration_csv(report: Report) -> str:
    """Accuracy by confidence: a line for each bin."""
    bins = report.figures.calibration
    rows = (
        (each.low, each.high, each.count, *_bin_means(each.count, each.confidence, each.accuracy))
        for each in bins
    )
    return _csv(("low", "high", "count", "confidence", "accuracy"), rows)


def predictions_csv(report: Report) -> str:
    """A line for each image: its true class, its predicted class and all probabilities."""
    probabilities = (f"p({name})" for name in report.classes)
    headings = ("image", "true_class", "predicted_class", "correct", "confidence", *probabilities)
    return _csv(headings, (_prediction(report, index) for index in range(len(report))))


def history_csv(events: Iterable[Event]) -> str:
    """A line for each epoch of a run; only the last repetition of a repeated epoch."""
    epochs = {each.epoch: each for each in events if isinstance(each, EpochFinished)}
    names = [
        name for name in EpochFinished.__struct_fields__ if name not in Event.__struct_fields__
    ]
    rows = ([getattr(epochs[epoch], name) for name in names] for epoch in sorted(epochs))
    return _csv(names, rows)


def _classes(report: Report) -> list[tuple[str, int, float | None, float | None]]:
    figures = report.figures
    images = map(sum, figures.confusion)
    return [
        (name, count, figures.recall[name], figures.precision[name])
        for name, count in zip(report.classes, images, strict=True)
    ]


def _bin_means(count: int, *means: float) -> Sequence[float | None]:
    # The mean of an empty bin is unknown, not zero.
    return means if count else [None] * len(means)


def _prediction(report: Report, index: int) -> Sequence[object]:
    label, predicted = int(report.labels[index]), int(report.predicted[index])
    return (
        report.image_name(index),
        report.classes[label],
        report.classes[predicted],
        int(label == predicted),
        report.confidence[index],
        # float32 values have half the digits of the same numbers in double precision.
        *report.probabilities[index],
    )


def _csv(headings: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([escape_formula(each) for each in headings])
    writer.writerows([escape_formula(each) for each in row] for row in rows)
    return text.getvalue()


def escape_formula(cell: object) -> object:
    """Prefix a name that a spreadsheet would evaluate with an apostrophe, which makes it text."""
    if isinstance(cell, str) and cell.startswith(FORMULA_SIGNS):
        return f"'{cell}"
    return cell
