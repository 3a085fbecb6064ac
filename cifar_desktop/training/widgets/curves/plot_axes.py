"""Maps values to pixels, and paints the grid and the tick labels of a chart."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter

from cifar_desktop.training.widgets.curves.axis_math import Floats, Range, log_ticks, ticks
from cifar_desktop.ui.chart_palette import ChartPalette
from cifar_desktop.ui.style import GRID

_X_SPACING, _MOST_X = 60, 8
"""Least pixels between ticks, and the most ticks."""
_Y_SPACING, _MOST_Y = 26, 6
_FAR = 1e6
"""Qt cannot draw to arbitrary coordinates; nobody sees where a line beyond this one goes."""

Tick = tuple[float, str]
_Number = TypeVar("_Number", float, Floats)


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """How the visible ranges fill a rectangle of a widget.

    Attributes:
        plot: The rectangle.
        x: Visible range of the x axis, in epochs.
        y: Visible range of the y axis, in values as drawn: logarithms on a log scale.
    """

    plot: QRectF
    x: Range
    y: Range

    def pixels(self, x: Floats, y: Floats) -> Floats:
        """Points in the widget, of shape (n, 2)."""
        down = np.clip(self.y_pixel(y), -_FAR, _FAR)
        return np.column_stack((self.x_pixel(x), down))

    def x_pixel(self, x: _Number) -> _Number:
        """The horizontal position of an epoch, or of several."""
        return self.plot.left() + (x - self.x[0]) * (self.plot.width() / (self.x[1] - self.x[0]))

    def y_pixel(self, y: _Number) -> _Number:
        """The vertical position of a value, or of several."""
        return self.plot.bottom() - (y - self.y[0]) * (self.plot.height() / (self.y[1] - self.y[0]))

    def x_at(self, pixel: float) -> float:
        """The epoch at a horizontal position."""
        share = (pixel - self.plot.left()) / max(self.plot.width(), 1.0)
        return self.x[0] + (self.x[1] - self.x[0]) * share

    def y_at(self, pixel: float) -> float:
        """The value at a vertical position."""
        share = (self.plot.bottom() - pixel) / max(self.plot.height(), 1.0)
        return self.y[0] + (self.y[1] - self.y[0]) * share


def x_ticks(projection: Projection) -> list[Tick]:
    """Ticks of the x axis; the first label names the unit."""
    count = _count(projection.plot.width(), _X_SPACING, _MOST_X)
    values = ticks(*projection.x, count, factors=(1, 2, 5, 10))
    labels = [f"{value:g}" for value in values]
    if labels:
        labels[0] = f"epoch {labels[0]}"
    return list(zip(values, labels, strict=True))


def y_ticks(projection: Projection, label: Callable[[float], str], *, log: bool) -> list[Tick]:
    """Ticks of the y axis: positions as drawn, and labels."""
    height = projection.plot.height()
    count = _count(height, _Y_SPACING, _MOST_Y)
    values = log_ticks(*projection.y, count) if log else ticks(*projection.y, count)
    if height < _Y_SPACING:
        values = values[-1:]
    return [(math.log10(value) if log else value, label(value)) for value in values]


def paint_axes(
    painter: QPainter,
    projection: Projection,
    across: list[Tick],
    up: list[Tick],
    colors: ChartPalette,
) -> None:
    """Paint horizontal grid lines and the labels of both axes, in the painter's font."""
    plot, metrics = projection.plot, painter.fontMetrics()
    painter.setPen(colors.quiet)
    for value, label in up:
        y = projection.y_pixel(value)
        painter.fillRect(QRectF(plot.left(), round(y - 0.5), plot.width(), 1), colors.grid)
        place = QRectF(0, y - metrics.height() / 2, plot.left() - GRID // 2, metrics.height())
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(place, right, label)
    farthest = plot.right() + GRID + GRID // 2
    for value, label in across:
        width = metrics.horizontalAdvance(label) + 1
        x = projection.x_pixel(value) - width / 2
        place = QRectF(min(x, farthest - width), plot.bottom() + GRID // 2, width, metrics.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, label)


def _count(room: float, spacing: int, most: int) -> int:
    return min(max(int(room // spacing), 1), most)
