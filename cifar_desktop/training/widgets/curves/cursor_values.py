"""The values of all series at a place, as words; used by the live curves."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

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


def marks(
    own: RunCurves | None,
    others: Sequence[RunCurves],
    measure: str,
    at: float | None,
    ink: ChartPalette,
) -> list[ChartMarker]:
    """A dot on every line of a chart, at the point closest to the cursor."""
    if at is None:
        return []
    series = [
        each for index, run in enumerate(others) for each in _other(run, measure, ink.other(index))
    ]
    if own is not None:
        series += _own(own, measure, ink)
    return [mark for each in series for mark in _mark(each, at)]


def _own(run: RunCurves, measure: str, ink: ChartPalette) -> list[Series]:
    training, validation = ink.training, ink.validation
    if measure == "rate":
        return [(run.x, run.rate, training, 0.5)]
    steps, ends, checks = (
        (run.loss, run.train_loss, run.validation_loss)
        if measure == "loss"
        else (100 * run.accuracy, 100 * run.train_accuracy, 100 * run.validation_accuracy)
    )
    return [
        (run.x, steps, training, 0.5),
        (run.epoch_x, ends, training, WHOLE_EPOCH),
        (run.epoch_x, checks, validation, WHOLE_EPOCH),
    ]


def _other(run: RunCurves, measure: str, color: QColor) -> list[Series]:
    if measure == "rate":
        return [(run.x, run.rate, color, 0.5)]
    checks = run.validation_loss if measure == "loss" else 100 * run.validation_accuracy
    return [(run.epoch_x, checks, color, WHOLE_EPOCH)]


def _mark(series: Series, at: float) -> Iterator[ChartMarker]:
    x, y, color, within = series
    index = nearest(x, at, within)
    if index is not None and np.isfinite(y[index]):
        yield ChartMarker(x=float(x[index]), y=float(y[index]), color=color)


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One series at a place; None where it has no value."""

    name: str
    """Of the series or of the run; it may be long."""
    detail: str
    """What of it."""
    kind: str
    """training, epoch (training over a whole epoch) or validation."""
    run: int
    """Which run: -1 is the one that is looked at, 0 the first of the others."""
    loss: float | None
    accuracy: float | None

    @property
    def label(self) -> str:
        """What this is the value of."""
        return self.name + self.detail


@dataclass(frozen=True, slots=True, kw_only=True)
class CursorValues:
    """All of them."""

    epoch: float
    rate: float | None
    values: tuple[Value, ...]

    @property
    def sentence(self) -> str:
        """For assistive technology."""
        parts = [f"Epoch {epoch_text(self.epoch)}"]
        parts += [_said(value) for value in self.values]
        if self.rate is not None:
            parts.append(f"learning rate {rate_text(self.rate)}")
        return "; ".join(parts) + "."


def reading(own: RunCurves | None, others: Sequence[RunCurves], at: float) -> CursorValues:
    """What lies at a place of the x axis, or, of each series, closest to it."""
    values = _own_values(own, at) if own is not None else []
    for index, run in enumerate(others):
        values += _other_values(run, index, at)
    rate = value_at(own.x, own.rate, at) if own is not None else None
    known = (each for each in values if each.loss is not None or each.accuracy is not None)
    return CursorValues(epoch=at, rate=rate, values=tuple(known))


def latest_values(run: RunCurves, measure: str) -> list[tuple[str, str]]:
    """The latest values of a chart, as name and words; those that there are."""
    if measure == "rate":
        named, text = [("", run.rate)], rate_text
    elif measure == "loss":
        named, text = [("training", run.loss), ("validation", run.validation_loss)], loss_text
    else:
        named = [("training", run.accuracy), ("validation", run.validation_accuracy)]
        text = percent_text
    found = [(name, latest(values)) for name, values in named]
    return [(name, text(value)) for name, value in found if value is not None]


def progress_words(run: RunCurves) -> str:
    """How far the run is: "epoch 4.2 of 8"."""
    return f"epoch {run.reached:.1f} of {run.epochs:g}"


def epoch_text(value: float) -> str:
    """With two decimals, or more where they matter."""
    return f"{value:.2f}" if value >= 0.1 else f"{value:.2g}"


def loss_text(value: float) -> str:
    """Three digits."""
    return f"{value:,.0f}" if abs(value) >= 999.5 else f"{value:#.3g}"


def percent_text(value: float) -> str:
    """A share of one, in percent."""
    return f"{100 * value:.1f} %"


def rate_text(value: float) -> str:
    """As people write learning rates."""
    return f"{value:.3g}"


def _own_values(run: RunCurves, at: float) -> list[Value]:
    values = [
        Value(
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
    for name, kind, loss, accuracy in (
        ("Training", "epoch", run.train_loss, run.train_accuracy),
        ("Validation", "validation", run.validation_loss, run.validation_accuracy),
    ):
        values.append(
            Value(
                name=name,
                detail=epoch,
                kind=kind,
                run=-1,
                loss=value_at(run.epoch_x, loss, at, WHOLE_EPOCH),
                accuracy=value_at(run.epoch_x, accuracy, at, WHOLE_EPOCH),
            )
        )
    return values


def _other_values(run: RunCurves, index: int, at: float) -> list[Value]:
    return [
        Value(
            name=run.name,
            detail=f", {kind}",
            kind=kind,
            run=index,
            loss=value_at(x, loss, at, within),
            accuracy=value_at(x, accuracy, at, within),
        )
        for kind, within, x, loss, accuracy in (
            ("validation", WHOLE_EPOCH, run.epoch_x, run.validation_loss, run.validation_accuracy),
            ("training", 0.5, run.x, run.loss, run.accuracy),
        )
    ]


def _said(value: Value) -> str:
    parts = [value.label]
    if value.loss is not None:
        parts.append(f"loss {loss_text(value.loss)}")
    if value.accuracy is not None:
        parts.append(f"accuracy {percent_text(value.accuracy)}")
    return " ".join(parts)
