"""The one header row of the window: the three places, the page's actions, and the menu button."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QStackedWidget,
    QStyleOptionTab,
    QTabBar,
    QTabWidget,
    QWidget,
)

from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.states import HEADER
from cifar_desktop.look.type_scale import unit
from cifar_desktop.shell.widgets.menu_button import MenuButton
from cifar_desktop.shell.widgets.unread_errors import UnreadErrors

_UNITS = 6
"""Height of the row in units."""
_USUAL_UNIT = 8
_ICON, _GAP = 18, 4
_ICONS_AND_WORDS, _WORDS = 860, 700
"""Widths from which tabs have both, and words at least."""


class HeaderTabs(QTabWidget):
    """Tabs in a row that also holds the actions of the page that is open.

    Attributes:
        page_actions: The actions of the pages, in the order of the tabs.
        unread_errors: Counts and lists the errors that were closed.
        menu_button: The button with all menus.

    Signals: those of `QTabWidget`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty(HEADER, True)  # noqa: FBT003 (Qt's signature)
        self._bar = _Bar()
        self.setTabBar(self._bar)
        self.setDocumentMode(True)
        self.setIconSize(QSize(_ICON, _ICON))
        self._headers: list[QWidget] = []
        self.page_actions = QStackedWidget()
        corner = QWidget()
        self.row = QHBoxLayout(corner)
        self.row.setContentsMargins(8, 0, 12, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self.page_actions, 1)
        self.unread_errors, self.menu_button = UnreadErrors(), MenuButton()
        self.row.addWidget(self.unread_errors)
        self.row.addWidget(self.menu_button)
        self.setCornerWidget(corner, Qt.Corner.TopRightCorner)
        self.currentChanged.connect(self.page_actions.setCurrentIndex)

    def add_place(self, page: QWidget, header: QWidget, icon_name: str, text: str) -> None:
        """Add a tab.

        Args:
            page: What it shows.
            header: The page's actions, with a method `fit` as a `PageHeader` has.
            icon_name: A file of `resources/icons` without its suffix.
            text: Its name, with a mnemonic.
        """
        # Before the tab, whose adding changes the current index.
        self.page_actions.addWidget(header)
        self._headers.append(header)
        index = self.addTab(page, icon(icon_name, "quiet", "accent_text"), text)
        self.tabBar().setAccessibleTabName(index, text.replace("&", ""))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row, with a line below it, and the page's ground."""
        found, painter, height = roles(self.palette()), QPainter(self), self.tabBar().height()
        painter.fillRect(self.rect(), found.sunken)
        painter.fillRect(0, 0, self.width(), height, found.raised)
        painter.fillRect(0, height - 1, self.width(), 1, found.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many words as there is room for."""
        self._fit(round(event.size().width() * _USUAL_UNIT / unit()))
        super().resizeEvent(event)

    def _fit(self, width: int) -> None:
        bar = self._bar
        bar.show_parts(icons=not _WORDS <= width < _ICONS_AND_WORDS, words=width >= _WORDS)
        for index in range(self.count()):
            bar.setTabToolTip(index, "" if width >= _WORDS else bar.accessibleTabName(index))
        for header in self._headers:
            header.fit(width)  # type: ignore[attr-defined]


class _Bar(QTabBar):
    """Tabs that can do without their words or icons; mnemonics and names stay."""

    def __init__(self) -> None:
        super().__init__()
        self._icons = self._words = True

    def show_parts(self, *, icons: bool, words: bool) -> None:
        if (icons, words) != (self._icons, self._words):
            self._icons, self._words = icons, words
            # Its layout is made anew only for changes that it knows of.
            self.setIconSize(self.iconSize() + QSize(1, 1))
            self.setIconSize(QSize(_ICON, _ICON))

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 (Qt's name)
        width = super().tabSizeHint(index).width()
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.tabText(index))
        width -= 0 if self._words else text.width()
        width -= 0 if self._icons else self.iconSize().width() + _GAP
        return QSize(width, _UNITS * unit())

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 (Qt's name)
        return self.tabSizeHint(index)

    def initStyleOption(self, option: QStyleOptionTab, index: int) -> None:  # noqa: N802
        super().initStyleOption(option, index)
        if not self._words:
            option.text = ""
        if not self._icons:
            option.icon = QIcon()
