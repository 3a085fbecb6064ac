"""Crops of a picture, as fractions of its width and height."""

from PySide6.QtCore import QPointF, QRectF

SMALLEST = 0.02
"""Minimum width and height of a crop."""
CORNERS = ((-1, -1), (1, -1), (-1, 1), (1, 1))
EDGES = ((-1, 0), (1, 0), (0, -1), (0, 1))
"""Directions from the center."""


def whole() -> QRectF:
    """The whole picture."""
    return QRectF(0, 0, 1, 1)


def is_whole(crop: QRectF) -> bool:
    """Whether a crop is the whole picture, up to rounding."""
    return crop.width() > 0.999 and crop.height() > 0.999


def spanned(anchor: QPointF, point: QPointF, *, square: float | None = None) -> QRectF:
    """The crop between two points, kept inside the picture.

    Args:
        anchor: The fixed corner.
        point: The opposite corner.
        square: Aspect ratio of the picture, to make the crop square on screen.
    """
    dx, dy = _inside(point.x()) - anchor.x(), _inside(point.y()) - anchor.y()
    if square:
        side = min(
            max(abs(dx) * square, abs(dy)), _room(anchor.x(), dx) * square, _room(anchor.y(), dy)
        )
        dx, dy = _signed(side / square, dx), _signed(side, dy)
    return _clamped(QRectF(anchor, QPointF(anchor.x() + dx, anchor.y() + dy)).normalized())


def moved(crop: QRectF, dx: float, dy: float) -> QRectF:
    """The crop, moved as far as the picture allows."""
    left = min(max(crop.left() + dx, 0.0), 1.0 - crop.width())
    top = min(max(crop.top() + dy, 0.0), 1.0 - crop.height())
    return QRectF(left, top, crop.width(), crop.height())


def resized(crop: QRectF, dx: float, dy: float) -> QRectF:
    """The crop with its right and bottom edges moved."""
    right = _inside(max(crop.right() + dx, crop.left() + SMALLEST))
    bottom = _inside(max(crop.bottom() + dy, crop.top() + SMALLEST))
    return _clamped(QRectF(crop.topLeft(), QPointF(right, bottom)))


def pulled(crop: QRectF, edge: tuple[int, int], point: QPointF) -> QRectF:
    """The crop with one edge moved to a point, kept inside the picture.

    Args:
        crop: The crop.
        edge: Direction of the edge from the center: (-1, 0) is the left one, (0, 1) the bottom.
        point: Where the edge is to be.
    """
    found, x, y = QRectF(crop), _inside(point.x()), _inside(point.y())
    if edge[0] < 0:
        found.setLeft(min(x, crop.right() - SMALLEST))
    elif edge[0] > 0:
        found.setRight(max(x, crop.left() + SMALLEST))
    elif edge[1] < 0:
        found.setTop(min(y, crop.bottom() - SMALLEST))
    else:
        found.setBottom(max(y, crop.top() + SMALLEST))
    return found


def handle(crop: QRectF, direction: tuple[int, int]) -> QPointF:
    """The corner, or middle of an edge, in a direction from the center."""
    center = crop.center()
    return QPointF(
        center.x() + direction[0] * crop.width() / 2, center.y() + direction[1] * crop.height() / 2
    )


def scaled(crop: QRectF, factor: float) -> QRectF:
    """The crop scaled around its center."""
    width = min(1.0, max(SMALLEST, crop.width() * factor))
    height = min(1.0, max(SMALLEST, crop.height() * factor))
    center = crop.center()
    crop = QRectF(center.x() - width / 2, center.y() - height / 2, width, height)
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
