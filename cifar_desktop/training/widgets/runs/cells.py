"""How the cells of the runs table are painted and edited."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cifar_desktop.training.widgets.runs.columns import COLUMNS, COMPARE, EPOCHS, STATE, RunRow
from cifar_desktop.training.widgets.runs.model import ROW_ROLE
from cifar_desktop.ui.style import GRID, blend
from cifar_desktop.ui.table_text import PADDING

_BAR = 3
_FILLED = "cifar_filled"


class RunCells(QStyledItemDelegate):
    """Marks active runs, paints their progress, and keeps what is being typed."""

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Add some padding."""
        return super().sizeHint(option, index) + QSize(GRID, GRID // 2)

    def initStyleOption(  # noqa: N802 (Qt's name)
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Set off the state of active runs, and numbers from the texts that follow them."""
        super().initStyleOption(option, index)
        row = index.data(ROW_ROLE)
        if isinstance(row, RunRow) and row.active and index.column() == STATE:
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            option.font = font
        if COLUMNS[index.column()].numeric:
            option.text += PADDING

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint the cell, then progress bars and checkboxes."""
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if not isinstance(row, RunRow):
            return
        if index.column() == EPOCHS and row.active:
            self._paint_progress(painter, option, row.fraction)
        elif index.column() == COMPARE:
            self._paint_box(painter, option, index, row)

    def createEditor(  # noqa: N802 (Qt's name)
        self,
        parent: QWidget,
        option: QStyleOptionViewItem,  # noqa: ARG002 (Qt passes it)
        index: QModelIndex | QPersistentModelIndex,  # noqa: ARG002 (Qt passes it)
    ) -> QWidget:
        """Make the editor for the name."""
        editor = QLineEdit(parent)
        editor.setMaxLength(100)
        editor.setAccessibleName("Name of the run")
        return editor

    def setEditorData(  # noqa: N802 (Qt's name)
        self, editor: QWidget, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Fill the editor once: updates of an active run must not overwrite what is being typed."""
        if not editor.property(_FILLED):
            editor.setProperty(_FILLED, "yes")
            super().setEditorData(editor, index)

    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,  # noqa: ARG002 (Qt passes it)
        index: QModelIndex | QPersistentModelIndex,
    ) -> bool:
        """Let the whole cell act as the checkbox, so that it is easy to hit."""
        if index.column() != COMPARE or event.type() != QEvent.Type.MouseButtonRelease:
            return False
        role = Qt.ItemDataRole.CheckStateRole
        return model.setData(index, None, role)

    def _paint_progress(
        self, painter: QPainter, option: QStyleOptionViewItem, fraction: float
    ) -> None:
        rect, palette = option.rect, option.palette
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        bar = rect.adjusted(GRID // 2, rect.height() - _BAR - 2, -GRID // 2, -2)
        painter.fillRect(bar, blend(palette, QPalette.ColorRole.WindowText, 0.15))
        bar.setWidth(round(bar.width() * max(0.0, min(fraction, 1.0))))
        role = QPalette.ColorRole.HighlightedText if selected else QPalette.ColorRole.Accent
        painter.fillRect(bar, palette.color(role))

    def _paint_box(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        row: RunRow,
    ) -> None:
        """Outline the box, which some styles leave invisible in the dark; next to it, the color."""
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        part = QStyle.SubElement.SE_ItemViewItemCheckIndicator
        box = QApplication.style().subElementRect(part, full, full.widget)
        painter.setPen(blend(option.palette, QPalette.ColorRole.WindowText, 0.45))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        if row.color is not None:
            line = QRect(box.right() + GRID, box.center().y() - 1, 2 * GRID, 3)
            painter.fillRect(line & option.rect, row.color)
