"""Turns a report into what the Evaluation tab shows: figures, tables, sentences."""

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

if TYPE_CHECKING:
    from trainer.evaluation.report import Report

CIFAR10 = "cifar10"
_BYTES = "Downloading"
_JUDGING = "Evaluating: "


def facts(report: "Report") -> list[Fact]:
    """The figures, the most important first."""
    figures = report.figures
    kind = "Test" if report.split == "test" else "Validation"
    trained = [("Trained for", epochs(report))] if report.epochs else []
    return [
        (f"{kind} accuracy", formatting.share(figures.accuracy)),
        ("One pass", formatting.share(figures.accuracy_single)),
        ("Six views (TTA)", formatting.share(figures.accuracy_tta)),
        ("Calibration error", formatting.share(figures.ece)),
        ("Images", f"{figures.images:,}"),
        *trained,
    ]


def hint(report: "Report", data: str) -> str:
    """By which images it was judged, and when.

    Args:
        report: What was found.
        data: What the dataset is called.
    """
    if report.split == "validation":
        return (
            f"Validation images, after {epochs(report)}. How sure the network is was fitted to "
            "these very images, so its calibration looks a little better than it is. The test "
            "images are scored once, at the end of the run."
        )
    return f"Test images of {data}, judged on {_moment(report.date)}."


def epochs(report: "Report") -> str:
    """How long the network was trained."""
    number = f"{report.epochs:,.1f}".removesuffix(".0")
    return "1 epoch" if number == "1" else f"{number} epochs"


def classes(report: "Report") -> list[str]:
    """The names of the classes, as one writes them."""
    return [readable(name) for name in report.classes]


def scores(report: "Report") -> list[ClassMetrics]:
    """How well each class does."""
    figures = report.figures
    return [
        ClassMetrics(
            name=readable(name),
            images=sum(counts),
            accuracy=figures.per_class[name],
            precision=figures.precision[name],
        )
        for name, counts in zip(report.classes, figures.confusion, strict=True)
    ]


def bins(report: "Report") -> list[CalibrationBar]:
    """How right the answers are, by how confident they are."""
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
    """A heading and a sentence for what was not judged yet.

    Args:
        subject: What could be judged.
        over: Whether it is no run that may go on.
    """
    heading = "Not evaluated yet"
    if not over:
        return heading, (
            "Evaluate judges the network of the last checkpoint by the validation images: what it "
            "confuses, how sure it is, and every image that it gets wrong."
        )
    if target.is_run:
        return heading, (
            "Evaluate judges the network of this run: what it confuses, how sure it is, and every "
            "image that it gets wrong."
        )
    text = f"Evaluate shows the test images of {data_title(target.data)} to this network."
    if target.data == CIFAR10:
        text += " They are downloaded first (170 MB) if they are not on this computer."
    return heading, text


def progress(step: EvaluationProgress) -> str:
    """How far the judging is, in words."""
    if not step.total:
        return f"{step.what}…"
    if step.what.startswith(_BYTES):
        done = f"{amount(step.done)} of {amount(step.total)}"
    else:
        done = f"{step.done:,} of {step.total:,}"
    left = f", {formatting.roughly(step.seconds_left)} left" if step.seconds_left else ""
    return f"{step.what}: {done}{left}"


def other_progress(name: str, step: EvaluationProgress) -> str:
    """How far the judging of something is that is not shown."""
    words = progress(step).removeprefix(_JUDGING)
    if words[:1].isupper():
        words = (words[0].lower() + words[1:]).replace(": ", ", ", 1)
    return f"Evaluating “{name}”: {words}"


def _moment(date: str) -> str:
    try:
        return formatting.moment(datetime.fromisoformat(date).astimezone())
    except ValueError:
        return date
