"""Rounded shapes that several parts of the style paint."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPen

RADIUS = 6.0
"""Corners of controls in pixels."""
CARD_RADIUS = 10.0
"""Corners of cards and notices."""


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


def _shape(painter: QPainter, rect: QRectF, pen: QPen, brush: QBrush, radius: float) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(pen)
    painter.setBrush(brush)
    painter.drawRoundedRect(rect, radius, radius)
    painter.restore()
