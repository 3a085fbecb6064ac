"""Puts a report into words for the Evaluation tab: figures, tables, sentences."""

from datetime import datetime
from typing import TYPE_CHECKING

from cifar_desktop.common.dataset_choices import data_title
from cifar_desktop.evaluation.services.evaluator import EvaluationProgress
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget
from cifar_desktop.evaluation.widgets.calibration_chart import CalibrationBar, leaning
from cifar_desktop.evaluation.widgets.class_metrics import ClassMetrics
from cifar_desktop.evaluation.widgets.class_metrics_model import NONE
from cifar_desktop.evaluation.widgets.figure_tiles import Figure
from cifar_desktop.ui import formatting
from cifar_desktop.ui.formatting import amount, readable
from trainer.evaluation.accuracy_text import (
    accuracy_text,
    auroc_text,
    brief_accuracy_text,
    is_enough,
)

if TYPE_CHECKING:
    from trainer.evaluation.report import Summary

CIFAR10 = "cifar10"
_DOWNLOADING = "Downloading"
_EVALUATING = "Evaluating: "
_WELL_CALIBRATED = 0.02
"""Calibration error below which the percentages can be taken at their word."""


def facts(report: "Summary") -> list[Figure]:
    """The figures, most important first."""
    return [
        _accuracy(report),
        *_six_views(report),
        _calibration(report),
        *_most_confused(report),
        *_weakest(report),
        *_trained(report),
        *_unknown(report),
        *_single(report),
    ]


def _accuracy(report: "Summary") -> Figure:
    figures = report.figures
    value, _, note = accuracy_text(figures.accuracy, figures.images).partition(" (")
    kind = "Test" if report.split == "test" else "Validation"
    note = note.removesuffix(")") or f"of {figures.images:,} images"
    about = "Each image is averaged with its mirror image, as in use"
    return Figure(caption=f"{kind} accuracy", value=value, note=note, about=about)


def _six_views(report: "Summary") -> list[Figure]:
    """The accuracy with test-time augmentation, if it was asked for."""
    figures = report.figures
    if figures.accuracy_tta is None:
        return []
    value, single = (
        brief_accuracy_text(each, figures.images)
        for each in (figures.accuracy_tta, figures.accuracy_single)
    )
    return [Figure(caption="Six views", value=value, note=f"single pass {single}")]


def _single(report: "Summary") -> list[Figure]:
    figures = report.figures
    if figures.accuracy_tta is not None:
        return []
    value = brief_accuracy_text(figures.accuracy_single, figures.images)
    about = "Without the mirror image"
    return [Figure(caption="Single pass", value=value, about=about)]


def _calibration(report: "Summary") -> Figure:
    figures = report.figures
    if not is_enough(figures.images):
        return Figure(caption="Calibration error", value=NONE, note="too few images")
    good = figures.ece < _WELL_CALIBRATED
    note = "well calibrated" if good else leaning(calibration_bars(report), figures.ece)
    value = formatting.share(figures.ece)
    return Figure(caption="Calibration error", value=value, note=note)


def _most_confused(report: "Summary") -> list[Figure]:
    confusion, names = report.figures.confusion, classes(report)
    cells = (
        (count, row, column)
        for row, counts in enumerate(confusion)
        for column, count in enumerate(counts)
        if row != column
    )
    count, row, column = max(cells, key=lambda cell: cell[0], default=(0, 0, 0))
    if not count:
        return []
    value = f"{names[row]} \N{RIGHTWARDS ARROW} {names[column]}"
    note = f"{count:,} of {sum(confusion[row]):,}"
    return [Figure(caption="Most often confused", value=value, note=note)]


def _weakest(report: "Summary") -> list[Figure]:
    known = [row for row in class_metrics(report) if row.recall is not None]
    weakest = min(known, key=lambda row: row.recall or 0.0, default=None)
    if weakest is None or weakest.recall == 1:
        return []
    note = f"{weakest.recall_text.partition(' (')[0]} right"
    return [Figure(caption="Weakest class", value=weakest.name, note=note)]


def _trained(report: "Summary") -> list[Figure]:
    return [Figure(caption="Trained for", value=epochs(report))] if report.epochs else []


