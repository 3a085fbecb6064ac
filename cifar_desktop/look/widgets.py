"""Widgets as the style draws them: which button is the loud one, which are flat, cards, panels."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QFrame,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import CARD_RADIUS, outline
from cifar_desktop.look.states import FLAT, PRIMARY, PROBLEM, SMALL
from cifar_desktop.look.type_scale import unit


def primary(button: QPushButton) -> QPushButton:
    """Make a button the one filled button of its page."""
    button.setProperty(PRIMARY, True)  # noqa: FBT003 (Qt's signature)
    return button


def flat(button: QPushButton) -> QPushButton:
    """Take away a button's ground until it is pointed at."""
    button.setProperty(FLAT, True)  # noqa: FBT003 (Qt's signature)
    return button


def small(widget: QWidget) -> QWidget:
    """Make a control 26 pixels high, for bars and cards."""
    widget.setProperty(SMALL, True)  # noqa: FBT003 (Qt's signature)
    return widget


def set_invalid(widget: QWidget, *, invalid: bool) -> None:
    """Give a field the rim of an error, or take it away."""
    if bool(widget.property(PROBLEM)) != invalid:
        widget.setProperty(PROBLEM, invalid)
        widget.update()


def with_icon(button: QAbstractButton, name: str, role: str = "text") -> QAbstractButton:
    """Show an icon of `resources/icons` before a button's text."""
    button.setIcon(icon(name, role))
    return button


def icon_button(name: str, text: str, tooltip: str = "") -> QToolButton:
    """A square button that shows an icon only.

    Args:
        name: A file of `resources/icons` without its suffix.
        text: Its accessible name, and its tooltip unless there is a longer one.
        tooltip: A tooltip.
    """
    button = QToolButton()
    button.setAutoRaise(True)
    button.setAccessibleName(text)
    button.setToolTip(tooltip or text)
    with_icon(button, name)
    return button


class Card(QFrame):
    """A rounded surface with a hairline around it, on the sunken page."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the surface."""
        found, painter = roles(self.palette()), QPainter(self)
        outline(painter, self.rect(), found.line, ground=found.raised, radius=CARD_RADIUS)


class Surface(QWidget):
    """A plain raised area, such as the header, a side panel or a bar."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the area."""
        QPainter(self).fillRect(self.rect(), roles(self.palette()).raised)


class Page(QWidget):
    """A sunken area, on which cards and pictures lie."""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the area."""
        QPainter(self).fillRect(self.rect(), roles(self.palette()).sunken)


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
