"""An icon on its own, in the color of a role."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import unit


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
