"""Shapes that several parts of the style paint: rounded grounds, outlines, rings, icons."""

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPainterPath, QPen, QPixmap, QRegion

from cifar_desktop.look.icons import tinted

RADIUS = 6.0
"""Corners of controls in pixels."""
CARD_RADIUS = 10.0
"""Corners of cards and notices."""
RING = 2.0
"""Width of a focus ring, and of the gap inside it."""


def fill(painter: QPainter, rect: QRect | QRectF, color: QColor, radius: float = RADIUS) -> None:
    """Fill a rounded rectangle."""
    _shape(painter, QRectF(rect), QPen(Qt.PenStyle.NoPen), QBrush(color), radius)


def outline(
    painter: QPainter,
    rect: QRect | QRectF,
    color: QColor,
    *,
    ground: QColor | None = None,
    width: float = 1.0,
    radius: float = RADIUS,
) -> None:
    """Draw a rounded rectangle whose line lies inside `rect`; `ground` fills it."""
    inset = width / 2
    inner = QRectF(rect).adjusted(inset, inset, -inset, -inset)
    brush = QBrush(ground) if ground is not None else QBrush(Qt.BrushStyle.NoBrush)
    _shape(painter, inner, QPen(color, width), brush, radius)


def ring(painter: QPainter, rect: QRect | QRectF, color: QColor, radius: float = RADIUS) -> None:
    """Draw the ring around what has the keyboard focus, along the inside of `rect`."""
    outline(painter, rect, color, width=RING, radius=radius)


def within_ring(rect: QRect | QRectF) -> QRectF:
    """What is left of a rectangle inside a focus ring and its gap."""
    inset = 2 * RING
    return QRectF(rect).adjusted(inset, inset, -inset, -inset)


def symbol(painter: QPainter, name: str, color: QColor, rect: QRect, side: int) -> None:
    """Draw an icon of `resources/icons` in the middle of a rectangle."""
    corner = rect.center() - QPoint(side // 2 - 1, side // 2 - 1)
    painter.drawPixmap(corner, tinted(name, color, side, painter.device().devicePixelRatioF()))


def rounded_picture(image: QImage, radius: float) -> QPixmap:
    """A picture with round corners; the radius is in its own pixels."""
    found = QPixmap(image.size())
    found.fill(Qt.GlobalColor.transparent)
    painter = QPainter(found)
    fill(painter, found.rect(), QColor(Qt.GlobalColor.black), radius)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
    painter.drawImage(0, 0, image)
    painter.end()
    return found


def rounded_region(rect: QRect, radius: float) -> QRegion:
    """A rectangle with round corners as a mask."""
    path = QPainterPath()
    path.addRoundedRect(QRectF(rect), radius, radius)
    return QRegion(path.toFillPolygon().toPolygon())


def _shape(painter: QPainter, rect: QRectF, pen: QPen, brush: QBrush, radius: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()
