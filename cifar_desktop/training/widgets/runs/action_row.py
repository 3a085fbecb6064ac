"""A row of buttons for actions; those that do not fit go into a menu at its end."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QSizePolicy, QWidget

from cifar_desktop.ui.style import GRID


class ActionButton(QPushButton):
    """Looks and does like its action."""

    def __init__(self, action: QAction) -> None:
        super().__init__()
        self.action = action
        self.clicked.connect(action.trigger)
        action.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Show the action as it is now."""
        # The letters of the menu's entries would clash with those of the window around.
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
        actions: The most important first; one that is invisible has no button.
        always: Menus that are in "More" whatever the room.
    """

    def __init__(self, actions: Sequence[QAction], always: Sequence[QMenu] = ()) -> None:
        super().__init__()
        self._always = always
        self.buttons = [ActionButton(action) for action in actions]
        self.menu = QMenu(self)
        self.menu.aboutToShow.connect(self._fill)
        self.more = QPushButton("More")
        self.more.setAccessibleName("More commands")
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
        """Room for all."""
        visible = [button for button in self.buttons if button.action.isVisible()]
        return QSize(self._length([*visible, self.more]), self.more.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The menu will do."""
        return self.more.sizeHint()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """See anew what fits."""
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
        """Put what has no button into the menu; only now, so that no action vanishes while used."""
        self.menu.clear()
        for button in self.buttons:
            if button.action.isVisible() and button.isHidden():
                self.menu.addAction(button.action)
        self.menu.addSeparator()
        for menu in self._always:
            self.menu.addMenu(menu)

    def _length(self, buttons: Sequence[QPushButton]) -> int:
        return sum(button.sizeHint().width() + GRID for button in buttons) - GRID
