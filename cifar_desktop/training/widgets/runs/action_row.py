"""Buttons for actions in the heading of a card, and a menu with those that do not fit."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QToolButton, QWidget

from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import flat, icon_button, small, with_icon
from cifar_desktop.ui.style import GRID


class ActionButton(QPushButton):
    """A button for an action.

    Args:
        action: The action.
        icon_name: A file of `resources/icons` without its suffix.
        wordless: Whether the icon says enough.
    """

    def __init__(self, action: QAction, icon_name: str, *, wordless: bool) -> None:
        super().__init__()
        self.action, self._wordless = action, wordless
        small(flat(self))
        with_icon(self, icon_name)
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Show the current state of the action."""
        # The mnemonics of the menu would clash with those of the window.
        words = self.action.text().replace("&", "")
        self.setText("" if self._wordless else words)
        self.setAccessibleName(words)
        self.setEnabled(self.action.isEnabled())
        self.setCheckable(self.action.isCheckable())
        self.setChecked(self.action.isChecked())
        keys = self.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = self.action.toolTip()
        self.setToolTip(f"{tip} ({keys})" if keys else tip)


class ActionRow(QWidget):
    """Buttons, as many as there is room for, and a menu with the rest.

    Args:
        actions: The actions that have a button, the most important first, and their icons.
        others: The actions that are in the menu only.
        menus: Menus that are in the menu.
        wordless: The actions whose icon says enough.
    """

    def __init__(
        self,
        actions: Mapping[QAction, str],
        others: Sequence[QAction],
        menus: Sequence[QMenu],
        wordless: Sequence[QAction] = (),
    ) -> None:
        super().__init__()
        self._others, self._menus = others, menus
        self.buttons = [
            ActionButton(action, name, wordless=action in wordless)
            for action, name in actions.items()
        ]
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.more = icon_button("more", "More actions")
        self.more.setMenu(self.menu)
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        small(self.more)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addStretch(1)
        for button in (*self.buttons, self.more):
            layout.addWidget(button)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        for action in actions:
            action.changed.connect(self._arrange)
        self._arrange()

    def sizeHint(self) -> QSize:
        """Room for all buttons."""
        visible = [button for button in self.buttons if button.action.isVisible()]
        return QSize(self._length([*visible, self.more]), self.more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Room for the menu button."""
        return self.more.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many buttons as fit."""
        super().resizeEvent(event)
        self._arrange()

    @Slot()
    def _arrange(self) -> None:
        shown: list[QWidget] = []
        full = False
        for button in self.buttons:
            visible = button.action.isVisible()
            full = full or (
                visible and self._length([*shown, button, self.more]) > max(1, self.width())
            )
            button.setVisible(visible and not full)
            if visible and not full:
                shown.append(button)

    @Slot()
    def _fill(self) -> None:
        """Fill the menu when it opens, so that no action disappears while it is used."""
        self.menu.clear()
        for button in self.buttons:
            if button.action.isVisible() and button.isHidden():
                self.menu.addAction(button.action)
        for action in self._others:
            self.menu.addAction(action)
        self.menu.addSeparator()
        for menu in self._menus:
            self.menu.addMenu(menu)

    def _length(self, buttons: Sequence[QWidget]) -> int:
        gap = unit() // 2
        return sum(button.sizeHint().width() + gap for button in buttons) - gap
