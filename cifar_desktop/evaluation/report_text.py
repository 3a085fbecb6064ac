"""Puts a report into words for the Evaluation tab: figures, tables, sentences."""

from datetime import datetime
from typing import TYPE_CHECKING

from cifar_desktop.common.dataset_choices import data_title
from cifar_desktop.evaluation.services.evaluator import EvaluationProgress
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget
from cifar_desktop.evaluation.widgets.calibration_chart import CalibrationBar
from cifar_desktop.evaluation.widgets.class_metrics import ClassMetrics
from cifar_desktop.ui import formatting
from cifar_desktop.ui.fact_strip import Fact
from cifar_desktop.ui.formatting import amount, readable
from trainer.evaluation.accuracy_text import (
    accuracy_text,
    auroc_text,
    brief_accuracy_text,
    is_enough,
)

if TYPE_CHECKING:
    from trainer.evaluation.report import Report

CIFAR10 = "cifar10"
_DOWNLOADING = "Downloading"
_EVALUATING = "Evaluating: "


def facts(report: "Report") -> list[Fact]:
    """The figures, most important first."""
    figures = report.figures
    kind = "Test" if report.split == "test" else "Validation"
    trained = [("Trained for", epochs(report))] if report.epochs else []
    images = figures.images
    ece = formatting.share(figures.ece) if is_enough(images) else "too few images"
    return [
        (f"{kind} accuracy", accuracy_text(figures.accuracy, images)),
        ("Single pass", brief_accuracy_text(figures.accuracy_single, images)),
        *_six_views(report),
        ("Calibration error", ece),
        ("Images", f"{figures.images:,}"),
        *_unknown(report),
        *trained,
    ]


def _six_views(report: "Report") -> list[Fact]:
    """The accuracy with test-time augmentation, if it was asked for."""
    accuracy = report.figures.accuracy_tta
    if accuracy is None:
        return []
    return [("TTA, six views", brief_accuracy_text(accuracy, report.figures.images))]


def _unknown(report: "Report") -> list[Fact]:
    """How well the verdict “none of the classes” found images of other classes."""
    unknown = report.figures.unknown
    if unknown is None:
        return []
    found = accuracy_text(unknown.found, unknown.images)
    if is_enough(unknown.images):
        found = f"{found} of {unknown.images:,}"
    auroc = auroc_text(unknown.auroc, report.figures.images, unknown.images, decimals=3)
    return [("Others found", found), ("AUROC", auroc)]


def hint(report: "Report", data: str) -> str:
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


def epochs(report: "Report") -> str:
    """The training time in epochs."""
    number = f"{report.epochs:,.1f}".removesuffix(".0")
    return "1 epoch" if number == "1" else f"{number} epochs"


def classes(report: "Report") -> list[str]:
    """The class names in readable form."""
    return [readable(name) for name in report.classes]


def class_metrics(report: "Report") -> list[ClassMetrics]:
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


def calibration_bars(report: "Report") -> list[CalibrationBar]:
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
