"""Loss, accuracy and learning rate side by side or stacked, with one x axis for all."""

from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from cifar_desktop.look.type_scale import unit
from cifar_desktop.training.widgets.curves.axis_math import Floats, Range, clamped, follow_end
from cifar_desktop.training.widgets.curves.chart_canvas import Metric
from cifar_desktop.training.widgets.curves.cursor_table import CursorTable
from cifar_desktop.training.widgets.curves.cursor_values import (
    latest_values,
    markers,
    progress_words,
    values_at,
)
from cifar_desktop.training.widgets.curves.legend import entries
from cifar_desktop.training.widgets.curves.lines import ChartLines, RunLines, comparison_lines
from cifar_desktop.training.widgets.curves.metric_chart import MetricChart
from cifar_desktop.training.widgets.curves.run_curves import RunCurves, nearest
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.style import GRID

_METRICS = {
    "loss": Metric(title="Loss", label="{:g}".format, limits=(0.0, np.inf), ignore_outliers=True),
    "accuracy": Metric(title="Accuracy", label="{:g} %".format, limits=(-0.5, 100.5)),
    "rate": Metric(title="Learning rate", label="{:g}".format, limits=(0.0, np.inf)),
}
_WIDE = 95 * GRID
_ROOM_FOR_RATE = 24 * GRID
_LOW = 52 * GRID
_END = 1.015
"""The axis extends a little beyond the last epoch, so its dot is whole."""


