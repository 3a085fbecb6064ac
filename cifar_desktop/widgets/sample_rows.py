"""The rows of the sample grid: what a list of classes holds, and how each is painted."""

import base64
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QBuffer,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QFont, QHelpEvent, QImage, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolTip,
)

from cifar_desktop.widgets.data_states import Described
from cifar_desktop.widgets.image_tiles import GAP, image, paint_tile, tile_side
from cifar_desktop.widgets.style import GRID, blend

Index = QModelIndex | QPersistentModelIndex
_NAMES = 18 * GRID
_WIDEST_NAMES = 24 * GRID
_BAR = 3
_LENS = 192


class ClassesModel(QAbstractListModel):
    """One row a class; text for assistive technology, the rest is painted from `data_shown`."""

    def __init__(self) -> None:
        super().__init__()
        self.data_shown = Described(classes=(), train_counts=(), test_counts=())

    def show_data(self, described: Described) -> None:
        """Show another dataset."""
        self.beginResetModel()
        self.data_shown = described
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """One for each class."""
        below_root = parent is None or not parent.isValid()
        return len(self.data_shown.classes) if below_root else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name, and in other roles what can be said about the class."""
        row, shown = index.row(), self.data_shown
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.classes[row]
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return (
                f"{shown.classes[row]}: {shown.train_counts[row]:,} training images, "
                f"{shown.test_counts[row]:,} test images"
            )
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RowPlan:
    """Where the parts of a row go, in a view of some width.

    Attributes:
        stacked: Whether the samples are below the name instead of beside it.
        names: Width for name, counts and bar.
        text: Height for them.
        left: Where the samples begin.
        top: Where they begin, from the row's upper edge.
        tile: Their side.
        tiles: How many of them there is room for.
        height: Of the row.
    """

    stacked: bool
    names: int
    text: int
    left: int
    top: float
    tile: float
    tiles: int
    height: int

    def place(self, column: int) -> QRectF:
        """Where a sample goes, from the row's upper left corner."""
        left = self.left + column * (self.tile + GAP)
        return QRectF(left, self.top, self.tile, self.tile)

    def column(self, x: float, y: float) -> int | None:
        """Which sample is at a place."""
        column = int((x - self.left) // (self.tile + GAP))
        return column if 0 <= column < self.tiles and self.place(column).contains(x, y) else None


def plan(width: int, line: int, described: Described, ratio: float) -> RowPlan:
    """Arrange a row: beside each other if there is room, otherwise below each other."""
    wanted, inner = max(1, described.samples_per_class), width - 2 * GRID
    beside = inner - _NAMES - 2 * GRID
    tile = tile_side(described.side, beside / wanted - GAP, ratio)
    stacked = beside < wanted * (tile + GAP)
    if stacked:
        tile = tile_side(described.side, inner / wanted - GAP, ratio)
    samples = wanted * (tile + GAP)
    names = inner if stacked else min(_WIDEST_NAMES, int(inner - samples - 2 * GRID))
    text = line + _BAR + GRID // 2 if stacked else 2 * line + _BAR + GRID // 2
    left = GRID if stacked else 3 * GRID + names
    content = text + GRID // 2 + tile if stacked else max(text, tile)
    height = round(content + 2 * GRID)
    return RowPlan(
        stacked=stacked, names=names, text=text, left=left, tile=tile, height=height,
        top=GRID + text + GRID // 2 if stacked else (height - tile) / 2,
        tiles=min(wanted, int((width - left - GRID + GAP) // (tile + GAP))),
    )  # fmt: skip


class ClassPainter(QStyledItemDelegate):
    """Paints a class: name, counts, a bar for its share, samples.

    Args:
        view: The list that it paints for.
        model: What is in the list.

    Signals: none.
    """

    def __init__(self, view: QListView, model: ClassesModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._strips: dict[int, list[QImage]] = {}
        model.modelReset.connect(self._strips.clear)

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As wide as the view."""
        return QSize(0, self._plan().height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        chosen = option.state & QStyle.StateFlag.State_Selected
        focus = option.state & QStyle.StateFlag.State_HasFocus
        palette, arranged = self._view.palette(), self._plan()
        painter.save()
        painter.translate(option.rect.topLeft())
        if chosen and focus:
            tint = palette.color(QPalette.ColorRole.Highlight)
            tint.setAlphaF(0.18)
            painter.fillRect(0, 0, option.rect.width(), arranged.height - 1, tint)
        self._paint_text(painter, arranged, index.row())
        self._paint_samples(painter, arranged, index.row())
        painter.setPen(blend(palette, QPalette.ColorRole.WindowText, 0.1))
        painter.drawLine(GRID, arranged.height - 1, option.rect.width() - GRID, arranged.height - 1)
        painter.restore()

    def helpEvent(
        self,
        event: QHelpEvent,
        view: QAbstractItemView,
        option: QStyleOptionViewItem,
        index: Index,
    ) -> bool:
        """Hovering over a sample shows it larger."""
        place = event.pos() - view.visualRect(QModelIndex(index)).topLeft()  # type: ignore[arg-type]
        column = self._plan().column(place.x(), place.y())
        tiles = self._tiles(index.row()) if index.isValid() else []
        if column is None or column >= len(tiles):
            return super().helpEvent(event, view, option, index)
        QToolTip.showText(event.globalPos(), _enlarged(tiles[column]), view)
        return True

    def _plan(self) -> RowPlan:
        view, line = self._view, self._view.fontMetrics().height()
        width = view.viewport().width()
        return plan(width, line, self._model.data_shown, view.devicePixelRatio())

    def _paint_text(self, painter: QPainter, arranged: RowPlan, row: int) -> None:
        shown, palette = self._model.data_shown, self._view.palette()
        line = self._view.fontMetrics().height()
        top = GRID if arranged.stacked else (arranged.height - arranged.text) // 2
        counts = f"{shown.train_counts[row]:,} + {shown.test_counts[row]:,}"
        room = QRectF(GRID, top, arranged.names, line)
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        if arranged.stacked:
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, counts)
            room.setWidth(room.width() - painter.fontMetrics().horizontalAdvance(counts) - GRID)
        else:
            painter.drawText(room.translated(0, line), Qt.AlignmentFlag.AlignLeft, counts)
        font = QFont(self._view.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(palette.color(QPalette.ColorRole.Text))
        mode, name = Qt.TextElideMode.ElideMiddle, shown.classes[row]
        name = painter.fontMetrics().elidedText(name, mode, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, name)
        below = top + arranged.text - _BAR
        self._paint_bar(painter, QRectF(GRID, below, arranged.names, _BAR), row)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: int) -> None:
        counts, palette = self._model.data_shown.train_counts, self._view.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(track, blend(palette, QPalette.ColorRole.WindowText, 0.12))
        track.setWidth(track.width() * counts[row] / max(1, *counts))
        painter.fillRect(track, blend(palette, QPalette.ColorRole.Accent, 0.7))

    def _paint_samples(self, painter: QPainter, arranged: RowPlan, row: int) -> None:
        for column, tile in enumerate(self._tiles(row)[: arranged.tiles]):
            paint_tile(painter, arranged.place(column), tile, self._view.palette())

    def _tiles(self, row: int) -> list[QImage]:
        """The samples of a class, cut out when they are first seen."""
        if row not in self._strips:
            shown = self._model.data_shown
            strip, count = shown.strip(row), shown.sample_count(row)
            self._strips[row] = [image(strip, shown.side, each) for each in range(count)]
        return self._strips[row]


def _enlarged(tile: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    tile.scaled(_LENS, _LENS).save(buffer, "PNG")  # type: ignore[call-overload]
    encoded = base64.b64encode(bytes(buffer.data().data())).decode()
    return f'<img src="data:image/png;base64,{encoded}">'
