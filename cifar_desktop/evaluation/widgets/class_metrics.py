"""Recall and precision of each class in a sortable table; part of the Evaluation tab."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.evaluation.widgets.class_metrics_model import (
    COLUMNS,
    IMAGES,
    NAME,
    SHARE_ROLE,
    ClassMetrics,
    ClassMetricsModel,
)
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.style import GRID

__all__ = ["ClassMetrics", "ClassMetricsView"]

_BAR = GRID
_NAME_WIDTH = 12 * GRID
_SHARE_WIDTH = 10 * GRID
_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
"""Focus reasons after which the user is about to use the keyboard here."""
_ACTIVATION_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ClassMetricsView(QWidget):
    """Shows the metrics of each class.

    Signals:
        class_chosen: Index of the class that was activated by Enter, Space or a double-click.
    """

    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ClassMetricsModel(self)
        self.table = _Table(self._model)
        self.table.chosen.connect(self._on_chosen)
        self.setFocusProxy(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.table)

    def show_metrics(self, rows: Sequence[ClassMetrics]) -> None:
        """Show these classes; keeps the sort order, and the current class if it is there."""
        name = self._model.name(self.table.currentIndex())
        self._model.show_rows(rows)
        self.table.fit_columns()
        self.table.setCurrentIndex(self._model.find(name))

    def unscrolled(self) -> "ClassMetricsView":
        """The whole table as a separate widget without a parent, for saving."""
        whole = ClassMetricsView()
        whole.setPalette(self.palette())
        whole.setFont(self.font())
        whole.show_metrics(self._model.rows)
        whole.table.show_all(self.table)
        whole.setAccessibleName(self.table.accessibleName())
        whole.resize(whole.table.size())
        return whole

    def minimumSizeHint(self) -> QSize:
        """Room for a few rows."""
        return QSize(30 * GRID, 16 * GRID)

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        self.class_chosen.emit(self._model.place(index))


class _Table(QTableView):
    """The table of classes.

    Signals:
        chosen: Activated row.
    """

    chosen = Signal(QModelIndex)

    def __init__(self, model: ClassMetricsModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(_Bars(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Metrics by class")
        self.doubleClicked.connect(self.chosen)
        self._set_up_headers()
        self._add_actions()

    def show_all(self, other: QTableView) -> None:
        """Sort like another table, and grow to show all rows."""
        header = other.horizontalHeader()
        self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frame = 2 * self.frameWidth()
        width = max(other.viewport().width(), sum(map(other.columnWidth, range(len(COLUMNS)))))
        height = header.sizeHint().height() + self.verticalHeader().length()
        self.resize(width + frame, height + frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the columns to the new width."""
        super().resizeEvent(event)
        self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Activate the current row; the table handles other keys."""
        if event.key() not in _ACTIVATION_KEYS:
            super().keyPressEvent(event)
        elif self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the row where keyboard navigation starts, so that it is visible."""
        super().focusInEvent(event)
        if not self.selectedIndexes() and event.reason() in _KEYBOARD_REASONS:
            now = self.currentIndex()
            self.setCurrentIndex(now if now.isValid() else self.model().index(0, 0))

    def _set_up_headers(self) -> None:
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + GRID + GRID // 2)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # A third click on a heading restores the original order.
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _add_actions(self) -> None:
        """Allow sorting by keyboard too, through the context menu."""
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for column, about in enumerate(COLUMNS):
            self._add_action(f"Sort by &{about.title.lower()}", column)
        self._add_action("Original &order", -1)

    def _add_action(self, label: str, column: int) -> None:
        action = QAction(label, self)
        action.triggered.connect(lambda: self._sort_by(column))
        self.addAction(action)

    def _sort_by(self, column: int) -> None:
        """Sort by a column; a second call reverses the order."""
        header, orders = self.horizontalHeader(), Qt.SortOrder
        again = header.sortIndicatorSection() == column
        rising = not again or header.sortIndicatorOrder() == orders.DescendingOrder
        self.sortByColumn(column, orders.AscendingOrder if rising else orders.DescendingOrder)

    def fit_columns(self) -> None:
        """Give numbers and names what they need, names at most half, and the bars the rest."""
        header = self.horizontalHeader().fontMetrics()
        images = header.horizontalAdvance(COLUMNS[IMAGES].title) + 4 * GRID
        images = max(images, self.fontMetrics().horizontalAdvance("100,000") + 3 * GRID)
        rest = self.viewport().width() - images
        most = max(_NAME_WIDTH, min(rest // 2, rest - 2 * _SHARE_WIDTH))
        name = max(_NAME_WIDTH, min(self.sizeHintForColumn(NAME) + 2 * GRID, most))
        shares = max(_SHARE_WIDTH, (rest - name) // 2)
        for column in range(len(COLUMNS)):
            self.setColumnWidth(column, {NAME: name, IMAGES: images}.get(column, shares))


class _Bars(QStyledItemDelegate):
    """Paints recall and precision as bars beside the numbers."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the cell, and a bar to the left of its number."""
        super().paint(painter, option, index)
        share = index.data(SHARE_ROLE)
        if share is None:
            return
        figure = option.fontMetrics.horizontalAdvance("> 99.9 %") + 2 * GRID
        track = QRectF(option.rect).adjusted(GRID, 0, -figure, 0)
        if track.width() < 2 * GRID:
            return
        track = QRectF(track.left(), track.center().y() - _BAR / 2, track.width(), _BAR)
        colors, found = chart_palette(self._table.palette()), roles(self._table.palette())
        fill(painter, track, found.track, _BAR / 2)
        if share:
            track.setWidth(max(2.0, track.width() * share))
            fill(painter, track, colors.training, min(_BAR, track.width()) / 2)
