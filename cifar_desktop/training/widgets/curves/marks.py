"""Where the values lie that are read at the cursor; used by the charts of the live curves."""

from collections.abc import Iterator, Sequence

import numpy as np
from PySide6.QtGui import QColor

from cifar_desktop.training.widgets.curves.axis_math import Floats
from cifar_desktop.training.widgets.curves.chart_canvas import Mark
from cifar_desktop.training.widgets.curves.run_curves import WHOLE_EPOCH, RunCurves, nearest
from cifar_desktop.ui.chart_palette import Ink

Series = tuple[Floats, Floats, QColor, float]


def marks(
    own: RunCurves | None, others: Sequence[RunCurves], measure: str, at: float | None, ink: Ink
) -> list[Mark]:
    """A dot on every line of a chart, at the point closest to the cursor."""
    if at is None:
        return []
    series = [
        each for index, run in enumerate(others) for each in _other(run, measure, ink.other(index))
    ]
    if own is not None:
        series += _own(own, measure, ink)
    return [mark for each in series for mark in _mark(each, at)]


def _own(run: RunCurves, measure: str, ink: Ink) -> list[Series]:
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


def _mark(series: Series, at: float) -> Iterator[Mark]:
    x, y, color, within = series
    index = nearest(x, at, within)
    if index is not None and np.isfinite(y[index]):
        yield Mark(x=float(x[index]), y=float(y[index]), color=color)
