"""How well each class is recognized, in a table that sorts itself; part of the Evaluation tab."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
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
from cifar_desktop.ui.chart_palette import ink
from cifar_desktop.ui.style import GRID

__all__ = ["ClassMetrics", "ClassMetricsView"]

_BAR = GRID
_NAME_WIDTH = 12 * GRID
_SHARE_WIDTH = 10 * GRID
_COMING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
"""Why the keys come here when somebody means to use them here."""
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ClassMetricsView(QWidget):
    """Shows the classes with their figures.

    Signals:
        class_chosen: Place of a class among those shown, by Enter, Space or a double click.
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

    def show_scores(self, rows: Sequence[ClassMetrics]) -> None:
        """Show these classes; the order stays, and so does the current class if it is there."""
        name = self._model.name(self.table.currentIndex())
        self._model.show_rows(rows)
        self.table.fit_columns()
        self.table.setCurrentIndex(self._model.find(name))

    def unscrolled(self) -> "ClassMetricsView":
        """All of the table as a widget of its own, to be saved; it belongs to nobody."""
        whole = ClassMetricsView()
        whole.setPalette(self.palette())
        whole.setFont(self.font())
        whole.show_scores(self._model.rows)
        whole.table.show_all(self.table)
        whole.setAccessibleName(self.table.accessibleName())
        whole.resize(whole.table.size())
        return whole

    def minimumSizeHint(self) -> QSize:
        """Large enough for some rows."""
        return QSize(30 * GRID, 16 * GRID)

    @Slot(QModelIndex)
    def _on_chosen(self, index: QModelIndex) -> None:
        self.class_chosen.emit(self._model.place(index))


class _Table(QTableView):
    """The rows, of which one is the current one.

    Signals:
        chosen: The row that the person chose.
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
        self.setAlternatingRowColors(True)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Classes with their figures")
        self.doubleClicked.connect(self.chosen)
        self._set_up_headers()
        self._add_actions()

    def show_all(self, other: QTableView) -> None:
        """Be sorted as another one, and high enough for all rows."""
        header = other.horizontalHeader()
        self.sortByColumn(header.sortIndicatorSection(), header.sortIndicatorOrder())
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        frame = 2 * self.frameWidth()
        width = max(other.viewport().width(), sum(map(other.columnWidth, range(len(COLUMNS)))))
        height = header.sizeHint().height() + self.verticalHeader().length()
        self.resize(width + frame, height + frame)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Share the room out."""
        super().resizeEvent(event)
        self.fit_columns()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose; all else is the table's."""
        if event.key() not in _CHOOSING:
            super().keyPressEvent(event)
        elif self.currentIndex().isValid():
            self.chosen.emit(self.currentIndex())

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the row that the keys begin with, so that it shows."""
        super().focusInEvent(event)
        if not self.selectedIndexes() and event.reason() in _COMING:
            now = self.currentIndex()
            self.setCurrentIndex(now if now.isValid() else self.model().index(0, 0))

    def _set_up_headers(self) -> None:
        rows, header = self.verticalHeader(), self.horizontalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self.fontMetrics().height() + GRID + GRID // 2)
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        # Once more, and a column gives the classes back the order they came in.
        header.setSortIndicatorClearable(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)

    def _add_actions(self) -> None:
        """Sort by keys as well: the context menu opens at the keyboard's menu key."""
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        for column, about in enumerate(COLUMNS):
            self._add_action(f"Sort by &{about.title.lower()}", column)
        self._add_action("In the &order of the classes", -1)

    def _add_action(self, label: str, column: int) -> None:
        action = QAction(label, self)
        action.triggered.connect(lambda: self._sort_by(column))
        self.addAction(action)

    def _sort_by(self, column: int) -> None:
        """Sort by a column; once more turns the order."""
        header, orders = self.horizontalHeader(), Qt.SortOrder
        again = header.sortIndicatorSection() == column
        rising = not again or header.sortIndicatorOrder() == orders.DescendingOrder
        self.sortByColumn(column, orders.AscendingOrder if rising else orders.DescendingOrder)

    def fit_columns(self) -> None:
        """Numbers and names take what they need, bars the rest; names at most half of it."""
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
    """Paints shares as bars, with the figure beside them."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(table)
        self._table = table

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the cell, and the bar left of its figure."""
        super().paint(painter, option, index)
        share = index.data(SHARE_ROLE)
        if share is None:
            return
        figure = option.fontMetrics.horizontalAdvance("> 99.9 %") + 2 * GRID
        track = QRectF(option.rect).adjusted(GRID, 0, -figure, 0)
        if track.width() < 2 * GRID:
            return
        track = QRectF(track.left(), track.center().y() - _BAR / 2, track.width(), _BAR)
        colours = ink(self._table.palette())
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.fillRect(track, colours.edge)
        track.setWidth(max(1.0, track.width() * share) if share else 0.0)
        painter.fillRect(track, option.palette.highlightedText() if selected else colours.training)