def _unknown(report: "Summary") -> list[Figure]:
    """How well the verdict “none of the classes” found images of other classes."""
    unknown = report.figures.unknown
    if unknown is None:
        return []
    value, _, note = accuracy_text(unknown.found, unknown.images).partition(" (")
    note = note.removesuffix(")") or f"of {unknown.images:,}"
    auroc = auroc_text(unknown.auroc, report.figures.images, unknown.images, decimals=3)
    return [
        Figure(caption="Others found", value=value, note=note),
        Figure(caption="AUROC", value=auroc),
    ]


def hint(report: "Summary", data: str) -> str:
    """The images it was evaluated on, when, and what to know about them.

    Args:
        report: The report.
        data: Name of the dataset.
    """
    if report.split == "validation":
        return (
            f"Validation images, after {epochs(report)}. The confidence was calibrated on these "
            "images, so the calibration looks slightly better than it is. The test images are "
            "evaluated once, at the end of the run."
        )
    first = f"Test images of {data}, evaluated on {_moment(report.date)}."
    return " ".join([first, *report.notes])


def epochs(report: "Summary") -> str:
    """The training time in epochs."""
    number = f"{report.epochs:,.1f}".removesuffix(".0")
    return "1 epoch" if number == "1" else f"{number} epochs"


def classes(report: "Summary") -> list[str]:
    """The class names in readable form."""
    return [readable(name) for name in report.classes]


def class_metrics(report: "Summary") -> list[ClassMetrics]:
    """Recall and precision of each class."""
    figures = report.figures
    return [
        ClassMetrics(
            name=readable(name),
            images=sum(counts),
            recall=figures.recall[name],
            precision=figures.precision[name],
            recall_text=_share(figures.recall[name], sum(counts)),
            precision_text=_share(figures.precision[name], predicted),
        )
        for name, counts, predicted in zip(
            report.classes, figures.confusion, map(sum, zip(*figures.confusion, strict=True)),
            strict=True,
        )
    ]  # fmt: skip


def _share(value: float | None, images: int) -> str:
    """A recall or precision, with its range if it is of few images."""
    if value is None or not images:
        return ""
    return formatting.percent(value, 1) if is_enough(images) else accuracy_text(value, images)


def calibration_bars(report: "Summary") -> list[CalibrationBar]:
    """Accuracy by confidence."""
    return [
        CalibrationBar(
            low=each.low,
            high=each.high,
            count=each.count,
            confidence=each.confidence,
            accuracy=each.accuracy,
        )
        for each in report.figures.calibration
    ]


def invitation(target: EvaluationTarget, *, over: bool = True) -> tuple[str, str]:
    """A heading and a sentence for a target that was not evaluated yet.

    Args:
        target: The target.
        over: False for a run that is not finished.
    """
    heading = "Not evaluated yet"
    if not over:
        return heading, (
            "Evaluate tests the network of the last checkpoint on the validation images and shows "
            "its confusion matrix, its calibration and every misclassified image."
        )
    if not target.data:
        return heading, (
            "Evaluate tests the network of this run and shows its confusion matrix, its "
            "calibration and every misclassified image."
        )
    text = f"Evaluate tests this network on the test images of {data_title(target.data)}."
    if target.data == CIFAR10:
        text += " They are downloaded first (170 MB) if necessary."
    return heading, text


def without_images(report: "Summary") -> tuple[str, str]:
    """A heading and a sentence in place of the images of figures that came with the network."""
    figures = report.figures
    wrong = figures.images - sum(row[place] for place, row in enumerate(figures.confusion))
    return f"{wrong:,} mistakes to look at", (
        f"Evaluate fetches the {figures.images:,} test images (170 MB, once) and shows every one, "
        "most confident first. Do you have them? Choose their folder."
    )


def progress(step: EvaluationProgress) -> str:
    """Progress of the evaluation, in words."""
    if not step.total:
        return f"{step.what}…"
    if step.what.startswith(_DOWNLOADING):
        done = f"{amount(step.done)} of {amount(step.total)}"
    else:
        done = f"{step.done:,} of {step.total:,}"
    left = f", {formatting.roughly(step.seconds_left)} left" if step.seconds_left else ""
    return f"{step.what}: {done}{left}"


def other_progress(name: str, step: EvaluationProgress) -> str:
    """Progress of an evaluation whose target is not shown."""
    words = progress(step).removeprefix(_EVALUATING)
    if words[:1].isupper():
        words = (words[0].lower() + words[1:]).replace(": ", ", ", 1)
    return f"Evaluating “{name}”: {words}"


def _moment(date: str) -> str:
    try:
        return formatting.moment(datetime.fromisoformat(date).astimezone())
    except ValueError:
        return date
