"""Loss, accuracy and learning rate side by side or below each other, one x axis for all.

Part of the curves pane, which imports this, and with it pyqtgraph, when it is made.
"""

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from cifar_desktop.training.widgets.curves.axis_math import Floats, Range, follow_end, kept_within
from cifar_desktop.training.widgets.curves.chart_canvas import Measure
from cifar_desktop.training.widgets.curves.cursor_table import CursorTable
from cifar_desktop.training.widgets.curves.cursor_values import (
    latest_values,
    marks,
    progress_words,
    reading,
)
from cifar_desktop.training.widgets.curves.lines import Lines, OwnLines, other_lines
from cifar_desktop.training.widgets.curves.metric_chart import MetricChart
from cifar_desktop.training.widgets.curves.run_curves import RunCurves, nearest
from cifar_desktop.ui.chart_palette import ink
from cifar_desktop.ui.style import GRID

_MEASURES = {
    "loss": Measure(
        title="Loss", tick=lambda value: f"{value:g}", limits=(0.0, float("inf")), usual=True
    ),
    "accuracy": Measure(title="Accuracy", tick=lambda value: f"{value:g} %", limits=(-0.5, 100.5)),
    "rate": Measure(
        title="Learning rate", tick=lambda value: f"{value:g}", limits=(0.0, float("inf"))
    ),
}
_WIDE = 95 * GRID
_ROOM_FOR_RATE = 24 * GRID
_LOW = 52 * GRID
_END = 1.015
"""The axis goes on a little behind the last epoch, so that its dot is whole."""


