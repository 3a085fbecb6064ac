"""One line of a chart, and how it is painted; used by the chart's canvas."""

from dataclasses import dataclass
from itertools import chain

import numpy as np
from PySide6.QtCore import QByteArray, QDataStream, QLineF, QPointF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPen, QPolygonF

from cifar_desktop.training.widgets.curves.axis_math import (
    Floats,
    Range,
    Viewport,
    downsampled,
    isolated,
    scaled,
    value_range,
)
from cifar_desktop.training.widgets.curves.plot_axes import Projection

_ISOLATED = 6.0
"""Diameter of a point that no line reaches."""
_SPACING = 7
"""Least pixels between dots."""
_NOISY = 4.0
"""A line that goes up and down more often than this through the whole height is noisy."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ChartLine:
    """What to draw: points, joined by a line, as dots, or both.

    Attributes:
        x: Position of each point in epochs, ascending.
        y: Values; NaN is a gap.
        color: Of line and dots.
        width: Width of the line in pixels.
        style: Solid, dashed (`CustomDashLine`) or none.
        smooth: Whether it hardly varies within a pixel.
        dots: Diameter of the dots; a point that no line reaches always gets one.
        fitted: Whether the axis is to hold it; an average of another line need not be looked at.
    """

    x: Floats
    y: Floats
    color: QColor
    width: float = 1.5
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    smooth: bool = False
    dots: float = 0.0
    fitted: bool = True


class DrawnLine:
    """Paints a line; points and shapes are kept until line, viewport or projection change.

    Attributes:
        range: The visible range of values, or None.
    """

    def __init__(self) -> None:
        self.range: Range | None = None
        self._source: tuple[ChartLine, Viewport] | None = None
        self._points: tuple[Floats, Floats] = (np.empty(0), np.empty(0))
        self._projection: Projection | None = None
        self._runs: list[Floats] = []
        self._polygons: list[QPolygonF] = []
        self._segments: list[QLineF] = []
        self._noisy = False
        self._dots: list[QPointF] = []

    def update(self, line: ChartLine, viewport: Viewport, *, ignore_outliers: bool) -> None:
        """Take the points that are visible."""
        if self._source is not None and self._source[0] is line and self._source[1] == viewport:
            return
        self._source, self._projection = (line, viewport), None
        y = scaled(line.y, log=viewport.log)
        x, y = self._points = downsampled(line.x, y, viewport, smooth=line.smooth)
        seen = (x >= viewport.start) & (x <= viewport.end) & line.fitted
        self.range = value_range(y[seen], ignore_outliers=ignore_outliers)

    def paint(self, painter: QPainter, projection: Projection, background: QColor) -> None:
        """Paint the line, and dots with a ring in the color of the background."""
        if self._source is None:
            return
        line, viewport = self._source
        if projection != self._projection:
            self._project(line, projection)
        # A thin line that goes up and down in every column fills an area: width and smooth edges
        # would not show, but take most of the time.
        band = line.width <= 1 and len(self._points[0]) > viewport.columns
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=not band)
        painter.setPen(_pen(line, hairline=band))
        self._paint_joined(painter, line, hairline=band)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(background, 1))
        painter.setBrush(line.color)
        radius = (line.dots or _ISOLATED) / 2
        for center in self._dots:
            painter.drawEllipse(center, radius, radius)

    def _paint_joined(self, painter: QPainter, line: ChartLine, *, hairline: bool) -> None:
        wide = line.width * painter.deviceTransform().m11() > 1 and not hairline
        raster = painter.paintEngine().type() == QPaintEngine.Type.Raster
        if wide and raster and self._noisy and line.style == Qt.PenStyle.SolidLine:
            # As one shape, a wide line that crosses itself takes up to a hundred times as long.
            self._segments = self._segments or list(chain(*map(_segments, self._runs)))
            painter.drawLines(self._segments)
        elif line.style != Qt.PenStyle.NoPen:
            for polygon in self._polygons:
                painter.drawPolyline(polygon)

    def _project(self, line: ChartLine, projection: Projection) -> None:
        self._projection = projection
        x, y = self._points
        points, known = projection.pixels(x, y), np.isfinite(y)
        edges = np.flatnonzero(np.diff(np.pad(known, 1))).reshape(-1, 2)
        self._runs = [points[start:end] for start, end in edges if end - start > 1]
        self._polygons, self._segments = list(map(_polygon, self._runs)), []
        travel = sum(float(np.abs(np.diff(run[:, 1])).sum()) for run in self._runs)
        self._noisy = travel > _NOISY * projection.plot.height()
        if not line.dots or np.count_nonzero(known) * _SPACING > projection.plot.width():
            known = isolated(y)
        self._dots = [QPointF(*point) for point in points[known].tolist()]


def _pen(line: ChartLine, *, hairline: bool) -> QPen:
    pen = QPen(line.color, 1.0 if hairline else line.width, line.style)
    pen.setCosmetic(hairline)  # One pixel of the device.
    pen.setJoinStyle(Qt.PenJoinStyle.BevelJoin)
    if line.style == Qt.PenStyle.CustomDashLine:
        pen.setDashPattern([4, 3])
    return pen


def _polygon(points: Floats) -> QPolygonF:
    """Points as Qt reads them from a stream: making an object for each takes ten times as long."""
    numbers = np.array(len(points), ">u4").tobytes() + points.astype(">f8").tobytes()
    polygon = QPolygonF()
    QDataStream(QByteArray(numbers)) >> polygon
    return polygon


def _segments(points: Floats) -> list[QLineF]:
    x, y = points.T.tolist()
    return list(map(QLineF, x, y, x[1:], y[1:]))