class CurvesCharts(QWidget):
    """Shows runs, follows the selected one, and shows the values at the cursor.

    Signals:
        following_changed: Whether the whole run is shown as it grows.
    """

    following_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected: RunCurves | None = None
        self._others: tuple[RunCurves, ...] = ()
        self._run_lines = RunLines()
        self._behind: ChartLines | None = None
        self._weight = 0.0
        self._following = True
        self._span: Range = (0.0, 1.0)
        self._cursor: float | None = None
        self._beside: bool | None = None
        self._rate_asked_for = False
        self.charts = {key: MetricChart(metric, self) for key, metric in _METRICS.items()}
        self.readout = CursorTable(self)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(unit() + unit() // 2)
        self._connect()
        self._arrange(beside=True)
        self._show_rate()

    def show_runs(self, selected: RunCurves | None, others: tuple[RunCurves, ...]) -> None:
        """Show a run, with others behind it; another run is followed from its start."""
        before, self._selected = self._selected, selected
        if others is not self._others:
            self._others, self._behind = others, None
        if selected is None or before is None or not selected.continues(before):
            self._set_following(following=True)
        self._refresh()

    def smooth(self, weight: float) -> None:
        """Smooth the training lines with a moving average of this weight."""
        self._weight, self._behind = weight, None
        self._refresh()

    def show_log(self, log: bool) -> None:  # noqa: FBT001 - a slot
        """Show the loss on a logarithmic or a linear scale."""
        self.charts["loss"].show_log(log=log)

    def show_rate(self, shown: bool) -> None:  # noqa: FBT001 - a slot
        """Show the learning rate, where there is room, or hide it."""
        self._rate_asked_for = shown
        self._show_rate()

    def show_for_export(self) -> None:
        """Show all that there is, and no buttons."""
        self._rate_asked_for = True
        for chart in self.charts.values():
            chart.tune.hide()
            chart.more.hide()

    @property
    def view(self) -> tuple[bool, Range, float]:
        """Whether it follows, the visible part of the x axis, and the smoothing."""
        return self._following, self._span, self._weight

    def copy_view(self, other: "CurvesCharts") -> None:
        """Show the same part of the same runs as other charts, without the cursor."""
        self._following, self._span, self._weight = other.view
        self._behind = None
        self._refresh()
        for key, chart in self.charts.items():
            chart.copy_view(other.charts[key])

    @Slot()
    def follow(self) -> None:
        """Show the whole run again as it grows."""
        for chart in self.charts.values():
            chart.choose_y(None)
        self._set_following(following=True)
        self._refresh()

    def changeEvent(self, event: QEvent) -> None:
        """Redraw in the colors of another palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._behind = None
            self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two charts side by side if there is room, or too little height for three rows."""
        super().resizeEvent(event)
        self._show_rate()
        self._arrange(beside=event.size().width() >= _WIDE or event.size().height() < _LOW)

    def _connect(self) -> None:
        for chart in self.charts.values():
            chart.span_requested.connect(self._choose_span)
            chart.follow_requested.connect(self.follow)
            chart.hovered.connect(partial(self._hover, chart))
            chart.hover_ended.connect(self._hide_cursor)
            chart.step_requested.connect(partial(self._step, chart))

    def _show_rate(self) -> None:
        room = self.height() >= _ROOM_FOR_RATE
        self.charts["rate"].setVisible(self._rate_asked_for and room)
        self._stretch()

    def _arrange(self, *, beside: bool) -> None:
        if beside == self._beside:
            return
        self._beside = beside
        places = ((0, 0, 1), (0, 1, 1), (1, 0, 2)) if beside else ((0, 0, 2), (1, 0, 2), (2, 0, 2))
        for chart, (row, column, columns) in zip(self.charts.values(), places, strict=True):
            self._grid.addWidget(chart, row, column, 1, columns)
        self._stretch()
        for column in (0, 1):
            self._grid.setColumnStretch(column, 1)

    def _stretch(self) -> None:
        """Give the rows their share of the height; a hidden chart has none."""
        rate = 0 if self.charts["rate"].isHidden() else 3
        for row, stretch in enumerate((5, rate, 0) if self._beside else (5, 5, rate)):
            self._grid.setRowStretch(row, stretch)

    def _refresh(self) -> None:
        """Redraw what has changed."""
        colors = chart_palette(self.palette())
        if self._behind is None:
            self._behind = comparison_lines(self._others, colors, self._weight)
        lines = self._behind
        if self._selected is not None:
            lines = lines.under(self._run_lines.make(self._selected, colors, self._weight))
        if self._following:
            self._span = self._whole_span()
        for key, chart in self.charts.items():
            chart.show_lines(getattr(lines, key), self._span)
        self._describe()
        self._show_cursor()

    def _whole_span(self) -> Range:
        """The span while following: all of every run that is shown."""
        runs = [*self._others, *([self._selected] if self._selected else [])]
        reached = max((run.reached for run in runs), default=0.0)
        return 0.0, _END * follow_end(reached, max((run.epochs for run in runs), default=1))

    def _set_following(self, *, following: bool) -> None:
        if following != self._following:
            self._following = following
            self.following_changed.emit(following)

    @Slot(float, float)
    def _choose_span(self, start: float, end: float) -> None:
        self._set_following(following=False)
        runs = [*self._others, *([self._selected] if self._selected else [])]
        whole = max((max(run.reached, run.epochs) for run in runs), default=1.0)
        self._span = clamped((start, end), (0.0, _END * whole))
        self._refresh()

    def _describe(self) -> None:
        run, colors = self._selected, chart_palette(self.palette())
        for key, chart in self.charts.items():
            values = latest_values(run, key) if run is not None else []
            chart.legend.show_entries(entries(values, self._others, colors))
            if run is not None:
                words = ", ".join(f"{name} {value}".strip() for name, value in values)
                chart.describe(words, progress_words(run))
                chart.show_best(run.best if key != "rate" else None)

    def _hover(self, chart: MetricChart, x: float, at: QPointF) -> None:
        self._cursor = self._snapped(x)
        self._show_cursor(chart.mapTo(self, at.toPoint()))

    def _step(self, chart: MetricChart, by: int) -> None:
        """Read the values of the next point, and announce them to assistive technology."""
        xs = self._steps()
        if not len(xs):
            return
        index = None if self._cursor is None else nearest(xs, self._cursor)
        index = len(xs) - 1 if index is None else min(max(index + by, 0), len(xs) - 1)
        self._cursor = float(xs[index])
        self._reveal(self._cursor)
        self._show_cursor(self._position(chart, self._cursor))
        words = values_at(self._selected, self._others, self._cursor).sentence
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(chart, words))

    @Slot()
    def _hide_cursor(self) -> None:
        self._cursor = None
        self._show_cursor()

    def _show_cursor(self, at: QPoint | None = None) -> None:
        """Show the cursor in all charts and its values, at a new position or the current one."""
        if self._cursor is None:
            self.readout.hide()
        colors = chart_palette(self.palette())
        for key, chart in self.charts.items():
            shown = markers(self._selected, self._others, key, self._cursor, colors)
            chart.show_cursor(self._cursor, shown)
        if self._cursor is not None:
            values = values_at(self._selected, self._others, self._cursor)
            self.readout.show_values(values, colors, at)

    def _steps(self) -> Floats:
        run = self._selected or next(iter(self._others), None)
        if run is None:
            return np.empty(0)
        return run.x if len(run.x) else run.epoch_x

    def _snapped(self, x: float) -> float:
        """The nearest point of the run, if one is close."""
        steps = self._steps()
        index = nearest(steps, x) if len(steps) else None
        return x if index is None else float(steps[index])

    def _reveal(self, x: float) -> None:
        start, end = self._span
        if not start <= x <= end:
            half = (end - start) / 2
            self._choose_span(x - half, x + half)

    def _position(self, chart: MetricChart, x: float) -> QPoint:
        across = chart.projection.x_pixel(x)
        return chart.mapTo(self, QPointF(across, chart.plot.center().y()).toPoint())
