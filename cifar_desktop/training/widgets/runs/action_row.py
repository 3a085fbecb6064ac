"""A row of buttons for actions; those that do not fit are in a menu at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from cifar_desktop.ui.style import GRID


class ActionButton(QPushButton):
    """A button for an action."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Show the current state of the action."""
        # The mnemonics of the menu would clash with those of the window.
        self.setText(self.action.text().replace("&", ""))
        self.setEnabled(self.action.isEnabled())
        self.setCheckable(self.action.isCheckable())
        self.setChecked(self.action.isChecked())
        keys = self.action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        tip = self.action.toolTip()
        self.setToolTip(f"{tip} ({keys})" if keys else tip)


class ActionRow(QWidget):
    """Buttons, as many as there is room for, and "More" with the rest.

    Args:
        actions: The actions, the most important first; an invisible one has no button.
        always: Menus that are always in "More".
    """

    def __init__(self, actions: Sequence[QAction], always: Sequence[QMenu] = ()) -> None:
        super().__init__()
        self._always = always
        self.buttons = [ActionButton(action) for action in actions]
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.more = QPushButton("More")
        self.more.setAccessibleName("More actions")
        self.more.setMenu(self.menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for button in (*self.buttons, self.more):
            layout.addWidget(button)
        layout.addStretch(1)
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
        shown: list[QPushButton] = []
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
        self.menu.addSeparator()
        for menu in self._always:
            self.menu.addMenu(menu)

    def _length(self, buttons: Sequence[QPushButton]) -> int:
        return sum(button.sizeHint().width() + GRID for button in buttons) - GRID
