"""Tabs inside a card: their row is the card's heading, with a hairline below it."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QTabBar, QTabWidget, QToolButton, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import CARD_RADIUS, outline
from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import icon_button

HEADING = 5
"""Height of the row in units."""


class CardTabs(QTabWidget):
    """A card with tabs and a menu button.

    Attributes:
        menu: What can be done with the open tab.

    Signals: those of `QTabWidget`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._bar = _Bar()
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        more = icon_button("more", "More")
        more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(more)
        more.setMenu(self.menu)
        self.setCornerWidget(more, Qt.Corner.TopRightCorner)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card."""
        found, painter = roles(self.palette()), QPainter(self)
        outline(painter, self.rect(), found.line, ground=found.raised, radius=CARD_RADIUS)
        painter.fillRect(1, HEADING * unit(), self.width() - 2, 1, found.line)


class _Bar(QTabBar):
    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 (Qt's name)
        return QSize(super().tabSizeHint(index).width(), HEADING * unit())

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 (Qt's name)
        return self.tabSizeHint(index)


class CardHeading(QWidget):
    """A row at the top of a card, with a hairline below it; as high as that of `CardTabs`."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedHeight(HEADING * unit() + 1)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the hairline."""
        line = roles(self.palette()).line
        QPainter(self).fillRect(1, self.height() - 1, self.width() - 2, 1, line)
