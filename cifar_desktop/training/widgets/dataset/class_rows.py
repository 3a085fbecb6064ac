"""The rows of the sample grid: what a list of classes holds, and how each is painted."""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QFont, QImage, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cifar_desktop.training.widgets.dataset.row_layout import BAR, MEAN, RowLayout, plan
from cifar_desktop.training.widgets.dataset.sample_pager import SamplePager
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.image_tiles import image, paint_tile
from cifar_desktop.ui.style import GRID, blend

Index = QModelIndex | QPersistentModelIndex


class ClassesModel(QAbstractListModel):
    """One row a class; text for assistive technology, the rest is painted from `deck`."""

    def __init__(self) -> None:
        super().__init__()
        self.deck = SamplePager(DatasetInfo(classes=(), train_counts=(), test_counts=()))

    @property
    def data_shown(self) -> DatasetInfo:
        """The dataset."""
        return self.deck.described

    def show_data(self, described: DatasetInfo) -> None:
        """Show another dataset."""
        self.beginResetModel()
        self.deck = SamplePager(described)
        self.endResetModel()

    def turn_over(self) -> None:
        """Show other samples; rows, and what is selected, stay as they are."""
        self.deck.turn_over()
        self._tell()

    def add_samples(self, described: DatasetInfo) -> None:
        """Take other samples of the same dataset."""
        if self.deck.add(described):
            self._tell()

    def images(self, row: int) -> list[QImage]:
        """The mean image of a class, then the samples in sight; nothing where there is none."""
        shown = self.data_shown
        if row >= shown.sampled_classes or not shown.train_counts[row]:
            return []
        strip, places = shown.strip(row), self.deck.in_sight(row)
        samples = [image(strip, shown.side, place) for place in places]
        return [image(shown.means, shown.side, row), *samples]

    def pixels(self, row: int, column: int) -> bytes:
        """The bytes of a sample in sight."""
        shown = self.data_shown
        size, place = shown.side * shown.side * 3, self.deck.in_sight(row)[column - 1]
        return shown.strip(row)[place * size : (place + 1) * size]

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

    def _tell(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))


class ClassPainter(QStyledItemDelegate):
    """Paints a class: name, counts, a bar for its share, mean image, samples.

    Args:
        view: The list that it paints for.
        model: What is in the list.
        current_column: Says which image of the current row is the current one.

    Signals: none.
    """

    def __init__(
        self, view: QListView, model: ClassesModel, current_column: Callable[[], int]
    ) -> None:
        super().__init__(view)
        self._view, self._model, self._current_column = view, model, current_column
        self._known: dict[int, list[QImage]] = {}
        model.modelReset.connect(self._forget)
        model.dataChanged.connect(self._forget)

    def plan(self) -> RowLayout:
        """Where things go in every row, as wide as the view is now."""
        view, line = self._view, self._view.fontMetrics().height()
        width = view.viewport().width()
        return plan(width, line, self._model.data_shown, view.devicePixelRatio())

    def images(self, row: int) -> list[QImage]:
        """The mean image of a class and its samples, cut out when they are first seen."""
        if row not in self._known:
            self._known[row] = self._model.images(row)
        return self._known[row]

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """As wide as the view."""
        return QSize(0, self.plan().height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        palette, arranged = self._view.palette(), self.plan()
        painter.save()
        painter.translate(option.rect.topLeft())
        if focus and option.state & QStyle.StateFlag.State_Selected:
            tint = palette.color(QPalette.ColorRole.Highlight)
            tint.setAlphaF(0.18)
            painter.fillRect(0, 0, option.rect.width(), arranged.height - 1, tint)
        self._paint_text(painter, arranged, index.row())
        self._paint_images(painter, arranged, index.row())
        if focus and self.images(index.row()):
            self._paint_frame(painter, arranged.place(self._current_column()))
        painter.setPen(blend(palette, QPalette.ColorRole.WindowText, 0.1))
        painter.drawLine(GRID, arranged.height - 1, option.rect.width() - GRID, arranged.height - 1)
        painter.restore()

    @Slot()
    def _forget(self) -> None:
        self._known.clear()

    def _paint_text(self, painter: QPainter, arranged: RowLayout, row: int) -> None:
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
        below = top + arranged.text - BAR
        self._paint_bar(painter, QRectF(GRID, below, arranged.names, BAR), row)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: int) -> None:
        counts, palette = self._model.data_shown.train_counts, self._view.palette()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(track, blend(palette, QPalette.ColorRole.WindowText, 0.12))
        track.setWidth(track.width() * counts[row] / max(1, *counts))
        painter.fillRect(track, blend(palette, QPalette.ColorRole.Accent, 0.7))

    def _paint_images(self, painter: QPainter, arranged: RowLayout, row: int) -> None:
        for column, tile in enumerate(self.images(row)[: arranged.tiles + 1]):
            if column > MEAN or not tile.isNull():
                paint_tile(painter, arranged.place(column), tile, self._view.palette())

    def _paint_frame(self, painter: QPainter, place: QRectF) -> None:
        """Around the image that the keys have come to."""
        color = self._view.palette().color(QPalette.ColorRole.Highlight)
        painter.setPen(QPen(color, 2, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(-1, -1, 1, 1))
