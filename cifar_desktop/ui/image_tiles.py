"""Tiny images, painted as the pixels they are; used by the widgets of a dataset."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter, QPalette, QPen

from cifar_desktop.ui.style import blend

GAP = 3
_SMALLEST = 32
_LARGEST = 64


def image(pixels: bytes, side: int, row: int = 0) -> QImage:
    """One image out of many that lie one behind the other as RGB bytes; an empty one if missing."""
    size = side * side * 3
    part = pixels[row * size : (row + 1) * size]
    if len(part) < size:
        return QImage()
    return QImage(part, side, side, side * 3, QImage.Format.Format_RGB888).copy()


def tile_side(
    side: int, room: float, ratio: float, *, smallest: int = _SMALLEST, largest: int = _LARGEST
) -> float:
    """How large to paint an image where `room` is left for it: whole screen pixels for each of its.

    Args:
        side: Of the image, in its own pixels.
        room: In the widget's units.
        ratio: Screen pixels for each of the widget's units.
        smallest: About as large as this at least, in the widget's units.
        largest: At most as large as this.
    """
    sides = list(tile_sides(side, ratio, smallest, largest))
    return max((each for each in sides if each <= room), default=sides[0])


def paint_tile(painter: QPainter, target: QRectF, tile: QImage, palette: QPalette) -> None:
    """Paint an image with sharp pixels and a fine frame."""
    # A white bird on a white ground needs an edge.
    paint_framed(painter, target, tile, blend(palette, QPalette.ColorRole.WindowText, 0.2))


def paint_framed(painter: QPainter, target: QRectF, tile: QImage, frame: QColor) -> None:
    """Paint an image with sharp pixels and a fine frame of some color."""
    target = _on_screen_pixels(painter.device(), target)
    if not tile.isNull():
        painter.drawImage(target, tile)
    painter.setPen(QPen(frame, 0))
    edge = 1 / painter.device().devicePixelRatio()
    painter.drawRect(target.adjusted(-edge, -edge, 0, 0))


def tile_sides(side: int, ratio: float, smallest: int, largest: int) -> Iterator[float]:
    """From about the smallest to the largest, in the widget's units."""
    factor = max(1, round(smallest * ratio / side))
    yield factor * side / ratio
    while (factor + 1) * side / ratio <= largest:
        factor += 1
        yield factor * side / ratio


def _on_screen_pixels(device: QPaintDevice, target: QRectF) -> QRectF:
    ratio = device.devicePixelRatio()
    left, top = round(target.left() * ratio) / ratio, round(target.top() * ratio) / ratio
    return QRectF(left, top, target.width(), target.height())
