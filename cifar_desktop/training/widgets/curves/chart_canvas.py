"""A chart: lines over a quiet grid, in a card with a title; the ground of the metric charts.

Drawn with pyqtgraph, of which only view, axes and curves are used: mouse, keys, ranges and ticks
are the metric chart's and the pane's.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cifar_desktop.training.widgets.curves.axis_math import Range, Window, log_ticks, roomy, ticks
from cifar_desktop.training.widgets.curves.chart_line import ChartLine, DrawnLine
from cifar_desktop.ui.chart_palette import ChartPalette, ink
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID, RADIUS, scaled_font

_TICKS = ((60, 8), (26, 6))
"""Of the x axis and the y axis: pixels from one tick to the next, at least, and the most ticks."""

Ticks = list[tuple[float, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What a chart shows."""

    title: str
    tick: Callable[[float], str]
    """The words for a value on the axis."""
    limits: Range = (-np.inf, np.inf)
    """Beyond these the axis does not go by itself."""
    usual: bool = False
    """Whether a few values far above all others may lie outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartMarker:
    """A dot at a value that is read."""

    x: float
    y: float
    color: QColor


class ChartCanvas(QWidget):
    """Draws lines in the part of the axes that it is told to show."""

    def __init__(self, measure: Measure, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.measure = measure
        self.ink: ChartPalette = ink(self.palette())
        self.heading = QLabel(measure.title)
        self.summary = ElidedLabel()
        self.summary.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._words = ("", "")
        self._lines: list[ChartLine] = []
        self._drawn: list[DrawnLine] = []
        self._span: Range = (0.0, 1.0)
        self._chosen_y: Range | None = None
        self._log, self.fineness = False, 0.0  # Pixels for each unit where it is not the screen's.
        self._ticks: tuple[Ticks, Ticks] = ([], [])
        self._view = pg.GraphicsView(self, useOpenGL=False, background=None)
        self._box = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0)
        self._axes = (pg.AxisItem("bottom"), pg.AxisItem("left"))
        self._cursor = pg.InfiniteLine(angle=90)
        self._marks = pg.ScatterPlotItem(antialias=True)
        self._build_view()
        self._build_card()
        self._apply_style()
        self._box.sigResized.connect(self._fit_plot)

    @property
    def span(self) -> Range:
        """The part of the x axis that is shown."""
        return self._span

    @property
    def has_cursor(self) -> bool:
        """Whether the vertical line is shown."""
        return bool(self._cursor.isVisible())

    @property
    def shown_y(self) -> Range:
        """The part of the y axis that is shown, in values as they are drawn."""
        low, high = self._box.viewRange()[1]
        return float(low), float(high)

    @property
    def plot(self) -> QRectF:
        """Where the lines are, in this widget."""
        corner = QPointF(self._view.pos())
        return QRectF(self._box.sceneBoundingRect()).translated(corner)

    def show_lines(self, lines: Sequence[ChartLine], span: Range) -> None:
        """Draw lines, the last on top, in a part of the x axis."""
        self._lines, self._span = list(lines), span
        while len(self._drawn) > len(lines):
            self._drawn.pop().remove()
        while len(self._drawn) < len(lines):
            drawn = DrawnLine(
                self._box, self.ink.ground, len(self._drawn), usual=self.measure.usual
            )
            self._drawn.append(drawn)
        self._redraw()

    def show_log(self, *, log: bool) -> None:
        """Use a logarithmic y axis, or a linear one."""
        self._log, self._chosen_y = log, None
        self._redraw()

    def choose_y(self, shown: Range | None) -> None:
        """Show a part of the y axis, or, with None, the one that fits the lines."""
        self._chosen_y = shown
        self._redraw()

    def show_cursor(self, at: float | None, marks: Sequence[ChartMarker] = ()) -> None:
        """Show a vertical line, and dots at values; or take them away."""
        self._cursor.setVisible(at is not None)
        self._marks.setVisible(at is not None)
        if at is None:
            return
        self._cursor.setValue(at)
        spots = [
            {"pos": (mark.x, self._to_scale(mark.y)), "brush": pg.mkBrush(mark.color)}
            for mark in marks
            if mark.y > 0 or not self._log
        ]
        self._marks.setData(spots, pen=pg.mkPen(self.ink.ground, width=1.5), size=9)

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(40 * GRID, 25 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Large enough to see where it goes."""
        return QSize(18 * GRID, 7 * GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Say as much as there is room for."""
        super().resizeEvent(event)
        self._summarise()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._apply_style()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card, with the focus."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        focus = self.hasFocus()
        painter.setPen(QPen(self.ink.focus if focus else self.ink.edge, 2 if focus else 1))
        painter.setBrush(self.ink.ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)

    def _summarise(self) -> None:
        words, figures = self._words
        room = self.width() - self.heading.sizeHint().width() - 5 * GRID
        fits = self.summary.fontMetrics().horizontalAdvance(words) <= room
        self.summary.show_text(words if fits else figures, words)

    def _to_scale(self, y: float) -> float:
        return float(np.log10(y)) if self._log else y

    def _build_view(self) -> None:
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._view.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        for widget in (self._view, self._view.viewport()):
            widget.setAcceptDrops(False)  # The window takes what is dropped anywhere on it.
        grid = self._view.centralLayout
        grid.setContentsMargins(0, GRID, GRID + GRID // 2, 0)
        grid.setSpacing(0)
        bottom, left = self._axes
        for item, row, column in ((left, 0, 0), (self._box, 0, 1), (bottom, 1, 1)):
            grid.addItem(item, row, column)
        for axis in self._axes:
            axis.linkToView(self._box)
            axis.setZValue(self._box.zValue() - 1)
            axis.setPen(pg.mkPen(None))
            axis.setStyle(
                tickLength=0,
                tickAlpha=1.0,
                hideOverlappingLabels=3 * GRID,
                tickTextOffset=GRID // 2,
            )
        for item, order in ((self._cursor, -0.5), (self._marks, 1000)):
            item.setZValue(order)
            item.setVisible(False)
            self._box.addItem(item, ignoreBounds=True)

    def _build_card(self) -> None:
        self.summary.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        top = QHBoxLayout()
        top.setContentsMargins(GRID, 0, 2 * GRID, 0)
        top.setSpacing(GRID)
        top.addWidget(self.heading)
        top.addWidget(self.summary, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[GRID // 2] * 4)
        layout.setSpacing(GRID // 2)
        layout.addLayout(top)
        layout.addWidget(self._view, 1)

    def _apply_style(self) -> None:
        """Take colours and sizes from palette and font."""
        self.ink = ink(self.palette())
        self._view.setBackground(self.ink.ground)
        font = scaled_font(self, 0.9, QFont.Weight.Normal)
        self.heading.setFont(scaled_font(self, 1.0, QFont.Weight.DemiBold))
        self.summary.setFont(font)
        self._cursor.setPen(pg.mkPen(self.ink.cursor, width=1))
        metrics = QFontMetricsF(font)
        for axis in self._axes:
            axis.setTickPen(QPen(self.ink.grid, 1.0))
            axis.setTextPen(QPen(self.ink.quiet))
            axis.setStyle(tickFont=font)
        self._axes[0].setHeight(metrics.height() + GRID)
        self._axes[1].setWidth(metrics.horizontalAdvance("0.0005") + GRID)
        for drawn in self._drawn:
            drawn.remove()
        self._drawn = []
        self.show_lines(self._lines, self._span)

    def _fit_plot(self) -> None:
        # Ticks into the plot, as long as it is wide, are the grid. pyqtgraph's own would leave
        # out the words of the first and the last line.
        self._axes[1].setStyle(tickLength=-int(self._box.width()))
        self._redraw()

    def _redraw(self) -> None:
        """Draw the lines anew where they or the window have changed, then fit the axes."""
        density = self.fineness or self.devicePixelRatioF()
        window = Window(
            start=self._span[0],
            end=self._span[1],
            pixels=max(int(self._box.width() * density), 1),
            density=density,
            log=self._log,
        )
        for drawn, line in zip(self._drawn, self._lines, strict=True):
            drawn.draw(line, window)
        shown = self._chosen_y or self._fitting_y()
        self._box.setRange(
            xRange=self._span, yRange=shown, padding=0, update=False, disableAutoRange=True
        )
        self._box.update()
        self._show_ticks(shown)

    def _fitting_y(self) -> Range:
        ranges = [drawn.range for drawn in self._drawn if drawn.range is not None]
        if not ranges:
            return (0.0, 1.0)
        low, high = roomy(min(low for low, _high in ranges), max(high for _low, high in ranges))
        if self._log:
            return low, high
        return max(low, self.measure.limits[0]), min(high, self.measure.limits[1])

    def _show_ticks(self, shown: Range) -> None:
        across, down = (
            min(max(int(room // every), 1), most)
            for room, (every, most) in zip(
                (self._box.width(), self._box.height()), _TICKS, strict=True
            )
        )
        values = log_ticks(*shown, down) if self._log else ticks(*shown, down)
        if self._box.height() < _TICKS[1][0]:
            values = values[-1:]
        words = [(self._to_scale(value), self.measure.tick(value)) for value in values]
        shown_ticks = (_epoch_ticks(self._span, across), words)
        for axis, before, now in zip(self._axes, self._ticks, shown_ticks, strict=True):
            if before != now:  # An axis paints itself anew with every set of ticks.
                axis.setTicks([now])
        self._ticks = shown_ticks


def _epoch_ticks(span: Range, count: int) -> Ticks:
    """Ticks of the x axis; the first one says what they count."""
    values = ticks(*span, count, factors=(1, 2, 5, 10))
    words = [f"{value:g}" for value in values]
    if words:
        words[0] = f"epoch {words[0]}"
    return list(zip(values, words, strict=True))
