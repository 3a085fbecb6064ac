"""The values of all series at the cursor, as markers and as text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
from PySide6.QtGui import QColor

from cifar_desktop.training.widgets.curves.axis_math import Floats
from cifar_desktop.training.widgets.curves.chart_canvas import ChartMarker
from cifar_desktop.training.widgets.curves.run_curves import (
    WHOLE_EPOCH,
    RunCurves,
    latest,
    nearest,
    value_at,
)
from cifar_desktop.ui.chart_palette import ChartPalette

Series = tuple[Floats, Floats, QColor, float]


def markers(
    selected: RunCurves | None,
    others: Sequence[RunCurves],
    metric: str,
    at: float | None,
    colors: ChartPalette,
) -> list[ChartMarker]:
    """A dot on every line of a chart, at the point nearest to the cursor."""
    if at is None:
        return []
    series = [
        each
        for index, run in enumerate(others)
        for each in _other(run, metric, colors.other(index))
    ]
    if selected is not None:
        series += _selected(selected, metric, colors)
    return [marker for each in series for marker in _marker(each, at)]


def _selected(run: RunCurves, metric: str, colors: ChartPalette) -> list[Series]:
    training, validation = colors.training, colors.validation
    if metric == "rate":
        return [(run.x, run.rate, training, 0.5)]
    steps, ends, checks = (
        (run.loss, run.train_loss, run.validation_loss)
        if metric == "loss"
        else (100 * run.accuracy, 100 * run.train_accuracy, 100 * run.validation_accuracy)
    )
    learned: Series = (run.x, steps, training, 0.5)
    if not len(run.x):
        learned = (run.epoch_x, ends, training, WHOLE_EPOCH)
    return [learned, (run.epoch_x, checks, validation, WHOLE_EPOCH)]


def _other(run: RunCurves, metric: str, color: QColor) -> list[Series]:
    if metric == "rate":
        return [(run.x, run.rate, color, 0.5)]
    checks = run.validation_loss if metric == "loss" else 100 * run.validation_accuracy
    return [(run.epoch_x, checks, color, WHOLE_EPOCH)]


def _marker(series: Series, at: float) -> Iterator[ChartMarker]:
    x, y, color, within = series
    index = nearest(x, at, within)
    if index is not None and np.isfinite(y[index]):
        yield ChartMarker(x=float(x[index]), y=float(y[index]), color=color)


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesValues:
    """The values of one series at the cursor.

    Attributes:
        name: Name of the series or of the run; may be long.
        detail: Which of its values, to be appended to the name.
        kind: "training", "epoch" (training, over a whole epoch) or "validation".
        run: Index among the other runs, or -1 for the selected run.
        loss: The loss, if there is one.
        accuracy: The accuracy, 0 to 1, if there is one.
        digits: Decimals of the accuracy in percent.
    """

    name: str
    detail: str
    kind: str
    run: int
    loss: float | None
    accuracy: float | None
    digits: int = 1

    @property
    def accuracy_text(self) -> str:
        """The accuracy in percent; empty if there is none."""
        return "" if self.accuracy is None else percent_text(self.accuracy, self.digits)

    @property
    def label(self) -> str:
        """Name and detail."""
        return self.name + self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorValues:
    """The values of all series at the cursor.

    Attributes:
        epoch: Position of the cursor.
        rate: The learning rate, if there is one.
        series: Every series that has a value there.
    """

    epoch: float
    rate: float | None
    series: tuple[SeriesValues, ...]

    @property
    def sentence(self) -> str:
        """All values in a sentence, for assistive technology."""
        parts = [f"Epoch {epoch_text(self.epoch)}", *map(_spoken, self.series)]
        if self.rate is not None:
            parts.append(f"learning rate {rate_text(self.rate)}")
        return "; ".join(parts) + "."


def values_at(selected: RunCurves | None, others: Sequence[RunCurves], at: float) -> CursorValues:
    """The values of each series at the point nearest to a position on the x axis."""
    values = _selected_values(selected, at) if selected is not None else []
    for index, run in enumerate(others):
        values += _other_values(run, index, at)
    rate = value_at(selected.x, selected.rate, at) if selected is not None else None
    known = (each for each in values if each.loss is not None or each.accuracy is not None)
    return CursorValues(epoch=at, rate=rate, series=tuple(known))


def latest_values(run: RunCurves, metric: str) -> list[tuple[str, str]]:
    """The latest values of a chart as pairs of name and text; absent values are left out."""
    validation_text = partial(percent_text, digits=run.validation_digits)
    series: dict[str, list[tuple[str, Floats, Callable[[float], str]]]] = {
        "rate": [("", run.rate, rate_text)],
        "loss": [
            ("training", run.loss, loss_text),
            ("validation", run.validation_loss, loss_text),
        ],
        "accuracy": [
            ("training", run.accuracy, percent_text),
            ("validation", run.validation_accuracy, validation_text),
        ],
    }
    found = [(name, latest(values), text) for name, values, text in series[metric]]
    return [(name, text(value)) for name, value, text in found if value is not None]


def progress_words(run: RunCurves) -> str:
    """How far the run is: "epoch 4.2 of 8"."""
    return f"epoch {run.reached:.1f} of {run.epochs:g}"


def epoch_text(value: float) -> str:
    """An epoch with two decimals, or with two digits if it is small."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def loss_text(value: float) -> str:
    """A loss with three significant digits."""
    return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:#.3g}"


def percent_text(value: float, digits: int = 1) -> str:
    """A fraction as a percentage."""
    return f"{100 * value:.{digits}f} %"


def rate_text(value: float) -> str:
    """A learning rate with three significant digits."""
    return f"{value:.3g}"


def _selected_values(run: RunCurves, at: float) -> list[SeriesValues]:
    values = [
        SeriesValues(
            name="Training",
            detail="",
            kind="training",
            run=-1,
            loss=value_at(run.x, run.loss, at),
            accuracy=value_at(run.x, run.accuracy, at),
        )
    ]
    index = nearest(run.epoch_x, at, WHOLE_EPOCH)
    if index is None:
        return values
    epoch = f", epoch {run.epoch_x[index]:g}"
    checks, digits = run.validation_accuracy, run.validation_digits
    for name, kind, loss, accuracy, decimals in (
        ("Training", "epoch", run.train_loss, run.train_accuracy, 1),
        ("Validation", "validation", run.validation_loss, checks, digits),
    ):
        values.append(
            SeriesValues(
                name=name,
                detail=epoch,
                kind=kind,
                run=-1,
                loss=value_at(run.epoch_x, loss, at, WHOLE_EPOCH),
                accuracy=value_at(run.epoch_x, accuracy, at, WHOLE_EPOCH),
                digits=decimals,
            )
        )
    return values


def _other_values(run: RunCurves, index: int, at: float) -> list[SeriesValues]:
    return [
        SeriesValues(
            name=run.name,
            detail=f", {kind}",
            kind=kind,
            run=index,
            loss=value_at(x, loss, at, within),
            accuracy=value_at(x, accuracy, at, within),
            digits=digits,
        )
        for kind, within, x, loss, accuracy, digits in (
            (
                "validation",
                WHOLE_EPOCH,
                run.epoch_x,
                run.validation_loss,
                run.validation_accuracy,
                run.validation_digits,
            ),
            ("training", 0.5, run.x, run.loss, run.accuracy, 1),
        )
    ]


def _spoken(value: SeriesValues) -> str:
    parts = [value.label]
    if value.loss is not None:
        parts.append(f"loss {loss_text(value.loss)}")
    if value.accuracy is not None:
        parts.append(f"accuracy {value.accuracy_text}")
    return " ".join(parts)
