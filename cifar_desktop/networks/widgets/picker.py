"""The choice of a network: a menu, and a button that shows which one is in use.

The Classify tab has the button, the menu bar has the menu; `menu_binding` fills both.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QSizePolicy, QStyle, QStyleOptionButton, QWidget

from cifar_desktop.ui.style import GRID

_WIDEST_ENTRY = 44 * GRID
_WIDEST_BUTTON = 34 * GRID


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
        short = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, _WIDEST_ENTRY)
        return short.replace("&", "&&")


class NetworkPicker(QPushButton):
    """Shows which network is in use, and opens the menu to choose another.

    Signals: those of its menu.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = ["Network"]
        self.networks = NetworkMenu(parent=self)
        self.setMenu(self.networks)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._show("Network")

    def show_networks(self, entries: Sequence[NetworkEntry], current: str) -> None:
        """Offer these; `current` is the key of the one in use."""
        self.networks.show_networks(entries, current)
        entry = next((each for each in entries if each.key == current), None)
        if entry is None:
            self._show("No network")
            return
        label = f"{entry.name}, {entry.figure}" if entry.figure else entry.name
        self._show(f"Network: {label}", label, tip=entry.detail)

    def sizeHint(self) -> QSize:
        """Width of the text, within limits."""
        hint = super().sizeHint()
        return QSize(min(hint.width() + GRID, _WIDEST_BUTTON), hint.height())

    def minimumSizeHint(self) -> QSize:
        """Room for the beginning and the end of a name."""
        return QSize(min(self.sizeHint().width(), 17 * GRID), self.sizeHint().height())

    def initStyleOption(self, option: QStyleOptionButton) -> None:  # noqa: N802 (Qt's name)
        """Show as much of the text as fits."""
        super().initStyleOption(option)
        option.text = self._fitted(option).replace("&", "&&")

    def _show(self, *texts: str, tip: str = "") -> None:
        """Show the first text, or a shorter one where it does not fit."""
        self._texts = list(texts)
        # The size is computed from this; the painted text may be shorter.
        self.setText(texts[0].replace("&", "&&"))
        self.setAccessibleName(texts[0])
        self.setToolTip(f"{texts[0]}\n{tip}" if tip else "Choose the network to classify with")
        self.updateGeometry()

    def _fitted(self, option: QStyleOptionButton) -> str:
        style, metrics = self.style(), self.fontMetrics()
        contents = style.subElementRect(QStyle.SubElement.SE_PushButtonContents, option, self)
        arrow = style.pixelMetric(QStyle.PixelMetric.PM_MenuButtonIndicator, option, self)
        room = contents.width() - arrow - GRID
        fits = (text for text in self._texts if metrics.horizontalAdvance(text) <= room)
        shortened = metrics.elidedText(self._texts[-1], Qt.TextElideMode.ElideMiddle, room)
        return next(fits, shortened)
