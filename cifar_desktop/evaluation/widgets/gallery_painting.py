"""Paints the images of the gallery: the pixels, and below them what was answered.

Right and wrong differ by colour, and by a tick and an arrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cifar_desktop.evaluation.widgets.gallery_model import GalleryModel, Index
from cifar_desktop.ui.chart_palette import ChartPalette, ink
from cifar_desktop.ui.image_tiles import paint_framed, tile_sides
from cifar_desktop.ui.style import GRID, RADIUS, blend

_SMALLEST, _LARGEST = 32, 192
_FOR_LARGE = (48.0, 64.0, 96.0, 128.0, 192.0)
"""Tiles for images that are too large to be painted pixel by pixel."""
_PADDING = 6
_NARROWEST = 9 * GRID
"""Narrower than this, captions say nothing."""
_CAPTION = "automobile 100 %"
_AIR = 1.28
"""So many times as wide as its tile a cell may become for the sake of its caption."""
_MARK = 10
_KEPT = 5000
_SELECTED = QStyle.StateFlag.State_Selected


def sizes(side: int, ratio: float) -> Sequence[float]:
    """How large tiles may be, rising, in the widget's units: whole screen pixels where possible.

    Args:
        side: Of the images, in their own pixels.
        ratio: Screen pixels for each of the widget's units.
    """
    if side > _LARGEST * ratio / 2:
        return _FOR_LARGE
    return list(tile_sides(side, ratio, _SMALLEST, _LARGEST))


def closest(sizes: Sequence[float], wanted: float) -> int:
    """Which size comes closest to one."""
    return min(range(len(sizes)), key=lambda each: abs(sizes[each] - wanted))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cells:
    """How the grid is divided.

    Attributes:
        tile: Side of a painted image.
        columns: Abreast.
        size: Of a cell.
    """

    tile: float
    columns: int
    size: QSize


def divide(width: int, metrics: QFontMetrics, tile: float) -> Cells:
    """As many columns as fit, spread over the whole width.

    Args:
        width: Of the grid.
        metrics: Of the captions.
        tile: Side of a painted image.
    """
    caption = metrics.horizontalAdvance(_CAPTION) + _MARK + 3 * _PADDING
    wanted = max(tile + 2 * _PADDING, min(caption, _AIR * tile), _NARROWEST)
    columns = max(1, int(width // wanted))
    height = round(tile) + 3 * _PADDING + 2 * metrics.height()
    return Cells(tile=tile, columns=columns, size=QSize(max(width // columns, 1), height))


class GalleryPainter(QStyledItemDelegate):
    """Paints one cell; a page of them has less time than a frame, so what recurs is kept.

    Args:
        view: The grid that it paints for.
        model: What is in the grid.

    Signals: those of every delegate.
    """

    def __init__(self, view: QListView, model: GalleryModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._fitting = lru_cache(_KEPT)(self._fitted)
        self._marks: dict[bool, QPixmap] = {}
        self.cells = Cells(tile=1.0, columns=1, size=QSize(1, 1))
        self.follow_style()

    def follow_style(self) -> None:
        """Take colours, letters and fineness from the view."""
        palette = self._view.palette()
        self._ink = ink(palette)
        self._frame = blend(palette, QPalette.ColorRole.WindowText, 0.2)
        self._metrics = self._view.fontMetrics()
        self._line = self._metrics.height()
        self._fitting.cache_clear()
        ratio = self._view.devicePixelRatioF()
        self._marks = {right: _mark(self._ink, ratio, right=right) for right in (True, False)}

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all."""
        return self.cells.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint an image and its two lines of text."""
        source, rect, row = self._model.source, option.rect, index.row()
        if source is None:
            return
        if option.state & _SELECTED:
            self._paint_selection(painter, rect)
        tile, picture = self._tile(rect), self._model.image(row)
        # More pixels than places: what is left out would show as noise.
        smooth = picture.width() > tile.width() * self._view.devicePixelRatioF()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        paint_framed(painter, tile, picture, self._frame)
        self._paint_words(painter, rect, source.caption(row), right=source.is_right(row))

    def _tile(self, rect: QRect) -> QRectF:
        side = self.cells.tile
        left = rect.left() + (rect.width() - side) / 2
        return QRectF(left, rect.top() + _PADDING, side, side)

    def _paint_selection(self, painter: QPainter, rect: QRect) -> None:
        focus = self._view.hasFocus()
        edge = self._ink.focus if focus else self._ink.quiet
        tint = QColor(edge)
        tint.setAlphaF(0.18 if focus else 0.1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 2 if focus else 1))
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.restore()

    def _paint_words(
        self, painter: QPainter, rect: QRect, caption: tuple[str, str], *, right: bool
    ) -> None:
        shown, answered = caption
        room = rect.width() - 2 * _PADDING
        middle = rect.left() + rect.width() // 2
        baseline = rect.bottom() - _PADDING - self._metrics.descent()
        painter.setPen(self._ink.text)
        text, width = self._fitting(shown, room)
        painter.drawText(middle - width // 2, baseline - self._line, text)
        mark = _MARK + GRID // 2
        text, width = self._fitting(answered, room - mark)
        left = middle - (mark + width) // 2
        painter.drawText(left + mark, baseline, text)
        top = baseline - self._metrics.ascent() + (self._line - _MARK) // 2
        painter.drawPixmap(left, top, self._marks[right])

    def _fitted(self, text: str, room: int) -> tuple[str, int]:
        """What fits of a text, and how wide that is."""
        text = elided(self._metrics, text, room)
        return text, self._metrics.horizontalAdvance(text)


def paint_mark(painter: QPainter, place: QRectF, colours: ChartPalette, *, right: bool) -> None:
    """A tick where the answer is right, an arrow to it where it is wrong."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(colours.training if right else colours.validation))
    left, top, width, height = place.left(), place.top(), place.width(), place.height()
    for stroke in _TICK if right else _ARROW:
        painter.drawPolyline([QPointF(left + x * width, top + y * height) for x, y in stroke])
    painter.restore()


def _mark(colours: ChartPalette, ratio: float, *, right: bool) -> QPixmap:
    pixmap = QPixmap(round(_MARK * ratio), round(_MARK * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    paint_mark(painter, QRectF(0, 0, _MARK, _MARK), colours, right=right)
    painter.end()
    return pixmap


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """What fits; the middle is left out, as the end is a percentage."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)


_TICK = (((0.1, 0.55), (0.4, 0.85), (0.9, 0.15)),)
_ARROW = (((0.05, 0.5), (0.95, 0.5)), ((0.6, 0.15), (0.95, 0.5), (0.6, 0.85)))


def _pen(colour: QColor) -> QPen:
    return QPen(colour, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
