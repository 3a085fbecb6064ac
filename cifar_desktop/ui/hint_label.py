"""A sentence with the icon of its kind before it."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from cifar_desktop.look.icons import tinted
from cifar_desktop.look.roles import roles
from cifar_desktop.ui.style import GRID

_SIGN = 16


class HintLabel(QLabel):
    """Wraps; hidden while it is empty.

    Args:
        kind: `info`, `success`, `warning` or `error`; only info is in the color of quiet text.
    """

    def __init__(self, kind: str = "info") -> None:
        super().__init__()
        self._kind = kind
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setWordWrap(True)
        self.setContentsMargins(_SIGN + GRID // 2 + 2, 0, 0, 0)
        self.hide()

    @property
    def kind(self) -> str:
        """The kind."""
        return self._kind

    def show_text(self, text: str, kind: str) -> None:
        """Show a sentence, or none."""
        self._kind = kind
        self.setText(text)
        self.setVisible(bool(text))
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon beside the first line, and the text."""
        painter, found, line = QPainter(self), roles(self.palette()), self.fontMetrics().height()
        color = found.quiet if self._kind == "info" else found.kind(self._kind).icon
        mark = tinted(self._kind, color, _SIGN, self.devicePixelRatioF())
        painter.drawPixmap(0, max(0, (line - _SIGN) // 2), mark)
        painter.setPen(color)
        flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
        painter.drawText(self.contentsRect(), int(flags), self.text())
