"""Shows over the whole window that a drag can be dropped; for the main window."""

from PySide6.QtCore import QEvent, QObject, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cifar_desktop.look.roles import Roles, roles
from cifar_desktop.look.shapes import CARD_RADIUS, outline, symbol
from cifar_desktop.look.type_scale import Text, set_size, unit

_INSET = 12
"""Pixels between the edge of the window and the dashes."""
_VEIL = 0.8


class DropOverlay(QWidget):
    """Covers its parent while a drag is over it; accepts no mouse events and no drops itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._text = parent, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        set_size(self, Text.TITLE)
        self.hide()
        parent.installEventFilter(self)

    @property
    def text(self) -> str:
        """What a drop would do."""
        return self._text

    def appear(self, text: str) -> None:
        """Cover the window, saying what a drop would do."""
        self._text = text
        self.setAccessibleName(text)
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the window's size."""
        if event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
        return super().eventFilter(watched, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a veil, dashes inside the edge, and the text."""
        found, painter = roles(self.palette()), QPainter(self)
        veil = QColor(found.sunken)
        veil.setAlphaF(_VEIL)
        painter.fillRect(self.rect(), veil)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = QPen(found.mark, 2)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        frame = QRectF(self.rect()).adjusted(_INSET, _INSET, -_INSET, -_INSET)
        painter.drawRoundedRect(frame, CARD_RADIUS, CARD_RADIUS)
        self._paint_text(painter, found)

    def _paint_text(self, painter: QPainter, found: Roles) -> None:
        """Paint icon and text on a surface of their own: there may be other text beneath."""
        words, side = painter.fontMetrics().horizontalAdvance(self._text), 3 * unit()
        body = QRect(0, 0, side + words + 7 * unit(), 8 * unit())
        body.moveCenter(self.rect().center())
        outline(painter, body, found.line, ground=found.raised, radius=CARD_RADIUS)
        place = QRect(body.x() + 2 * unit(), body.y(), side, body.height())
        symbol(painter, "open", found.accent_text, place, side)
        painter.setPen(found.text)
        left = place.right() + round(1.5 * unit())
        room = QRect(left, body.y(), words + 2, body.height())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, self._text)
