"""Shows over the whole window that a drag can be dropped; for the main window."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from cifar_desktop.ui.style import GRID, scaled_font


class DropOverlay(QWidget):
    """Covers its parent while a drag is over it; accepts no mouse events and no drops itself."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window, self._text = parent, ""
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFont(scaled_font(self, 1.8, QFont.Weight.DemiBold))
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
        """Paint a veil, a frame and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        veil = self.palette().color(QPalette.ColorRole.Window)
        veil.setAlphaF(0.85)
        painter.fillRect(self.rect(), veil)
        painter.setPen(
            QPen(self.palette().color(QPalette.ColorRole.Accent), 3, Qt.PenStyle.DashLine)
        )
        frame = QRectF(self.rect()).adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
        painter.drawRoundedRect(frame, 2 * GRID, 2 * GRID)
        self._paint_text(painter, frame)

    def _paint_text(self, painter: QPainter, frame: QRectF) -> None:
        """Paint the text on a background of its own: there may be other text beneath."""
        center = Qt.AlignmentFlag.AlignCenter
        background = painter.boundingRect(frame, center, self._text)
        background.adjust(-3 * GRID, -GRID, 3 * GRID, GRID)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
        painter.drawRoundedRect(background, GRID, GRID)
        painter.setPen(self.palette().color(QPalette.ColorRole.HighlightedText))
        painter.drawText(frame, center, self._text)
