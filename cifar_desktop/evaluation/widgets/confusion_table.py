"""The confusion matrix as a table that fits its cells to the space, or scrolls.

A table view, so that assistive technology finds rows, columns and cells; only the painting is
custom. Part of `confusion_view`.
"""

from PySide6.QtCore import QEvent, QItemSelection, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QFrame, QTableView, QWidget

from cifar_desktop.evaluation.widgets.confusion_model import ConfusionModel
from cifar_desktop.evaluation.widgets.confusion_painting import (
    CellPainter,
    ClassNames,
    Shades,
    Tilt,
)
from cifar_desktop.look.type_scale import Text, font
from cifar_desktop.ui.style import GRID

ROWS, COLUMNS = "True class", "Predicted class"
_MAX_CELL = QSize(30 * GRID, 20 * GRID)
_MAX_RATIO = 2.0
"""Maximum width of a cell relative to its height."""
_KEYBOARD_REASONS = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
    Qt.FocusReason.OtherFocusReason,
)
"""Focus reasons after which the user is about to use the keyboard here."""
_ACTIVATION_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
_NO_CELL = (-1, -1)


class ConfusionTable(QTableView):
    """The table of cells, one of which is current.

    Signals:
        cell_chosen: Row and column that the user clicked, moved to, or activated.
        hovered: Row and column under the pointer; -1 and -1 for none.
        focused: The keyboard focus arrived or left.
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
        self._set_appearance()
        self.setModel(model)
        self.setItemDelegate(self._cells)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setAccessibleName("Confusion matrix")

    @property
    def shades(self) -> Shades:
        """The colors of the cells."""
        return self._cells.shades

    def fit(self, room: QRect) -> None:
        """Fit the matrix into a rectangle, centered."""
        across, down = self._names
        across.tilt, cell = self._fitting(room.size())
        across.setDefaultSectionSize(cell.width())
        down.setDefaultSectionSize(cell.height())
        full = self.whole_size() + self._bars(room.size(), cell, across.tilt)
        size = full.boundedTo(room.size())
        free = (room.size() - size) / 2
        self.setGeometry(QRect(room.topLeft() + QPoint(free.width(), free.height()), size))
        self.updateGeometries()

    def whole_size(self) -> QSize:
        """Size needed to show everything with the current cell size."""
        across, down = self._names
        cell = QSize(across.defaultSectionSize(), down.defaultSectionSize())
        return self._around(across.tilt, cell.width()) + cell * len(self._model.classes)

    def _fitting(self, room: QSize) -> tuple[Tilt, QSize]:
        """How far to turn the names above the columns, and the size of the cells."""
        across, count = self._names[0], max(1, len(self._model.classes))
        cell = self._cell(room, Tilt.NONE)
        if across.widest <= cell.width():
            return Tilt.NONE, cell
        cell = self._cell(room, Tilt.SLANTED)
        scrolls = (self._around(Tilt.SLANTED, cell.width()) + cell * count).width() > room.width()
        # The last of slanted names would be cut off where columns scroll.
        return (Tilt.UPRIGHT, self._cell(room, Tilt.UPRIGHT)) if scrolls else (Tilt.SLANTED, cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move and choose by keyboard, ignoring the pointer."""
        before = self.currentIndex()
        self._hover(_NO_CELL)
        if event.key() not in _ACTIVATION_KEYS:
            super().keyPressEvent(event)
            if self.currentIndex() == before:
                return
        self._choose()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802 (Qt's name)
        """Ignore digits: many cells have the same count."""

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the clicked cell."""
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        super().mousePressEvent(event)
        if self.indexAt(event.position().toPoint()).isValid():
            self._choose()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Report the hovered cell; dragging does not choose further cells."""
        index = self.indexAt(event.position().toPoint())
        self._hover((index.row(), index.column()))
        if not event.buttons():
            super().mouseMoveEvent(event)

    def selectionChanged(  # noqa: N802 (Qt's name)
        self, selected: QItemSelection, deselected: QItemSelection
    ) -> None:
        """Move the selection ring."""
        super().selectionChanged(selected, deselected)
        cells = [(index.row(), index.column()) for index in self.selectedIndexes()]
        self._cells.selected = cells[0] if cells else _NO_CELL
        for names, section in zip(self._names, reversed(self._cells.selected), strict=True):
            names.show_chosen(section)

    def leaveEvent(self, event: QEvent) -> None:
        """Clear the hovered cell."""
        super().leaveEvent(event)
        self._hover(_NO_CELL)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Select the cell where keyboard navigation starts, so that it is visible."""
        super().focusInEvent(event)
        if not self.selectedIndexes() and event.reason() in _KEYBOARD_REASONS:
            now = self.currentIndex()
            self.setCurrentIndex(now if now.isValid() else self.model().index(0, 0))
        self.focused.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Report that the focus left."""
        super().focusOutEvent(event)
        self.focused.emit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._cells.shades = Shades(self.palette())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the corner between the headers blank."""
        if event.type() != QEvent.Type.Paint or not isinstance(watched, QAbstractButton):
            return super().eventFilter(watched, event)
        QPainter(watched).fillRect(watched.rect(), self.shades.roles.raised)
        return True

    def _set_appearance(self) -> None:
        across, down = self._names
        self.setHorizontalHeader(across)
        self.setVerticalHeader(down)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setCornerButtonEnabled(False)
        self.setMinimumSize(1, 1)
        for mode in (self.setHorizontalScrollMode, self.setVerticalScrollMode):
            mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        # Scrolling moves what is painted, but the axis titles must stay.
        self.horizontalScrollBar().valueChanged.connect(across.viewport().update)
        self.verticalScrollBar().valueChanged.connect(down.viewport().update)
        corner = self.findChild(QAbstractButton)
        if corner is not None:
            corner.installEventFilter(self)
        # What is below paints the ground.
        self.viewport().setAutoFillBackground(False)

    def _cell(self, room: QSize, tilt: Tilt) -> QSize:
        """Cell size: as the space allows, but large enough for the count."""
        metrics, count = QFontMetrics(font(Text.STRONG)), max(1, len(self._model.classes))
        least = QSize(
            metrics.horizontalAdvance(f"{self._model.largest:,}") + GRID,
            metrics.height() + GRID // 2,
        )
        free = room - self._around(tilt, least.width()) - self._bars(room, least, tilt)
        width = min(free.width() // count, _MAX_CELL.width())
        height = min(free.height() // count, _MAX_CELL.height(), max(width, least.width()))
        # Where rows scroll anyway, the cells may use the full width.
        if height >= least.height():
            width = min(width, round(_MAX_RATIO * height))
        return QSize(width, height).expandedTo(least)

    def _around(self, tilt: Tilt, cell: int) -> QSize:
        """Space for the class names, with cells of a width."""
        across, down = self._names
        over = across.overhang(cell) if tilt is Tilt.SLANTED else 0
        return QSize(down.thickness(Tilt.NONE) + over, across.thickness(tilt))

    def _bars(self, room: QSize, cell: QSize, tilt: Tilt) -> QSize:
        """Space for scroll bars, if cells of this size need them."""
        needed = self._around(tilt, cell.width()) + cell * len(self._model.classes)
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
        """Repaint two bands instead of ten thousand cells."""
        view = self.viewport()
        view.update(0, self.rowViewportPosition(row), view.width(), self.rowHeight(row))
        left = self.columnViewportPosition(column)
        view.update(left, 0, self.columnWidth(column), view.height())
