"""One line of a chart and how pyqtgraph draws it; used by the chart's canvas."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from cifar_desktop.training.widgets.curves.axis_math import (
    Floats,
    Range,
    Window,
    alone,
    scaled,
    thinned,
    value_range,
)

_ALONE = 6.0
"""The diameter of a point that no line leads to."""
_SPACING = 7
"""The least pixels from one dot to the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChartLine:
    """What to draw: points, joined or as dots or both."""

    x: Floats
    y: Floats
    color: QColor
    width: float = 1.5
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    calm: bool = False
    """Smoothed, so that what happens within a pixel does not matter."""
    dots: float = 0.0
    """Their diameter; a point that no line leads to is a dot in any case."""


class DrawnLine:
    """A line in a chart; keeps what it has drawn, and draws again only what has changed."""

    def __init__(self, box: Any, ground: QColor, order: int, *, usual: bool) -> None:
        self._box = box
        self._ground = ground
        self._usual = usual
        self._drawn: tuple[ChartLine, Window] | None = None
        self.range: Range | None = None
        self._curve = pg.PlotCurveItem(connect="finite")
        self._dots = pg.ScatterPlotItem(antialias=True)
        self._curve.setZValue(order)
        self._dots.setZValue(order + 0.5)
        for item in (self._curve, self._dots):
            box.addItem(item, ignoreBounds=True)

    def draw(self, line: ChartLine, window: Window) -> None:
        """Draw what a window shows of a line, and note the range of its values."""
        if self._drawn is not None and self._drawn[0] is line and self._drawn[1] == window:
            return
        self._drawn = line, window
        x, y = thinned(line.x, scaled(line.y, log=window.log), window, calm=line.calm)
        self._draw_joined(line, x, y, window)
        self._draw_dots(line, x, y, window)
        seen = (x >= window.start) & (x <= window.end)
        self.range = value_range(y[seen], usual=self._usual)

    def remove(self) -> None:
        """Take the line out of its chart."""
        for item in (self._curve, self._dots):
            self._box.removeItem(item)

    def _draw_joined(self, line: ChartLine, x: Floats, y: Floats, window: Window) -> None:
        # A thin line that goes up and down in every column is a band: width and smooth edges would
        # not show in it, but take most of the time.
        band = line.width <= 1 and len(x) > window.pixels
        pen = QPen(line.color, 1.0 if band else line.width * window.density, line.style)
        pen.setCosmetic(True)  # So its width is in pixels of the screen, not in epochs.
        pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
        if line.style == Qt.PenStyle.CustomDashLine:
            pen.setDashPattern([4, 3])
        self._curve.setData(x, y, pen=pen, antialias=not band)

    def _draw_dots(self, line: ChartLine, x: Floats, y: Floats, window: Window) -> None:
        dotted = np.isfinite(y)
        if not line.dots or np.count_nonzero(dotted) * _SPACING * window.density > window.pixels:
            dotted = alone(y)
        size = line.dots or _ALONE
        ring = pg.mkPen(self._ground, width=1)
        self._dots.setData(x[dotted], y[dotted], size=size, brush=line.color, pen=ring)
