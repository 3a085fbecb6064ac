"""Paints the images of the gallery with their true and predicted class.

Correct and wrong predictions differ by color, and by a check mark and an arrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cifar_desktop.evaluation.widgets.gallery_model import GalleryModel, Index
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import outline
from cifar_desktop.ui.chart_palette import ChartPalette, chart_palette
from cifar_desktop.ui.image_tiles import paint_framed, tile_sides
from cifar_desktop.ui.style import GRID

_SMALLEST, _LARGEST = 96, 280
_SMOOTH_SIZES = (96.0, 128.0, 160.0, 208.0, 280.0)
"""Tile sizes for images that are too large to be painted pixel by pixel."""
_PADDING = 6
_SELECTED_RADIUS = 8.0
_MIN_CELL_WIDTH = 9 * GRID
"""Narrower captions would be unreadable."""
_CAPTION = "automobile 100 %"
_MAX_WIDENING = 1.16
"""Maximum width of a cell relative to its tile, to fit the caption."""
_MARK = 10
_CACHE_SIZE = 5000
_SELECTED = QStyle.StateFlag.State_Selected


def sizes(side: int, ratio: float) -> Sequence[float]:
    """Available tile sizes in widget units, ascending; whole screen pixels where possible.

    Args:
        side: Width and height of the images in pixels.
        ratio: Device pixel ratio.
    """
    if side > _LARGEST * ratio / 2:
        return _SMOOTH_SIZES
    return list(tile_sides(side, ratio, _SMALLEST, _LARGEST))


def closest(sizes: Sequence[float], preferred: float) -> int:
    """Index of the closest size."""
    return min(range(len(sizes)), key=lambda each: abs(sizes[each] - preferred))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """The cells of the grid.

    Attributes:
        tile: Side of a painted image.
        columns: Number of columns.
        size: Size of a cell.
    """

    tile: float
    columns: int
    size: QSize


def divide(width: int, metrics: QFontMetrics, tile: float) -> Cells:
    """As many columns as fit, spread over the width.

    Args:
        width: Width of the grid.
        metrics: Font metrics of the captions.
        tile: Side of a painted image.
    """
    caption = metrics.horizontalAdvance(_CAPTION) + _MARK + 3 * _PADDING
    preferred = max(tile + 2 * _PADDING, min(caption, _MAX_WIDENING * tile), _MIN_CELL_WIDTH)
    columns = max(1, int(width // preferred))
    height = round(tile) + 3 * _PADDING + 2 * metrics.height()
    return Cells(tile=tile, columns=columns, size=QSize(max(width // columns, 1), height))


class GalleryPainter(QStyledItemDelegate):
    """Paints one cell; caches what recurs, so that scrolling stays smooth.

    Args:
        view: The grid to paint for.
        model: The images.

    Signals: those of every delegate.
    """

    def __init__(self, view: QListView, model: GalleryModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._fitting = lru_cache(_CACHE_SIZE)(self._fitted)
        self._marks: dict[bool, QPixmap] = {}
        self.cells = Cells(tile=1.0, columns=1, size=QSize(1, 1))
        self.follow_style()

    def follow_style(self) -> None:
        """Adopt colors, font and resolution of the view."""
        palette = self._view.palette()
        self._colors = chart_palette(palette)
        self._roles = roles(palette)
        self._frame = self._roles.line
        self._metrics = self._view.fontMetrics()
        self._line = self._metrics.height()
        self._fitting.cache_clear()
        ratio = self._view.devicePixelRatioF()
        self._marks = {right: _mark(self._colors, ratio, right=right) for right in (True, False)}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The cell size."""
        return self.cells.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint an image and its caption."""
        source, rect, row = self._model.source, option.rect, index.row()
        if source is None:
            return
        if option.state & _SELECTED:
            self._paint_selection(painter, rect)
        tile, picture = self._tile(rect), self._model.image(row)
        paint_framed(painter, tile, picture, self._frame)
        self._paint_caption(painter, rect, source.caption(row), right=source.is_right(row))

    def _tile(self, rect: QRect) -> QRectF:
        side = self.cells.tile
        return QRectF(rect.left() + _PADDING, rect.top() + _PADDING, side, side)

    def _paint_selection(self, painter: QPainter, rect: QRect) -> None:
        found, focus = self._roles, self._view.hasFocus()
        wide = rect.adjusted(1, 0, -1, -1)
        outline(
            painter,
            wide,
            found.mark,
            ground=found.tint,
            width=2.0 if focus else 1.0,
            radius=_SELECTED_RADIUS,
        )

    def _paint_caption(
        self, painter: QPainter, rect: QRect, caption: tuple[str, str], *, right: bool
    ) -> None:
        name, predicted = caption
        left, room = rect.left() + _PADDING, rect.width() - 2 * _PADDING
        baseline = rect.bottom() - _PADDING - self._metrics.descent()
        painter.setFont(self._view.font())
        painter.setPen(self._roles.text)
        painter.drawText(left, baseline - self._line, self._fitting(name, room))
        mark = _MARK + GRID // 2
        painter.setPen(self._roles.quiet)
        painter.drawText(left + mark, baseline, self._fitting(predicted, room - mark))
        top = baseline - self._metrics.ascent() + (self._line - _MARK) // 2
        painter.drawPixmap(left, top, self._marks[right])

    def _fitted(self, text: str, room: int) -> str:
        return elided(self._metrics, text, room)


def paint_mark(painter: QPainter, place: QRectF, colors: ChartPalette, *, right: bool) -> None:
    """Paint a check mark for a correct prediction, an arrow for a wrong one."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(colors.training if right else colors.validation))
    left, top, width, height = place.left(), place.top(), place.width(), place.height()
    for stroke in _TICK if right else _ARROW:
        painter.drawPolyline([QPointF(left + x * width, top + y * height) for x, y in stroke])
    painter.restore()


def _mark(colors: ChartPalette, ratio: float, *, right: bool) -> QPixmap:
    pixmap = QPixmap(round(_MARK * ratio), round(_MARK * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_mark(painter, QRectF(0, 0, _MARK, _MARK), colors, right=right)
    painter.end()
    return pixmap


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """The text elided in the middle, because the end is a percentage."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)


_TICK = (((0.1, 0.55), (0.4, 0.85), (0.9, 0.15)),)
_ARROW = (((0.05, 0.5), (0.95, 0.5)), ((0.6, 0.15), (0.95, 0.5), (0.6, 0.85)))


def _pen(color: QColor) -> QPen:
    return QPen(color, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
