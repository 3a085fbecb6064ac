"""An icon in the color of a role: on its own, or before a sentence of its kind."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from cifar_desktop.look.icons import icon, tinted
from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import unit
from cifar_desktop.ui.style import GRID

_SIGN = 16


class IconLabel(QWidget):
    """Shows an icon, which follows light and dark.

    Args:
        name: A file of `resources/icons` without its suffix; nothing if empty.
        role: A field of `Roles`.
        side: Width and height in pixels at the default text size.
    """

    def __init__(self, name: str = "", role: str = "text", side: int = 20) -> None:
        super().__init__()
        self._side, self._icon, self.name = side, QIcon(), ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_icon(name, role)

    def show_icon(self, name: str, role: str) -> None:
        """Show another icon."""
        self.name = name
        self._icon = icon(name, role) if name else QIcon()
        self.update()

    def sizeHint(self) -> QSize:
        """The square, which grows with the text."""
        side = round(self._side * unit() / 8)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the icon."""
        self._icon.paint(QPainter(self), self.rect())


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
