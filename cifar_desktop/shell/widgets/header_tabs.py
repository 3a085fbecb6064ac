"""The one header row of the window: the three places, the page's actions, and the menu button."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QStyleOptionTab,
    QTabBar,
    QTabWidget,
    QWidget,
)

from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.states import HEADER
from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.shell.widgets.menu_button import MenuButton
from cifar_desktop.shell.widgets.unread_errors import UnreadErrors

_RIGHT = QTabBar.ButtonPosition.RightSide
_UNITS = 6
"""Height of the row in units."""
_USUAL_UNIT = 8
_GAP, _FIGURE_GAP = 4, 24
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

    def show_header(self, *, shown: bool) -> None:
        """Show or hide the whole row."""
        corner = self.cornerWidget(Qt.Corner.TopRightCorner)
        for part in (self._bar, corner):
            part.setVisible(shown)
        # Its layout does not notice the corner.
        self.setTabPosition(self.tabPosition())
        self.update()

    def has_in_header(self, widget: QWidget) -> bool:
        """Whether a widget is in the row."""
        corner = self.cornerWidget(Qt.Corner.TopRightCorner)
        return widget is self._bar or corner.isAncestorOf(widget)

    def show_status(self, page: QWidget, status: QIcon | None, text: str, words: str) -> None:
        """Show on a tab what goes on behind it.

        Args:
            page: The tab's page.
            status: An icon in place of the tab's own; None for that.
            text: A few characters behind the name; there is room for `100 %` unless it is empty.
            words: The status for screen readers; may be empty.
        """
        index = self.indexOf(page)
        self._bar.show_status(index, status)
        name = self.tabText(index).replace("&", "")
        self._bar.setAccessibleTabName(index, f"{name}, {words}" if words else name)
        found = self._bar.tabButton(index, _RIGHT)
        figure = found if isinstance(found, QLabel) else None
        if figure is None and text:
            figure = label("", Text.CAPTION, quiet=True)
            figure.setFixedWidth(figure.fontMetrics().horizontalAdvance("100 %") + 2)
            self._bar.setTabButton(index, _RIGHT, figure)
        elif figure is not None and not text:
            self._bar.setTabButton(index, _RIGHT, None)
            figure.deleteLater()
        if figure is not None:
            figure.setText(text)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row, with a line below it, and the page's ground."""
        found, painter = roles(self.palette()), QPainter(self)
        painter.fillRect(self.rect(), found.sunken)
        if self._bar.isHidden():
            return
        height = self._bar.height()
        painter.fillRect(0, 0, self.width(), height, found.raised)
        painter.fillRect(0, height - 1, self.width(), 1, found.line)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many words as there is room for."""
        self._fit()
        super().resizeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Larger text leaves less room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        bar, width = self._bar, round(self.width() * _USUAL_UNIT / unit())
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
        self._status: dict[int, QIcon] = {}

    def show_status(self, index: int, status: QIcon | None) -> None:
        if status is None:
            self._status.pop(index, None)
        else:
            self._status[index] = status
        self.update()

    def show_parts(self, *, icons: bool, words: bool) -> None:
        if (icons, words) != (self._icons, self._words):
            self._icons, self._words = icons, words
            # Its layout is made anew only for changes that it knows of.
            self.setIconSize(QSize(1, 1))
            self.setIconSize(QSize())

    def tabSizeHint(self, index: int) -> QSize:  # noqa: N802 (Qt's name)
        width = super().tabSizeHint(index).width()
        text = self.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, self.tabText(index))
        if not self._words:
            # The figure stands where the words were, which kept a distance from the icon.
            width -= text.width() - (_FIGURE_GAP if self.tabButton(index, _RIGHT) else 0)
        width -= 0 if self._icons or index in self._status else self.iconSize().width() + _GAP
        return QSize(width, _UNITS * unit())

    def minimumTabSizeHint(self, index: int) -> QSize:  # noqa: N802 (Qt's name)
        return self.tabSizeHint(index)

    def initStyleOption(self, option: QStyleOptionTab, index: int) -> None:  # noqa: N802
        super().initStyleOption(option, index)
        if not self._words:
            option.text = ""
        own = option.icon if self._icons else QIcon()
        option.icon = self._status.get(index, own)
