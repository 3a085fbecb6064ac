"""Paints the images of the gallery: the pixels, and below them what was answered.

Right and wrong differ by colour, and by a tick and an arrow.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPalette, QPen
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from cifar_desktop.widgets.chart_style import Ink, ink
from cifar_desktop.widgets.gallery_model import GalleryModel, Index
from cifar_desktop.widgets.image_tiles import paint_tile, tile_sides
from cifar_desktop.widgets.style import GRID, RADIUS

_SMALLEST, _LARGEST = 32, 192
_FOR_LARGE = (48.0, 64.0, 96.0, 128.0, 192.0)
"""Tiles for images that are too large to be painted pixel by pixel."""
_PADDING = 6
_NARROWEST = 9 * GRID
"""Narrower than this, captions say nothing."""
_CAPTION = "automobile 100 %"
_AIR = 1.4
"""So many times as wide as its tile a cell may become for the sake of its caption."""
_MARK = 10


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
    """Paints one cell.

    Args:
        view: The grid that it paints for.
        model: What is in the grid.

    Signals: those of every delegate.
    """

    def __init__(self, view: QListView, model: GalleryModel) -> None:
        super().__init__(view)
        self._view, self._model = view, model
        self._ink = ink(view.palette())
        self.cells = Cells(tile=1.0, columns=1, size=QSize(1, 1))

    def follow_palette(self) -> None:
        """Take colours from the palette."""
        self._ink = ink(self._view.palette())

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        """The same for all."""
        return self.cells.size

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint an image and its two lines of text."""
        source, rect = self._model.source, option.rect
        if source is None:
            return
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            self._paint_selection(painter, rect)
        tile, picture = self._tile(rect), self._model.image(index.row())
        # More pixels than places: what is left out would show as noise.
        smooth = picture.width() > tile.width() * painter.device().devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        paint_tile(painter, tile, picture, self._view.palette())
        shown, answered = source.caption(index.row())
        right = source.is_right(index.row())
        self._paint_words(painter, rect, shown, answered, right=right)
        painter.restore()

    def _tile(self, rect: QRect) -> QRectF:
        side = self.cells.tile
        left = rect.left() + (rect.width() - side) / 2
        return QRectF(left, rect.top() + _PADDING, side, side)

    def _paint_selection(self, painter: QPainter, rect: QRect) -> None:
        focus = self._view.hasFocus()
        edge = self._ink.focus if focus else self._ink.quiet
        tint = QColor(edge)
        tint.setAlphaF(0.18 if focus else 0.1)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(edge, 2 if focus else 1))
        painter.setBrush(tint)
        painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_words(
        self, painter: QPainter, rect: QRect, shown: str, answered: str, *, right: bool
    ) -> None:
        metrics = painter.fontMetrics()
        room = rect.width() - 2 * _PADDING
        top = round(self._tile(rect).bottom()) + _PADDING // 2
        line = QRect(rect.left() + _PADDING, top, room, metrics.height())
        self._paint_line(painter, line, shown)
        line.translate(0, metrics.height())
        mark = _MARK + GRID // 2
        width = min(metrics.horizontalAdvance(answered) + 1, room - mark)
        left = line.left() + (room - mark - width) // 2
        paint_mark(
            painter,
            QRectF(left, line.center().y() - _MARK / 2, _MARK, _MARK),
            self._ink,
            right=right,
        )
        self._paint_line(painter, QRect(left + mark, line.top(), width, line.height()), answered)

    def _paint_line(self, painter: QPainter, line: QRect, text: str) -> None:
        painter.setPen(self._view.palette().color(QPalette.ColorRole.Text))
        fitting = elided(painter.fontMetrics(), text, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, fitting)


def paint_mark(painter: QPainter, place: QRectF, colours: Ink, *, right: bool) -> None:
    """A tick where the answer is right, an arrow to it where it is wrong."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(_pen(colours.training if right else colours.validation))
    strokes = _TICK if right else _ARROW
    for stroke in strokes:
        painter.drawPolyline(
            [
                QPointF(place.left() + x * place.width(), place.top() + y * place.height())
                for x, y in stroke
            ]
        )
    painter.restore()


def elided(metrics: QFontMetrics, text: str, width: int) -> str:
    """What fits; the middle is left out, as the end is a percentage."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    return metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)


_TICK = (((0.1, 0.55), (0.4, 0.85), (0.9, 0.15)),)
_ARROW = (((0.05, 0.5), (0.95, 0.5)), ((0.6, 0.15), (0.95, 0.5), (0.6, 0.85)))


def _pen(colour: QColor) -> QPen:
    return QPen(colour, 2, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
