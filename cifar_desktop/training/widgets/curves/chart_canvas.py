"""A chart: lines over a quiet grid, in a card with a title; the base of the metric charts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cifar_desktop.look.colors import readable
from cifar_desktop.look.shapes import CARD_RADIUS, outline
from cifar_desktop.look.type_scale import Text, font, label, unit
from cifar_desktop.look.widgets import icon_button, small
from cifar_desktop.training.widgets.curves.axis_math import Range, Viewport, padded
from cifar_desktop.training.widgets.curves.chart_line import ChartLine, DrawnLine
from cifar_desktop.training.widgets.curves.legend import CurvesLegend
from cifar_desktop.training.widgets.curves.plot_axes import (
    Projection,
    paint_axes,
    x_ticks,
    y_ticks,
)
from cifar_desktop.ui.chart_palette import ChartPalette, chart_palette
from cifar_desktop.ui.style import GRID

_BEST = "best"
_TUNE = "Smoothing, log scale, and following the run"
_SAVE = "Save the charts or their data"
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
        self.heading, self.legend = label(metric.title, Text.STRONG), CurvesLegend()
        self.tune = icon_button("tune", f"Display of the {metric.title.lower()}", _TUNE)
        self.more = icon_button("more", f"Save the {metric.title.lower()}", _SAVE)
        self._best: float | None = None
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

    def show_best(self, epoch: float | None) -> None:
        """Mark the best epoch, or none."""
        if epoch != self._best:
            self._best = epoch
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
        """Fit the lines."""
        super().resizeEvent(event)
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
        focus, colors = self.hasFocus(), self.colors
        outline(
            painter, self.rect(), colors.focus if focus else colors.edge, ground=colors.ground,
            width=2 if focus else 1, radius=CARD_RADIUS,
        )  # fmt: skip
        painter.setFont(self._small)
        projection = self.projection
        up = y_ticks(projection, self._metric.label, log=self._log)
        paint_axes(painter, projection, x_ticks(projection), up, self.colors)
        if self._best is not None and self._span[0] <= self._best <= self._span[1]:
            self._paint_best(painter, self._best)
        painter.setClipRect(projection.plot)
        for line in self._drawn:
            line.paint(painter, projection, self.colors.ground)

    def _paint_best(self, painter: QPainter, epoch: float) -> None:
        """Paint a dashed line through the best epoch, with its name above."""
        color = readable(self.colors.validation, [self.colors.ground])
        plot, across = self.plot, round(self.projection.x_pixel(epoch)) + 0.5
        pen = QPen(color, 1.2)
        pen.setDashPattern([2.5, 2.5])
        painter.setPen(pen)
        painter.drawLine(QPointF(across, plot.top()), QPointF(across, plot.bottom()))
        painter.setFont(font(Text.STRONG))
        width, height = (
            painter.fontMetrics().horizontalAdvance(_BEST),
            painter.fontMetrics().height(),
        )
        left = min(max(across - width / 2, plot.left()), plot.right() - width)
        place = QRectF(left, plot.top() - height, width + 1, height)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, _BEST)

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

    def _build_card(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(GRID + GRID // 2, 0, 0, 0)
        top.setSpacing(2)
        top.addWidget(self.heading)
        top.addSpacing(GRID)
        top.addWidget(self.legend, 1)
        for button in (self.tune, self.more):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            top.addWidget(small(button))
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[GRID // 2 + 2] * 4)
        layout.addLayout(top)
        layout.addStretch()

    def _apply_style(self) -> None:
        """Take colors and sizes from palette and font."""
        self.colors = chart_palette(self.palette())
        self._small = font(Text.CAPTION)
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
        left = unit() + metrics.horizontalAdvance("100 %") + unit()
        top = unit() + self.legend.sizeHint().height() + metrics.height()
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
