"""The view of the runs table, with its columns."""

from PySide6.QtCore import QByteArray, QPoint, Qt, Slot
from PySide6.QtGui import QAction, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QMenu, QTableView, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, font, unit
from cifar_desktop.training.widgets.runs.cells import RunCells
from cifar_desktop.training.widgets.runs.columns import (
    COLUMNS,
    COMPARE,
    LESSER,
    NAME,
    STARTED,
    STATE,
)
from cifar_desktop.training.widgets.runs.model import RunsModel
from cifar_desktop.ui.style import GRID

_NAME_WIDTH, _WIDEST_NAME = 20 * GRID, 40 * GRID


class RunsView(QTableView):
    """Rows of runs, of which one is selected.

    Args:
        model: The rows.
        parent: The parent widget.
    """

    def __init__(self, model: RunsModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self._named = False  # Whether the user has set the width of the name.
        self._fitting = False
        self.setModel(model)
        self.setItemDelegate(RunCells(self, model))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        # F2 is an action, so that the menu shows it.
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Runs")
        self.setMinimumHeight(12 * GRID)
        self.columns_menu = QMenu("&Columns", self)
        self._set_up_rows()
        self._set_up_header()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the name the width that the other columns leave."""
        super().resizeEvent(event)
        self._fit_name()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tint the selected row to the end of the table, not of its last column."""
        super().paintEvent(event)
        row, end = self.visualRect(self.currentIndex()), self.horizontalHeader().length()
        if self.selectionModel().hasSelection() and end < self.viewport().width():
            room = self.viewport().width() - end
            tint = roles(self.palette()).tint
            QPainter(self.viewport()).fillRect(end, row.top(), room, row.height(), tint)

    def layout_state(self) -> QByteArray:
        """Width, order and visibility of the columns, to be remembered."""
        return self.horizontalHeader().saveState()

    def restore_layout(self, state: QByteArray) -> None:
        """Restore a value of `layout_state`; anything else is ignored."""
        header = self.horizontalHeader()
        if header.restoreState(state):
            self._named = True
            header.setSectionHidden(NAME, False)  # noqa: FBT003 (Qt's argument)
            for column, action in enumerate(self.columns_menu.actions(), NAME + 1):
                action.setChecked(not header.isSectionHidden(column))

    def _set_up_rows(self) -> None:
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(4 * unit() + 2)

    def _set_up_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(4 * GRID)
        for column in range(len(COLUMNS)):
            self.setColumnWidth(column, self._default_width(header.fontMetrics(), column))
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._show_columns_menu)
        header.sectionResized.connect(self._on_section_resized)
        header.setSortIndicator(STARTED, Qt.SortOrder.DescendingOrder)
        self.setSortingEnabled(True)
        for column in range(NAME + 1, len(COLUMNS)):
            self._add_column_action(column)
        for column in LESSER:
            self.columns_menu.actions()[column - NAME - 1].setChecked(False)

    def _add_column_action(self, column: int) -> None:
        action = QAction(COLUMNS[column].title, self, checkable=True, checked=True)
        action.toggled.connect(lambda shown: self._show_column(column, shown=shown))
        self.columns_menu.addAction(action)

    def _show_column(self, column: int, *, shown: bool) -> None:
        self.setColumnHidden(column, not shown)
        self._fit_name()

    def _default_width(self, metrics: QFontMetrics, column: int) -> int:
        about = COLUMNS[column]
        if column == NAME:
            return _NAME_WIDTH
        if column == COMPARE:
            return 5 * GRID
        # The heading needs room for the sort indicator.
        heading = metrics.horizontalAdvance(about.title) + 4 * GRID
        room = (6 if column == STATE else 3) * GRID
        return max(heading, QFontMetrics(font(Text.STRONG)).horizontalAdvance(about.sample) + room)

    def _fit_name(self) -> None:
        if self._named:
            return
        columns = (each for each in range(len(COLUMNS)) if each != NAME)
        others = sum(self.columnWidth(column) for column in columns)
        self._fitting = True
        room = min(self.viewport().width() - others, _WIDEST_NAME)
        self.setColumnWidth(NAME, max(_NAME_WIDTH, room))
        self._fitting = False

    @Slot(int, int, int)
    def _on_section_resized(self, column: int, _before: int, _after: int) -> None:
        if column == NAME and not self._fitting:
            self._named = True

    @Slot(QPoint)
    def _show_columns_menu(self, place: QPoint) -> None:
        self.columns_menu.popup(self.horizontalHeader().mapToGlobal(place))
