"""The rows of the class list: their model, and how each is painted."""

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
from PySide6.QtGui import QImage, QPainter, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill
from cifar_desktop.look.type_scale import Text, font
from cifar_desktop.training.widgets.dataset.row_layout import BAR, MEAN, RowLayout, row_layout
from cifar_desktop.training.widgets.dataset.sample_pager import SamplePager
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.image_tiles import image, paint_tile
from cifar_desktop.ui.style import GRID

Index = QModelIndex | QPersistentModelIndex


class ClassesModel(QAbstractListModel):
    """One row per class, then one of pictures of other things; samples come from `pager`.

    The text is for assistive technology.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pager = SamplePager(DatasetInfo(classes=(), train_counts=(), test_counts=()))

    @property
    def data_shown(self) -> DatasetInfo:
        """The dataset."""
        return self.pager.dataset

    def show_data(self, dataset: DatasetInfo) -> None:
        """Show another dataset."""
        self.beginResetModel()
        self.pager = SamplePager(dataset)
        self.endResetModel()

    def next_page(self) -> None:
        """Show other samples; rows and selection stay."""
        self.pager.next_page()
        self._emit_changed()

    def add_samples(self, dataset: DatasetInfo) -> None:
        """Add other samples of the same dataset."""
        if self.pager.add(dataset):
            self._emit_changed()

    def images(self, row: int) -> list[QImage]:
        """The mean image of a row, then its visible samples; empty without samples."""
        shown = self.data_shown
        if not shown.sample_count(row):
            return []
        strip, places = shown.strip(row), self.pager.visible(row)
        samples = [image(strip, shown.side, place) for place in places]
        means, place = (shown.none_mean, 0) if shown.is_none(row) else (shown.means, row)
        return [image(means, shown.side, place), *samples]

    def pixels(self, row: int, column: int) -> bytes:
        """RGB bytes of a visible sample."""
        shown = self.data_shown
        size, place = shown.side * shown.side * 3, self.pager.visible(row)[column - 1]
        return shown.strip(row)[place * size : (place + 1) * size]

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """One row per class, and one of pictures of other things."""
        below_root = parent is None or not parent.isValid()
        return self.data_shown.rows if below_root else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The name; as tooltip and for assistive technology, the counts as well."""
        row, shown = index.row(), self.data_shown
        if role == Qt.ItemDataRole.DisplayRole:
            return shown.name(row)
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            counts = shown.counts(row).items()
            words = ", ".join(f"{count:,} {split} images" for split, count in counts)
            about = ". Pictures of other things." if shown.is_none(row) else ""
            return f"{shown.name(row)}: {words}{about}"
        return None

    def _emit_changed(self) -> None:
        self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, 0))


class ClassPainter(QStyledItemDelegate):
    """Paints a class: name, counts, a bar for its size, mean image, samples.

    Args:
        view: The list to paint for.
        model: The classes.
        current_column: Returns the current image of the current row.

    Signals: none.
    """

    def __init__(
        self, view: QListView, model: ClassesModel, current_column: Callable[[], int]
    ) -> None:
        super().__init__(view)
        self._view, self._model, self._current_column = view, model, current_column
        self._images_cache: dict[int, list[QImage]] = {}
        model.modelReset.connect(self._clear_cache)
        model.dataChanged.connect(self._clear_cache)

    def row_layout(self) -> RowLayout:
        """The layout of every row at the current width."""
        view, line = self._view, self._view.fontMetrics().height()
        width = view.viewport().width()
        return row_layout(width, line, self._model.data_shown, view.devicePixelRatio())

    def images(self, row: int) -> list[QImage]:
        """The mean image of a class and its samples, created when first needed."""
        if row not in self._images_cache:
            self._images_cache[row] = self._model.images(row)
        return self._images_cache[row]

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """Height of a row; the width is that of the view."""
        return QSize(0, self.row_layout().height)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint a row."""
        focus = bool(option.state & QStyle.StateFlag.State_HasFocus)
        found, layout = roles(self._view.palette()), self.row_layout()
        painter.save()
        painter.translate(option.rect.topLeft())
        if self._model.data_shown.is_none(index.row()):
            painter.fillRect(0, 0, option.rect.width(), layout.height, found.row_hover)
        if focus and option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(0, 0, option.rect.width(), layout.height - 1, found.tint)
        self._paint_text(painter, layout, index.row())
        self._paint_images(painter, layout, index.row())
        if focus and self.images(index.row()):
            self._paint_frame(painter, layout.place(self._current_column()))
        width = option.rect.width() - 2 * GRID
        painter.fillRect(GRID, layout.height - 1, width, 1, found.line)
        painter.restore()

    @Slot()
    def _clear_cache(self) -> None:
        self._images_cache.clear()

    def _paint_text(self, painter: QPainter, layout: RowLayout, row: int) -> None:
        shown, found = self._model.data_shown, roles(self._view.palette())
        line = self._view.fontMetrics().height()
        top = GRID if layout.stacked else (layout.height - layout.text) // 2
        counts = shown.sum_text(row)
        room = QRectF(GRID, top, layout.names, line)
        painter.setFont(font(Text.BODY))
        painter.setPen(found.quiet)
        if layout.stacked:
            painter.drawText(room, Qt.AlignmentFlag.AlignRight, counts)
            room.setWidth(room.width() - painter.fontMetrics().horizontalAdvance(counts) - GRID)
        else:
            painter.drawText(room.translated(0, line), Qt.AlignmentFlag.AlignLeft, counts)
        painter.setFont(font(Text.STRONG))
        painter.setPen(found.text)
        mode, name = Qt.TextElideMode.ElideMiddle, shown.name(row)
        name = painter.fontMetrics().elidedText(name, mode, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft, name)
        below = top + layout.text - BAR
        self._paint_bar(painter, QRectF(GRID, below, layout.names, BAR), row)

    def _paint_bar(self, painter: QPainter, track: QRectF, row: int) -> None:
        shown, found = self._model.data_shown, roles(self._view.palette())
        fill(painter, track, found.track, BAR / 2)
        # Other things may be far more than any class: their bar is full, the classes keep theirs.
        share = shown.counts(row)["training"] / max(1, *shown.train_counts)
        track.setWidth(track.width() * min(1, share))
        fill(painter, track, found.mark, BAR / 2)

    def _paint_images(self, painter: QPainter, layout: RowLayout, row: int) -> None:
        for column, tile in enumerate(self.images(row)[: layout.tiles + 1]):
            if column > MEAN or not tile.isNull():
                paint_tile(painter, layout.place(column), tile, self._view.palette())

    def _paint_frame(self, painter: QPainter, place: QRectF) -> None:
        """Paint a frame around the current image."""
        color = roles(self._view.palette()).mark
        painter.setPen(QPen(color, 2, j=Qt.PenJoinStyle.MiterJoin))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(-1, -1, 1, 1))
