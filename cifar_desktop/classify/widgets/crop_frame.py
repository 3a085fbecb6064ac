"""How a crop is painted on the picture: frame, brackets, grips, size.

Its white and black lie on photos, so they do not follow the palette.
"""

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap

from cifar_desktop.look.colors import BLACK, WHITE
from cifar_desktop.look.shapes import fill
from cifar_desktop.look.type_scale import Text, font

_LINE, _RIM = 1.6, 4.0
_BRACKET, _GRIP, _THICK = 20.0, 22.0, 4.0
_ROOM_FOR_GRIPS = 64.0
"""Least length in pixels of an edge with a grip."""
_OUTSIDE, _UNDER, _THIRDS, _LABEL = 0.46, 0.45, 0.5, 0.62


def has_grip(length: float) -> bool:
    """Whether an edge of this length in pixels can be gripped in its middle."""
    return length >= _ROOM_FOR_GRIPS


def dimmed(picture: QPixmap) -> QPixmap:
    """The picture as it is outside the crop."""
    found = QPixmap(picture)
    painter = QPainter(found)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceAtop)
    painter.fillRect(found.rect(), _black(_OUTSIDE))
    painter.end()
    return found


def paint_crop(painter: QPainter, crop: QRectF, size: str, *, thirds: bool) -> None:
    """Paint the frame of a crop over the picture.

    Args:
        painter: Paints on the picture.
        crop: The crop on screen.
        size: Its size in words.
        thirds: Whether to divide it into thirds.
    """
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if thirds:
        _paint_thirds(painter, crop)
    for color, width in ((_black(_UNDER), _RIM), (WHITE, _LINE)):
        painter.setPen(QPen(color, width))
        painter.drawRect(crop)
    _paint_handles(painter, crop)
    _paint_size(painter, crop, size)


def _paint_thirds(painter: QPainter, crop: QRectF) -> None:
    line = QColor(WHITE)
    line.setAlphaF(_THIRDS)
    painter.setPen(QPen(line, 1))
    for third in (1 / 3, 2 / 3):
        x, y = crop.left() + third * crop.width(), crop.top() + third * crop.height()
        painter.drawLine(QPointF(x, crop.top()), QPointF(x, crop.bottom()))
        painter.drawLine(QPointF(crop.left(), y), QPointF(crop.right(), y))


def _paint_handles(painter: QPainter, crop: QRectF) -> None:
    handles = QPainterPath()
    for start, *others in [*_brackets(crop), *_grips(crop)]:
        handles.moveTo(start)
        for point in others:
            handles.lineTo(point)
    for color, width in ((_black(_UNDER), _THICK + 2), (WHITE, _THICK)):
        cap, join = Qt.PenCapStyle.SquareCap, Qt.PenJoinStyle.MiterJoin
        painter.setPen(QPen(color, width, Qt.PenStyle.SolidLine, cap, join))
        painter.drawPath(handles)


def _brackets(crop: QRectF) -> Iterator[list[QPointF]]:
    across, down = min(_BRACKET, crop.width() / 3), min(_BRACKET, crop.height() / 3)
    for x, dx in ((crop.left(), across), (crop.right(), -across)):
        for y, dy in ((crop.top(), down), (crop.bottom(), -down)):
            yield [QPointF(x + dx, y), QPointF(x, y), QPointF(x, y + dy)]


def _grips(crop: QRectF) -> Iterator[list[QPointF]]:
    center, half = crop.center(), _GRIP / 2
    if has_grip(crop.width()):
        for y in (crop.top(), crop.bottom()):
            yield [QPointF(center.x() - half, y), QPointF(center.x() + half, y)]
    if has_grip(crop.height()):
        for x in (crop.left(), crop.right()):
            yield [QPointF(x, center.y() - half), QPointF(x, center.y() + half)]


def _paint_size(painter: QPainter, crop: QRectF, size: str) -> None:
    text_font = QFont(font(Text.CAPTION))
    metrics = QFontMetricsF(text_font)
    label = QRectF(0, 0, metrics.horizontalAdvance(size) + 14, metrics.height() + 5)
    if label.width() + 2 * _GRIP > crop.width() or label.height() + _GRIP > crop.height():
        return
    label.moveTopLeft(crop.topLeft() + QPointF(10, 10))
    fill(painter, label, _black(_LABEL), 5)
    painter.setFont(text_font)
    painter.setPen(WHITE)
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, size)


def _black(alpha: float) -> QColor:
    color = QColor(BLACK)
    color.setAlphaF(alpha)
    return color
