"""The matrix itself: a table that fits itself into its room and scrolls where it cannot.

A table view, so that assistive technology finds rows, columns, names and cells in it; only its look
is its own. Part of `confusion_view`.
"""

from PySide6.QtCore import QEvent, QItemSelection, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPalette
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QTableView, QWidget

from cifar_desktop.evaluation.widgets.confusion_model import ConfusionModel
from cifar_desktop.evaluation.widgets.confusion_painting import CellPainter, ClassNames, Shades
from cifar_desktop.ui.style import GRID

ROWS, COLUMNS = "What is shown", "What was answered"
_LARGEST = QSize(30 * GRID, 20 * GRID)
_FLATTEST = 2.0
"""The widest cells are this many times as wide as they are high."""
_COMING = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
"""Why the keys come here when somebody means to use them here."""
_CHOOSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_NOWHERE = (-1, -1)


class ConfusionTable(QTableView):
    """Shows the cells; one of them is the current one.

    Signals:
        cell_chosen: Row and column that the person clicked, went to, or pressed Enter or Space on.
        hovered: Row and column under the pointer; -1 and -1 when it is gone.
        focused: It has the keyboard now, or has it no longer.
    """

    cell_chosen = Signal(int, int)
    hovered = Signal(int, int)
    focused = Signal()

    def __init__(self, model: ConfusionModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._names = (
            ClassNames(Qt.Orientation.Horizontal, COLUMNS, model, self),
            ClassNames(Qt.Orientation.Vertical, ROWS, model, self),
        )
        self._cells = CellPainter(model, self)
        self._look_plain()
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName("Confusion matrix")

    @property
    def shades(self) -> Shades:
        """The colours of the cells."""
        return self._cells.shades

    def fit(self, room: QRect) -> None:
        """Take as much of the room as the matrix can use, in its middle."""
        across, down = self._names
        count = max(1, len(self._model.classes))
        cell = self._cell(room.size(), turned=False)
        across.turned = across.widest > cell.width()
        if across.turned:
            cell = self._cell(room.size(), turned=True)
        across.setDefaultSectionSize(cell.width())
        down.setDefaultSectionSize(cell.height())
        wanted = self._around(turned=across.turned) + cell * count + self._bars(room.size(), cell)
        size = wanted.boundedTo(room.size())
        free = (room.size() - size) / 2
        self.setGeometry(QRect(room.topLeft() + QPoint(free.width(), free.height()), size))
        self.updateGeometries()

    def whole_size(self) -> QSize:
        """How large it would have to be to show everything, with the cells as they are."""
        cell = QSize(self._names[0].defaultSectionSize(), self._names[1].defaultSectionSize())
        return self._around(turned=self._names[0].turned) + cell * len(self._model.classes)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and choose; what the pointer happens to lie on does not matter then."""
        before = self.currentIndex()
        self._hover(_NOWHERE)
        if event.key() not in _CHOOSING:
            super().keyPressEvent(event)
            if self.currentIndex() == before:
                return
        self._choose()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 (Qt's name)
        """Digits jump nowhere: many cells have the same count."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        super().mousePressEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self._choose()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell what is pointed at; dragging chooses no further cells."""
        index = self.indexAt(event.position().toPoint())
        self._hover((index.row(), index.column()))
        if not event.buttons():
            super().mouseMoveEvent(event)

    def selectionChanged(  # noqa: N802 (Qt's name)
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Move the ring."""
        super().selectionChanged(selected, deselected)
        cells = [(index.row(), index.column()) for index in self.selectedIndexes()]
        self._cells.selected = cells[0] if cells else _NOWHERE

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)
        self._hover(_NOWHERE)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the cell that the keys begin with, so that it shows."""
        super().focusInEvent(event)
        if not self.selectedIndexes() and event.reason() in _COMING:
            now = self.currentIndex()
            self.setCurrentIndex(now if now.isValid() else self.model().index(0, 0))
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell it."""
        super().focusOutEvent(event)
        self.focused.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._cells.shades = Shades(self.palette())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Leave the corner between the names blank."""
        if event.type() != QEvent.Type.Paint or not isinstance(watched, QAbstractButton):
            return super().eventFilter(watched, event)
        QPainter(watched).fillRect(watched.rect(), self.shades.ink.ground)
        return True

    def _look_plain(self) -> None:
        across, down = self._names
        self.setHorizontalHeader(across)
        self.setVerticalHeader(down)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setMinimumSize(1, 1)
        for mode in (self.setHorizontalScrollMode, self.setVerticalScrollMode):
            mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Scrolling moves what is painted, and the titles of the axes are to stay.
        self.horizontalScrollBar().valueChanged.connect(across.viewport().update)
        self.verticalScrollBar().valueChanged.connect(down.viewport().update)
        corner = self.findChild(QAbstractButton)
        if corner is not None:
            corner.installEventFilter(self)
        for widget in (self, self.viewport()):
            widget.setBackgroundRole(QPalette.ColorRole.Base)

    def _cell(self, room: QSize, *, turned: bool) -> QSize:
        """How large a cell is: as the room allows, and large enough for its count."""
        metrics, count = self.fontMetrics(), max(1, len(self._model.classes))
        least = QSize(
            metrics.horizontalAdvance(f"{self._model.largest:,}") + GRID,
            metrics.height() + GRID // 2,
        )
        room -= self._around(turned=turned)
        room -= self._bars(room + self._around(turned=turned), least)
        width = min(room.width() // count, _LARGEST.width())
        height = min(room.height() // count, _LARGEST.height(), max(width, least.width()))
        # Where rows scroll anyway, the bar belongs to the edge and the width to the cells.
        if height >= least.height():
            width = min(width, round(_FLATTEST * height))
        return QSize(width, height).expandedTo(least)

    def _around(self, *, turned: bool) -> QSize:
        """What the names take."""
        across, down = self._names
        return QSize(down.thickness(turned=False), across.thickness(turned=turned))

    def _bars(self, room: QSize, cell: QSize) -> QSize:
        """What scroll bars take, if cells of this size need them."""
        needed = self._around(turned=self._names[0].turned) + cell * len(self._model.classes)
        upright, flat = self.verticalScrollBar().sizeHint(), self.horizontalScrollBar().sizeHint()
        return QSize(
            upright.width() if needed.height() > room.height() else 0,
            flat.height() if needed.width() > room.width() else 0,
        )

    def _choose(self) -> None:
        index = self.currentIndex()
        if index.isValid():
            self.cell_chosen.emit(index.row(), index.column())

    def _hover(self, cell: tuple[int, int]) -> None:
        before = self._cells.hovered
        if cell == before:
            return
        self._cells.hovered = cell
        for row, column in (before, cell):
            self._repaint_bands(row, column)
        for names, section in zip(self._names, reversed(cell), strict=True):
            names.show_hovered(section)
        self.hovered.emit(*cell)

    def _repaint_bands(self, row: int, column: int) -> None:
        """Ten thousand cells need not be painted for two bands of them."""
        view = self.viewport()
        view.update(0, self.rowViewportPosition(row), view.width(), self.rowHeight(row))
        left = self.columnViewportPosition(column)
        view.update(left, 0, self.columnWidth(column), view.height())
