"""The live curves of a run: loss, accuracy and learning rate; part of the Training tab."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFont, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from cifar_desktop.training.widgets.curves.charts import CurvesCharts
from cifar_desktop.training.widgets.curves.legend import CurvesLegend, entries
from cifar_desktop.training.widgets.curves.run_curves import RunCurves
from cifar_desktop.training.widgets.curves.toolbar import CurvesToolbar
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.style import GRID, quiet, scaled_font

__all__ = ["CurvesPane", "RunCurves"]

NO_RUN = "Press Start to watch a network learn"
NO_POINTS = "Waiting for the first metrics…"

_WIDE = 90 * GRID
_HIGH = 50 * GRID
_PAGE = QSize(120 * GRID, 80 * GRID)


class CurvesPane(QWidget):
    """Shows a run, and earlier ones for comparison; does no work while hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected: RunCurves | None = None
        self._others: tuple[RunCurves, ...] = ()
        self._no_points = NO_POINTS
        self._stale = self._for_export = False
        self.legend = CurvesLegend()
        self.toolbar = CurvesToolbar()
        self.empty = quiet(NO_RUN)
        self.charts = CurvesCharts()
        self._top = QWidget()
        self._top_layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._top)
        self._pages = QStackedWidget()
        self._lay_out()
        self.toolbar.follow_requested.connect(self.charts.follow)
        self.toolbar.log_changed.connect(self.charts.show_log)
        self.toolbar.smoothing_changed.connect(self.charts.smooth)
        self.charts.following_changed.connect(self._show_following)
        self._show()

    def show_run(self, curves: RunCurves | None, *, empty: str = NO_POINTS) -> None:
        """Show a run, or none; fast enough for ten times a second.

        Args:
            curves: The run.
            empty: Text to show while it has no points.
        """
        self._selected, self._no_points = curves, empty
        self._show()

    def show_others(self, others: Sequence[RunCurves]) -> None:
        """Show these runs behind the selected one."""
        self._others = tuple(others)
        self._show()

    @property
    def drawable(self) -> bool:
        """Whether there is anything to draw."""
        return any(len(run.x) or len(run.epoch_x) for run in self._runs())

    def unscrolled(self) -> "CurvesPane":
        """The same curves with legend and without controls, large enough for a page."""
        whole = CurvesPane()
        whole._for_export = True
        whole.setFont(self.font())
        whole.setContentsMargins(*[GRID] * 4)
        whole.toolbar.hide()
        whole.resize(self.size().expandedTo(_PAGE))
        whole.show_others(self._others)
        whole.show_run(self._selected)
        whole.charts.copy_view(self.charts)
        whole.grab()  # A widget that is never shown is laid out when it is painted.
        return whole

    def showEvent(self, event: QShowEvent) -> None:
        """Show what arrived while hidden."""
        super().showEvent(event)
        if self._stale:
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the controls beside or below the legend, and limit its rows, to fit."""
        super().resizeEvent(event)
        beside = event.size().width() >= _WIDE
        directions = QBoxLayout.Direction
        self.legend.limit_rows(2 if event.size().height() >= _HIGH else 1)
        self._top_layout.setDirection(directions.LeftToRight if beside else directions.TopToBottom)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_legend()

    def _lay_out(self) -> None:
        self._top_layout.setContentsMargins(0, 0, 0, 0)
        self._top_layout.setSpacing(GRID)
        self._top_layout.addWidget(self.legend, 1)
        self._top_layout.addWidget(self.toolbar)
        self.empty.setFont(scaled_font(self.empty, 1.3, QFont.Weight.Normal))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.charts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._top)
        layout.addWidget(self._pages, 1)

    def _show(self) -> None:
        self._stale = not (self.isVisible() or self._for_export)
        if self._stale:
            return
        drawable = self.drawable
        self.empty.setText(self._no_points if self._selected is not None else NO_RUN)
        self._top.setVisible(drawable)
        self._pages.setCurrentWidget(self.charts if drawable else self.empty)
        self._show_legend()
        self.charts.show_runs(self._selected, self._others)

    def _runs(self) -> list[RunCurves]:
        return [*self._others, *([self._selected] if self._selected is not None else [])]

    def _show_legend(self) -> None:
        self.legend.show_entries(
            entries(self._selected, self._others, chart_palette(self.palette()))
        )

    def _show_following(self, following: bool) -> None:  # noqa: FBT001 - a slot
        self.toolbar.show_following(following=following)