class CurvesCharts(QWidget):
    """Shows runs, follows the one that is looked at, and reads values out.

    Signals:
        following_changed: Whether the whole run is shown, as it grows.
    """

    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._own: RunCurves | None = None
        self._others: tuple[RunCurves, ...] = ()
        self._lines = OwnLines()
        self._behind: Lines | None = None
        self._weight = 0.0
        self._following = True
        self._span: Range = (0.0, 1.0)
        self._cursor: float | None = None
        self._beside: bool | None = None
        self.charts = {key: MetricChart(measure, self) for key, measure in _MEASURES.items()}
        self.readout = CursorTable(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID)
        self._connect()
        self._arrange(beside=True)

    def show_runs(self, own: RunCurves | None, others: tuple[RunCurves, ...]) -> None:
        """Show a run, and others behind it; a run that begins anew is followed."""
        before, self._own = self._own, own
        if others is not self._others:
            self._others, self._behind = others, None
        if own is None or before is None or not own.continues(before):
            self._set_following(following=True)
        self._refresh()

    def smooth(self, weight: float) -> None:
        """Draw an average over the lines of training."""
        self._weight, self._behind = weight, None
        self._refresh()

    def show_log(self, log: bool) -> None:  # noqa: FBT001 - a slot
        """Show the loss on a logarithmic scale, or a linear one."""
        self.charts["loss"].show_log(log=log)

    @property
    def outlook(self) -> tuple[bool, Range, float]:
        """Whether it follows, the part of the x axis that is shown, and the smoothing."""
        return self._following, self._span, self._weight

    def look_like(self, other: "CurvesCharts") -> None:
        """Show the same part of the same runs as other charts, without the cursor."""
        self._following, self._span, self._weight = other.outlook
        self._behind = None
        self._refresh()
        for key, chart in self.charts.items():
            chart.look_like(other.charts[key])

    @Slot()
    def follow(self) -> None:
        """Show the whole run again, as it grows."""
        for chart in self.charts.values():
            chart.choose_y(None)
        self._set_following(following=True)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Draw in the colours of another palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._behind = None
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two charts abreast where there is room, or too little height for three rows."""
        super().resizeEvent(event)
        self.charts["rate"].setVisible(event.size().height() >= _ROOM_FOR_RATE)
        self._arrange(beside=event.size().width() >= _WIDE or event.size().height() < _LOW)

    def _connect(self) -> None:
        for chart in self.charts.values():
            chart.span_chosen.connect(self._choose_span)
            chart.followed.connect(self.follow)
            chart.pointed.connect(partial(self._point, chart))
            chart.left.connect(self._forget_cursor)
            chart.stepped.connect(partial(self._step, chart))

    def _arrange(self, *, beside: bool) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        places = ((0, 0, 1), (0, 1, 1), (1, 0, 2)) if beside else ((0, 0, 2), (1, 0, 2), (2, 0, 2))
        for chart, (row, column, columns) in zip(self.charts.values(), places, strict=True):
            self._grid.addWidget(chart, row, column, 1, columns)
        for row, stretch in enumerate((5, 3, 0) if beside else (5, 5, 3)):
            self._grid.setRowStretch(row, stretch)
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)

    def _refresh(self) -> None:
        """Draw everything anew that has changed."""
        colors = ink(self.palette())
        if self._behind is None:
            self._behind = other_lines(self._others, colors, self._weight)
        lines = self._behind
        if self._own is not None:
            lines = lines.below(self._lines.make(self._own, colors, self._weight))
        if self._following:
            self._span = self._whole_span()
        for key, chart in self.charts.items():
            chart.show_lines(getattr(lines, key), self._span)
        self._describe()
        self._show_cursor()

    def _whole_span(self) -> Range:
        """What to show while following; as far as earlier runs reach, if not farther than ours."""
        far = max((run.reached for run in self._others), default=0.0)
        if self._own is None:
            return 0.0, _END * follow_end(far, max((run.epochs for run in self._others), default=1))
        reached = max(self._own.reached, min(far, self._own.epochs))
        return 0.0, _END * follow_end(reached, self._own.epochs)

    def _set_following(self, *, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    @Slot(float, float)
    def _choose_span(self, start: float, end: float) -> None:
        self._set_following(following=False)
        runs = [*self._others, *([self._own] if self._own else [])]
        whole = max((max(run.reached, run.epochs) for run in runs), default=1.0)
        self._span = kept_within((start, end), (0.0, _END * whole))
        self._refresh()

    def _describe(self) -> None:
        if self._own is None:
            return
        for key, chart in self.charts.items():
            values = latest_values(self._own, key)
            words = ", ".join(f"{name} {value}".strip() for name, value in values)
            figures = ", ".join(value for _name, value in values)
            chart.describe(words, figures, progress_words(self._own))

    def _point(self, chart: MetricChart, x: float, at: QPointF) -> None:
        self._cursor = self._snapped(x)
        self._show_cursor(chart.mapTo(self, at.toPoint()))

    def _step(self, chart: MetricChart, by: int) -> None:
        """Read the next point, aloud too."""
        xs = self._steps()
        if not len(xs):
            return
        index = None if self._cursor is None else nearest(xs, self._cursor)
        index = len(xs) - 1 if index is None else min(max(index + by, 0), len(xs) - 1)
        self._cursor = float(xs[index])
        self._reveal(self._cursor)
        self._show_cursor(self._place_of(chart, self._cursor))
        words = reading(self._own, self._others, self._cursor).sentence
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(chart, words))

    @Slot()
    def _forget_cursor(self) -> None:
        self._cursor = None
        self._show_cursor()

    def _show_cursor(self, at: QPoint | None = None) -> None:
        """Show the cursor in all charts, and the values there, at a new place or where they are."""
        if self._cursor is None:
            self.readout.hide()
        colors = ink(self.palette())
        for key, chart in self.charts.items():
            shown = marks(self._own, self._others, key, self._cursor, colors)
            chart.show_cursor(self._cursor, shown)
        if self._cursor is not None:
            values = reading(self._own, self._others, self._cursor)
            self.readout.show_reading(values, colors, at)

    def _steps(self) -> Floats:
        run = self._own or next(iter(self._others), None)
        if run is None:
            return np.empty(0)
        return run.x if len(run.x) else run.epoch_x

    def _snapped(self, x: float) -> float:
        """The closest point of the run, if there is one close by."""
        steps = self._steps()
        index = nearest(steps, x) if len(steps) else None
        return x if index is None else float(steps[index])

    def _reveal(self, x: float) -> None:
        start, end = self._span
        if not start <= x <= end:
            half = (end - start) / 2
            self._choose_span(x - half, x + half)

    def _place_of(self, chart: MetricChart, x: float) -> QPoint:
        start, end = self._span
        plot = chart.plot
        left = plot.left() + plot.width() * (x - start) / (end - start)
        return chart.mapTo(self, QPointF(left, plot.center().y()).toPoint())
