"""How the cells of the runs table are painted and edited."""

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFont, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import (
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cifar_desktop.look.colors import text_on
from cifar_desktop.look.icons import icon, tinted
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill, outline
from cifar_desktop.training.widgets.runs.columns import COLUMNS, COMPARE, NAME, STATE, RunRow
from cifar_desktop.training.widgets.runs.model import ROW_ROLE, RunsModel
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.style import GRID
from cifar_desktop.ui.table_text import PADDING

_BOX, _SIGN = 16, 16
_FILLED = "cifar_filled"
_BEST = ("Validation", "Test")
_Index = QModelIndex | QPersistentModelIndex


class RunCells(QStyledItemDelegate):
    """Marks states and the best values, paints the boxes, and keeps what is being typed.

    Args:
        parent: The table.
        model: Its rows.
    """

    def __init__(self, parent: QWidget, model: RunsModel) -> None:
        super().__init__(parent)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """Add some padding."""
        return super().sizeHint(option, index) + QSize(GRID, GRID // 2)

    def initStyleOption(self, option: QStyleOptionViewItem, index: _Index) -> None:  # noqa: N802 (Qt's name)
        """Set off what matters, and numbers from the texts that follow them."""
        super().initStyleOption(option, index)
        row, column = index.data(ROW_ROLE), index.column()
        features = QStyleOptionViewItem.ViewItemFeature
        if isinstance(row, RunRow) and self._strong(option, row, column):
            font = QFont(option.font)
            font.setWeight(QFont.Weight.DemiBold)
            option.font = font
        if column == COMPARE:
            option.features &= ~features.HasCheckIndicator
        elif column == STATE and isinstance(row, RunRow):
            option.features |= features.HasDecoration
            option.decorationSize = QSize(_SIGN, _SIGN)
            option.icon = icon(row.icon, row.tone) if row.icon else _nothing()
        if COLUMNS[column].numeric:
            option.text = (option.text or "\N{EN DASH}") + PADDING

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Paint the cell, then the ring of an active run, or the box."""
        super().paint(painter, option, index)
        row = index.data(ROW_ROLE)
        if not isinstance(row, RunRow):
            return
        if index.column() == STATE and row.active and not row.icon:
            self._paint_ring(painter, option, index, row.fraction)
        elif index.column() == COMPARE:
            self._paint_box(painter, option, row)

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

    def _strong(self, option: QStyleOptionViewItem, row: RunRow, column: int) -> bool:
        """Whether a text is set off: the best numbers, active states, the chosen run's name."""
        if column == NAME:
            return bool(option.state & QStyle.StateFlag.State_Selected)
        if column == STATE:
            return row.active
        about = COLUMNS[column]
        value = about.value(row) if about.title in _BEST else None
        return value is not None and value == self._model.best(column)

    def _paint_ring(
        self, painter: QPainter, option: QStyleOptionViewItem, index: _Index, fraction: float
    ) -> None:
        """Paint how far a run is, in place of the icon of its state."""
        full = QStyleOptionViewItem(option)
        self.initStyleOption(full, index)
        part, found = QStyle.SubElement.SE_ItemViewItemDecoration, roles(option.palette)
        place = full.widget.style().subElementRect(part, full, full.widget)
        ring = QRectF(0, 0, _SIGN - 3, _SIGN - 3)
        ring.moveCenter(QRectF(place).center())
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(found.track, 2.2))
        painter.drawEllipse(ring)
        painter.setPen(QPen(found.mark, 2.2))
        painter.drawArc(ring, 90 * 16, -round(360 * 16 * min(max(fraction, 0.0), 1.0)))
        painter.restore()

    def _paint_box(self, painter: QPainter, option: QStyleOptionViewItem, row: RunRow) -> None:
        """Paint the box in the color of the run's curve, of which it is the legend."""
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        checked, color = row.key in self._model.checked, self._color(option, row.key)
        found, place = roles(option.palette), QRect(0, 0, _BOX, _BOX)
        place.moveCenter(option.rect.center())
        if checked:
            fill(painter, place, color, 4.0)
            sign = tinted("check", text_on(color), _BOX, painter.device().devicePixelRatioF())
            painter.drawPixmap(place.topLeft(), sign)
        else:
            rim, width = (color, 2.0) if selected else (found.edge, 1.4)
            outline(painter, place, rim, ground=found.raised, width=width, radius=4.0)
            if selected:
                fill(painter, place.adjusted(4, 4, -4, -4), color, 2.0)

    def _color(self, option: QStyleOptionViewItem, key: str) -> QColor:
        """The color of a run's curve: that of training for the selected one."""
        colors = chart_palette(option.palette)
        if option.state & QStyle.StateFlag.State_Selected:
            return colors.training
        view = option.widget
        chosen = self._model.row_at(view.currentIndex()) if view is not None else None  # type: ignore[attr-defined]
        others = [each for each in self._model.checked if chosen is None or each != chosen.key]
        return colors.other(others.index(key)) if key in others else colors.training


def _nothing() -> QIcon:
    """An icon that takes the place of one."""
    blank = QPixmap(_SIGN, _SIGN)
    blank.fill(Qt.GlobalColor.transparent)
    return QIcon(blank)
