"""Tiny images painted as sharp pixels."""

from collections.abc import Iterator

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPaintDevice, QPainter, QPalette, QPen

from cifar_desktop.ui.style import blend

GAP = 3
_SMALLEST = 32
_LARGEST = 64


def image(pixels: bytes, side: int, row: int = 0) -> QImage:
    """One image out of the RGB bytes of many, shape [n, side, side, 3]; empty if missing."""
    size = side * side * 3
    own = pixels[row * size : (row + 1) * size]
    if len(own) < size:
        return QImage()
    return QImage(own, side, side, side * 3, QImage.Format.Format_RGB888).copy()


def tile_side(
    side: int, room: float, ratio: float, *, smallest: int = _SMALLEST, largest: int = _LARGEST
) -> float:
    """The side at which to paint an image: a whole number of screen pixels per image pixel.

    Images larger than the maximum are scaled down to it.

    Args:
        side: Side of the image in image pixels.
        room: Available space in widget units.
        ratio: Device pixel ratio.
        smallest: Approximate minimum, in widget units.
        largest: Maximum, in widget units.
    """
    sides = list(tile_sides(side, ratio, smallest, largest))
    return max((each for each in sides if each <= room), default=sides[0])


def paint_tile(painter: QPainter, target: QRectF, tile: QImage, palette: QPalette) -> None:
    """Paint an image with sharp pixels and a thin frame."""
    # A white bird on a white background needs an edge.
    paint_framed(painter, target, tile, blend(palette, QPalette.ColorRole.WindowText, 0.2))


def paint_framed(painter: QPainter, target: QRectF, tile: QImage, frame: QColor) -> None:
    """Paint an image with sharp pixels and a thin frame in a color."""
    target = _on_screen_pixels(painter.device(), target)
    if not tile.isNull():
        # Skipped pixels would look like noise.
        shrinks = target.width() * painter.device().devicePixelRatio() < tile.width()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, shrinks)
        painter.drawImage(target, tile)
    painter.setPen(QPen(frame, 0))
    edge = 1 / painter.device().devicePixelRatio()
    painter.drawRect(target.adjusted(-edge, -edge, 0, 0))


def tile_sides(side: int, ratio: float, smallest: int, largest: int) -> Iterator[float]:
    """Possible sides from about the smallest to the largest, in widget units."""
    if side > largest * ratio:
        yield float(largest)
        return
    factor = max(1, round(smallest * ratio / side))
    yield factor * side / ratio
    while (factor + 1) * side / ratio <= largest:
        factor += 1
        yield factor * side / ratio


def _on_screen_pixels(device: QPaintDevice, target: QRectF) -> QRectF:
    ratio = device.devicePixelRatio()
    left, top = round(target.left() * ratio) / ratio, round(target.top() * ratio) / ratio
    return QRectF(left, top, target.width(), target.height())
