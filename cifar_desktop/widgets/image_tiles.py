"""Tiny images, painted as the pixels they are; used by `sample_grid` and `augmented_grid`."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPaintDevice, QPainter, QPalette, QPen

from cifar_desktop.widgets.style import blend

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


def tile_side(side: int, room: float, ratio: float) -> float:
    """How large to paint an image where `room` is left for it: whole screen pixels for each of its.

    Args:
        side: Of the image, in its own pixels.
        room: In the widget's units.
        ratio: Screen pixels for each of the widget's units.
    """
    sides = list(_sides(side, ratio))
    return max((each for each in sides if each <= room), default=sides[0])


def paint_tile(painter: QPainter, target: QRectF, tile: QImage, palette: QPalette) -> None:
    """Paint an image with sharp pixels and a fine frame."""
    target = _on_screen_pixels(painter.device(), target)
    if not tile.isNull():
        painter.drawImage(target, tile)
    # A white bird on a white ground needs an edge.
    painter.setPen(QPen(blend(palette, QPalette.ColorRole.WindowText, 0.2), 0))
    edge = 1 / painter.device().devicePixelRatio()
    painter.drawRect(target.adjusted(-edge, -edge, 0, 0))


def _sides(side: int, ratio: float) -> Iterator[float]:
    """From about one to two times 32, in the widget's units."""
    factor = max(1, round(_SMALLEST * ratio / side))
    yield factor * side / ratio
    while (factor + 1) * side / ratio <= _LARGEST:
        factor += 1
        yield factor * side / ratio


def _on_screen_pixels(device: QPaintDevice, target: QRectF) -> QRectF:
    ratio = device.devicePixelRatio()
    left, top = round(target.left() * ratio) / ratio, round(target.top() * ratio) / ratio
    return QRectF(left, top, target.width(), target.height())
