"""The button at the end of the header row that holds all menus."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from cifar_desktop.look.icons import icon


class MenuButton(QToolButton):
    """Opens the menus below it.

    Attributes:
        menu_shown: The menu, which has the others as submenus.

    Signals: those of `QToolButton`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setIcon(icon("menu"))
        self.setAccessibleName("Menu")
        self.setToolTip("Menu (F10)")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.menu_shown = QMenu(self)
        self.clicked.connect(self.open)

    def show_menus(self, menus: Sequence[QMenu]) -> None:
        """Hold these as submenus."""
        for menu in menus:
            self.menu_shown.addMenu(menu)

    @Slot()
    def open(self) -> None:
        """Open the menu."""
        below = QPoint(self.width() - self.menu_shown.sizeHint().width(), self.height() + 4)
        self.menu_shown.popup(self.mapToGlobal(below))

    def open_submenu(self, menu: QMenu) -> None:
        """Open the menu with one of its submenus, and choose the first entry of that."""
        self.open()
        self.menu_shown.setActiveAction(menu.menuAction())
        menu.setActiveAction(next(filter(QAction.isEnabled, menu.actions())))
