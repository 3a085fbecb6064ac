"""A chart: lines over a quiet grid, in a card with a title; the base of the metric charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cifar_desktop.training.widgets.curves.axis_math import Range, Viewport, padded
from cifar_desktop.training.widgets.curves.chart_line import ChartLine, DrawnLine
from cifar_desktop.training.widgets.curves.plot_axes import (
    Projection,
    paint_axes,
    x_ticks,
    y_ticks,
)
from cifar_desktop.ui.chart_palette import ChartPalette, chart_palette
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID, RADIUS, scaled_font

_MARKER = 4.5
"""Radius in pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """What a chart shows.

    Attributes:
        title: Title of the chart.
        label: Formats a value as a tick label.
        limits: The y axis does not extend beyond these by itself.
        ignore_outliers: Whether a few values far above all others may be out of range.
    """

    title: str
    label: Callable[[float], str]
    limits: Range = (-np.inf, np.inf)
    ignore_outliers: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMarker:
    """A dot on a line, at the cursor."""

    x: float
    y: float
    color: QColor


class ChartCanvas(QWidget):
    """Draws the visible part of lines and axes."""

    def __init__(self, metric: Metric, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._metric = metric
        self.colors: ChartPalette = chart_palette(self.palette())
        self.heading = QLabel(metric.title)
        self.summary = ElidedLabel()
        self.summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._latest = ("", "")
        self._lines: list[ChartLine] = []
        self._drawn: list[DrawnLine] = []
        self._span: Range = (0.0, 1.0)
        self._chosen_y: Range | None = None
        self._log, self._density = False, self.devicePixelRatioF()
        self._cursor: float | None = None
        self._markers: tuple[ChartMarker, ...] = ()
        self._small = self.font()
        self._picture = QPixmap()
        self._build_card()
        self._apply_style()

    @property
    def span(self) -> Range:
        """The visible part of the x axis."""
        return self._span

    @property
    def has_cursor(self) -> bool:
        """Whether the vertical line is shown."""
        return self._cursor is not None

    @property
    def shown_y(self) -> Range:
        """The visible part of the y axis, in values as drawn."""
        return self.projection.y

    @property
    def plot(self) -> QRectF:
        """The rectangle of the lines, in this widget."""
        return self.projection.plot

    def show_lines(self, lines: Sequence[ChartLine], span: Range) -> None:
        """Draw lines, the last on top, over a part of the x axis."""
        self._lines, self._span = list(lines), span
        kept = self._drawn[: len(lines)]
        self._drawn = kept + [DrawnLine() for _ in lines[len(kept) :]]
        self._redraw()

    def show_log(self, *, log: bool) -> None:
        """Use a logarithmic y axis, or a linear one."""
        self._log, self._chosen_y = log, None
        self._redraw()

    def choose_y(self, shown: Range | None) -> None:
        """Show a part of the y axis; None: the part that fits the lines."""
        self._chosen_y = shown
        self._redraw()

    def show_cursor(self, at: float | None, markers: Sequence[ChartMarker] = ()) -> None:
        """Show a vertical line, and dots at values; None hides both."""
        if (at, *markers) != (self._cursor, *self._markers):
            self._cursor, self._markers = at, tuple(markers)
            self.update()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(40 * GRID, 25 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Large enough to see the trend."""
        return QSize(18 * GRID, 7 * GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the lines and the summary."""
        super().resizeEvent(event)
        self._summarize()
        self._redraw()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._apply_style()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the chart; with a cursor, which moves, from a picture of the rest."""
        painter = QPainter(self)
        if self._cursor is None:
            self._paint(painter)
            return
        if self._picture.isNull():
            self._picture = self._pictured()
        painter.drawPixmap(0, 0, self._picture)
        self._paint_cursor(painter, self._cursor)

    def _pictured(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        with QPainter(picture) as painter:
            self._paint(painter)
        return picture

    def _paint(self, painter: QPainter) -> None:
        """Paint the card with the focus, the axes and the lines."""
        self._match_density(painter.deviceTransform().m11())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        painter.setPen(QPen(self.colors.focus if focus else self.colors.edge, 2 if focus else 1))
        painter.setBrush(self.colors.ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.setFont(self._small)
        projection = self.projection
        up = y_ticks(projection, self._metric.label, log=self._log)
        paint_axes(painter, projection, x_ticks(projection), up, self.colors)
        painter.setClipRect(projection.plot)
        for line in self._drawn:
            line.paint(painter, projection, self.colors.ground)

    def _paint_cursor(self, painter: QPainter, at: float) -> None:
        projection, plot = self.projection, self.plot
        left = round(projection.x_pixel(at) - 0.5)
        painter.fillRect(QRectF(left, plot.top(), 1, plot.height()), self.colors.cursor)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self.colors.ground, 1.5))
        for marker in self._markers:
            if marker.y > 0 or not self._log:
                y = projection.y_pixel(float(np.log10(marker.y)) if self._log else marker.y)
                painter.setBrush(marker.color)
                painter.drawEllipse(QPointF(projection.x_pixel(marker.x), y), _MARKER, _MARKER)

    def _match_density(self, density: float) -> None:
        """A picture in a file may be finer than the screen."""
        density = max(density, self.devicePixelRatioF())
        if density != self._density:
            self._density = density
            self._fit()

    def _summarize(self) -> None:
        words, figures = self._latest
        room = self.width() - self.heading.sizeHint().width() - 5 * GRID
        fits = self.summary.fontMetrics().horizontalAdvance(words) <= room
        self.summary.show_text(words if fits else figures, words)

    def _build_card(self) -> None:
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = QHBoxLayout()
        top.setContentsMargins(GRID, 0, 2 * GRID, 0)
        top.setSpacing(GRID)
        top.addWidget(self.heading)
        top.addWidget(self.summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[GRID // 2] * 4)
        layout.addLayout(top)
        layout.addStretch()

    def _apply_style(self) -> None:
        """Take colors and sizes from palette and font."""
        self.colors = chart_palette(self.palette())
        self._small = scaled_font(self, 0.9, QFont.Weight.Normal)
        self.heading.setFont(scaled_font(self, 1.0, QFont.Weight.DemiBold))
        self.summary.setFont(self._small)
        self._redraw()

    def _redraw(self) -> None:
        self._picture = QPixmap()
        self._fit()
        self.update()

    def _fit(self) -> None:
        """Fit lines and axes to what is visible."""
        plot = self._plot_area()
        viewport = Viewport(
            start=self._span[0],
            end=self._span[1],
            columns=max(int(plot.width() * self._density), 1),
            log=self._log,
        )
        for drawn, line in zip(self._drawn, self._lines, strict=True):
            drawn.update(line, viewport, ignore_outliers=self._metric.ignore_outliers)
        shown = self._chosen_y or self._fitting_y()
        self.projection = Projection(plot=plot, x=self._span, y=shown)

    def _plot_area(self) -> QRectF:
        """Below the title, with room for the labels of both axes."""
        metrics = QFontMetricsF(self._small)
        left = GRID // 2 + metrics.horizontalAdvance("0.0005") + GRID
        top = 2 * GRID + self.heading.sizeHint().height()
        right = self.width() - 2 * GRID
        bottom = self.height() - GRID // 2 - metrics.height() - GRID
        return QRectF(left, top, max(right - left, 1.0), max(bottom - top, 1.0))

    def _fitting_y(self) -> Range:
        ranges = [drawn.range for drawn in self._drawn if drawn.range is not None]
        if not ranges:
            return (0.0, 1.0)
        low, high = padded(min(low for low, _high in ranges), max(high for _low, high in ranges))
        if self._log:
            return low, high
        return max(low, self._metric.limits[0]), min(high, self._metric.limits[1])
