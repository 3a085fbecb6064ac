"""Widgets as the style draws them: which button is the loud one, which are flat, cards, panels."""

from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QPushButton, QToolButton, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import CARD_RADIUS, outline
from cifar_desktop.look.states import FLAT, PRIMARY, PROBLEM, SMALL


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
