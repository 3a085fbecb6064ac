"""Rectangles within a picture, as fractions of its width and height; used by the picture view."""

from PySide6.QtCore import QPointF, QRectF

SMALLEST = 0.02
"""The least width and height of a part."""


def whole() -> QRectF:
    """The whole picture."""
    return QRectF(0, 0, 1, 1)


def is_whole(crop: QRectF) -> bool:
    """Whether a part is the whole picture, give or take a rounding."""
    return crop.width() > 0.999 and crop.height() > 0.999


def spanned(anchor: QPointF, point: QPointF, *, square: float | None = None) -> QRectF:
    """The part between two points, kept inside the picture.

    Args:
        anchor: A corner that stays.
        point: The opposite corner.
        square: Width by height of the picture, to make the part a square on the screen.
    """
    dx, dy = _inside(point.x()) - anchor.x(), _inside(point.y()) - anchor.y()
    if square:
        side = min(
            max(abs(dx) * square, abs(dy)), _room(anchor.x(), dx) * square, _room(anchor.y(), dy)
        )
        dx, dy = _signed(side / square, dx), _signed(side, dy)
    return _clamped(QRectF(anchor, QPointF(anchor.x() + dx, anchor.y() + dy)).normalized())


def moved(crop: QRectF, dx: float, dy: float) -> QRectF:
    """The part, shifted as far as the picture goes."""
    left = min(max(crop.left() + dx, 0.0), 1.0 - crop.width())
    top = min(max(crop.top() + dy, 0.0), 1.0 - crop.height())
    return QRectF(left, top, crop.width(), crop.height())


def resized(crop: QRectF, dx: float, dy: float) -> QRectF:
    """The part with its right and lower edges shifted."""
    right = _inside(max(crop.right() + dx, crop.left() + SMALLEST))
    bottom = _inside(max(crop.bottom() + dy, crop.top() + SMALLEST))
    return _clamped(QRectF(crop.topLeft(), QPointF(right, bottom)))


def scaled(crop: QRectF, factor: float) -> QRectF:
    """The part grown or shrunk around its middle."""
    width = min(1.0, max(SMALLEST, crop.width() * factor))
    height = min(1.0, max(SMALLEST, crop.height() * factor))
    centre = crop.center()
    crop = QRectF(centre.x() - width / 2, centre.y() - height / 2, width, height)
    return moved(crop, 0, 0)


def _clamped(crop: QRectF) -> QRectF:
    width, height = max(crop.width(), SMALLEST), max(crop.height(), SMALLEST)
    return moved(QRectF(crop.left(), crop.top(), min(width, 1.0), min(height, 1.0)), 0, 0)


def _inside(value: float) -> float:
    return min(max(value, 0.0), 1.0)


def _room(start: float, direction: float) -> float:
    return start if direction < 0 else 1.0 - start


def _signed(value: float, like: float) -> float:
    return -value if like < 0 else value
