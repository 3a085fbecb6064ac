"""The live curves of a run: loss, accuracy and learning rate; part of the Training tab."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, label
from cifar_desktop.look.widgets import Card, IconLabel
from cifar_desktop.training.widgets.curves.charts import CurvesCharts
from cifar_desktop.training.widgets.curves.run_curves import RunCurves
from cifar_desktop.training.widgets.curves.toolbar import CurvesToolbar
from cifar_desktop.ui.style import GRID

__all__ = ["CurvesPane", "RunCurves"]

NO_RUN = "Press Start to watch a network learn"
NO_POINTS = "Waiting for the first metrics…"

_MEANING = "Loss and accuracy are drawn here while it learns, step by step."
_PAGE = QSize(960, 640)


class CurvesPane(QWidget):
    """Shows a run, and earlier ones for comparison; does no work while hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected: RunCurves | None = None
        self._others: tuple[RunCurves, ...] = ()
        self._no_points = NO_POINTS
        self._stale = self._for_export = False
        self.toolbar = CurvesToolbar(self)
        self.title, self.empty = label(size=Text.HEADING), label(NO_RUN, Text.TITLE)
        self.title.hide()
        self.charts = CurvesCharts()
        self._pages = QStackedWidget()
        self._lay_out()
        self._connect()
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
        whole.title.setText(self._selected.name if self._selected is not None else "")
        whole.title.show()
        whole.charts.show_for_export()
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

    def _lay_out(self) -> None:
        self._blank, meaning = Card(), label(_MEANING, quiet=True)
        column = QVBoxLayout(self._blank)
        column.addStretch(2)
        column.addWidget(IconLabel("training", "quiet", 5 * GRID), 0, Qt.AlignmentFlag.AlignHCenter)
        for each in (self.empty, meaning):
            each.setAlignment(Qt.AlignmentFlag.AlignCenter)
            each.setWordWrap(True)
            column.addWidget(each)
        column.addStretch(3)
        self._pages.addWidget(self._blank)
        self._pages.addWidget(self.charts)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.title)
        layout.addWidget(self._pages, 1)

    def _connect(self) -> None:
        self.toolbar.follow_requested.connect(self.charts.follow)
        self.toolbar.log_changed.connect(self.charts.show_log)
        self.toolbar.smoothing_changed.connect(self.charts.smooth)
        self.charts.smooth(self.toolbar.weight)
        self.charts.following_changed.connect(self._show_following)
        for chart in self.charts.charts.values():
            chart.more.setMenu(self.toolbar.menu)
            chart.tune.clicked.connect(lambda _=False, at=chart.tune: self.toolbar.open_below(at))
        # The controls are out of sight, but their keys are not out of reach.
        for keys, act in (
            (QKeySequence.StandardKey.Save, self._open_menu),
            ("Alt+L", self.toolbar.follow.click),
            ("Alt+G", self.toolbar.log.click),
            ("Alt+M", self._open_controls),
        ):
            QShortcut(QKeySequence(keys), self, act)

    @Slot()
    def _open_menu(self) -> None:
        if self.drawable:
            self.charts.charts["loss"].more.showMenu()

    @Slot()
    def _open_controls(self) -> None:
        if self.drawable:
            self.toolbar.open_below(self.charts.charts["loss"].tune)

    def _show(self) -> None:
        self._stale = not (self.isVisible() or self._for_export)
        if self._stale:
            return
        drawable = self.drawable
        self.empty.setText(self._no_points if self._selected is not None else NO_RUN)
        self._pages.setCurrentWidget(self.charts if drawable else self._blank)
        self.charts.show_runs(self._selected, self._others)

    def _runs(self) -> list[RunCurves]:
        return [*self._others, *([self._selected] if self._selected is not None else [])]

    def _show_following(self, following: bool) -> None:  # noqa: FBT001 - a slot
        self.toolbar.show_following(following=following)
