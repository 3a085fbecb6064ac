"""The choice of a network: a menu, and a button that shows which one is in use.

The Classify tab has the button, the menu bar has the menu; `menu_binding` fills both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyleOptionButton, QWidget

from cifar_desktop.look.fields import paint_field
from cifar_desktop.look.roles import Roles, roles
from cifar_desktop.look.shapes import symbol
from cifar_desktop.look.type_scale import Text, font, unit

_WIDEST_ENTRY, _WIDEST_BUTTON, _ARROW, _ICON, _PAD = 44, 34, 3, 2.25, 1.25
"""Widths in units."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkEntry:
    """A network that can be chosen.

    Attributes:
        key: Identifies it; used by the signals.
        name: The name.
        figure: Test accuracy; may be empty.
        detail: Test accuracy and more, where there is room; may be empty.
        removable: Whether it is one of the user's own.
    """

    key: str
    name: str
    figure: str = ""
    detail: str = ""
    removable: bool = False


class NetworkMenu(QMenu):
    """The networks to choose from, and the ways to add and remove one.

    Args:
        title: The label in a menu bar.
        parent: The parent widget.

    Signals:
        chosen: Key of the network to use.
        import_requested: Add a network file.
        remove_requested: Key of the network to remove, not confirmed yet.
    """

    chosen = Signal(str)
    import_requested = Signal()
    remove_requested = Signal(str)

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self._entries: Sequence[NetworkEntry] = ()
        self._current = ""
        self._made: list[QAction] = []
        self._group = QActionGroup(self)
        self._line = self.addSeparator()
        self.import_action = self.addAction("&Import a network…")
        self.import_action.triggered.connect(lambda _checked: self.import_requested.emit())
        self.remove_menu = self.addMenu("&Remove a network")
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self._fill)

    def show_networks(self, entries: Sequence[NetworkEntry], current: str) -> None:
        """Offer these; `current` is the key of the one in use."""
        self._entries, self._current = entries, current

    @Slot()
    def _fill(self) -> None:
        """Make the entries when the menu opens, so that none disappears while it is used."""
        for action in self._made:
            action.deleteLater()
        self._made.clear()
        self.remove_menu.clear()
        for entry in self._entries:
            self._add(entry)
        self.remove_menu.setEnabled(not self.remove_menu.isEmpty())

    def _add(self, entry: NetworkEntry) -> None:
        text = f"{entry.name}: {entry.detail}" if entry.detail else entry.name
        action = QAction(self._fitted(entry), self, checkable=True, toolTip=text)
        action.setChecked(entry.key == self._current)
        action.triggered.connect(lambda _checked: self.chosen.emit(entry.key))
        self._group.addAction(action)
        self.insertAction(self._line, action)
        self._made.append(action)
        if entry.removable:
            remove = self.remove_menu.addAction(f"{self._short(entry.name)}…")
            remove.triggered.connect(lambda _checked: self.remove_requested.emit(entry.key))

    def _fitted(self, entry: NetworkEntry) -> str:
        name = self._short(entry.name)
        return f"{name} ({entry.detail})" if entry.detail else name

    def _short(self, name: str) -> str:
        metrics = self.fontMetrics()
        short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST_ENTRY * unit())
        return short.replace("&", "&&")


class NetworkPicker(QPushButton):
    """Shows the network in use and how often it is right, and opens the menu to choose another.

    Signals: those of its menu.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figure = ""
        self.networks = NetworkMenu(parent=self)
        self.setMenu(self.networks)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self._show("Network")

    def show_networks(self, entries: Sequence[NetworkEntry], current: str) -> None:
        """Offer these; `current` is the key of the one in use."""
        self.networks.show_networks(entries, current)
        entry = next((each for each in entries if each.key == current), None)
        if entry is None:
            self._show("No network")
            return
        label = f"{entry.name}, {entry.figure}" if entry.figure else entry.name
        figure = f"{entry.figure} right" if entry.figure else ""
        self._show(entry.name, figure, name=f"Network: {label}", tip=entry.detail)

    def sizeHint(self) -> QSize:
        """Width of name and figure, within limits."""
        figure = self.fontMetrics().horizontalAdvance(f" {self._figure}") + 2
        width = self._beside + _strong().horizontalAdvance(self._name) + figure
        return QSize(min(width, _WIDEST_BUTTON * unit()), 4 * unit())

    def minimumSizeHint(self) -> QSize:
        """Room for the beginning and the end of a name."""
        return QSize(min(self.sizeHint().width(), 17 * unit()), 4 * unit())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it as a field with an icon, as much of the texts as fits, and an arrow."""
        option, painter = QStyleOptionButton(), QPainter(self)
        self.initStyleOption(option)
        found = roles(self.palette())
        paint_field(painter, option, found, self)
        side, height = _pixels(_ICON), self.height()
        symbol(painter, "network", found.quiet, QRect(_pixels(_PAD), 0, side, height), side)
        arrow = QRect(self.width() - _pixels(_ARROW), 0, _pixels(_ARROW), height)
        symbol(painter, "chev", found.quiet, arrow, 2 * unit())
        self._paint_texts(painter, found)

    def _paint_texts(self, painter: QPainter, found: Roles) -> None:
        left, room = self._beside - _pixels(_ARROW), self.width() - self._beside
        figure = self.fontMetrics().horizontalAdvance(f" {self._figure}") if self._figure else 0
        whole = _strong().horizontalAdvance(self._name)
        # The name matters more.
        figure = figure if whole + figure <= room else 0
        name = _strong().elidedText(self._name, Qt.TextElideMode.ElideMiddle, room - figure)
        painter.setFont(font(Text.STRONG))
        painter.setPen(found.text)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(left, 0, room, self.height()), middle, name)
        if figure:
            painter.setFont(self.font())
            painter.setPen(found.quiet)
            painter.drawText(
                QRect(left + whole, 0, figure + 2, self.height()), middle, f" {self._figure}"
            )

    @property
    def _beside(self) -> int:
        """Width of all but the texts."""
        return sum(map(_pixels, (_PAD, _ICON, 1, _ARROW)))

    def _show(self, text: str, figure: str = "", *, name: str = "", tip: str = "") -> None:
        self._name, self._figure = text, figure
        self.setText((name or text).replace("&", "&&"))
        self.setAccessibleName(name or text)
        self.setToolTip(f"{name}\n{tip}" if tip else "Choose the network to classify with")
        self.updateGeometry()
        self.update()


def _strong() -> QFontMetrics:
    return QFontMetrics(font(Text.STRONG))


def _pixels(units: float) -> int:
    return round(units * unit())
