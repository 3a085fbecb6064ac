"""How the menus are reached: a button in the header row, or the classic menu bar; and their keys.

The menu bar of macOS, or one that the desktop shows for all programs, stays and needs no button.
"""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from cifar_desktop.common.settings import Settings
from cifar_desktop.shell.widgets.menu_button import MenuButton

_OTHER_USE = {
    QEvent.Type.KeyPress,
    QEvent.Type.MouseButtonPress,
    QEvent.Type.Wheel,
    QEvent.Type.WindowDeactivate,
    QEvent.Type.Shortcut,
}
"""What makes of a held Alt key more than a press of its own."""


class MenuAccess(QObject):
    """Shows the menus of a window's menu bar in a button instead, unless the user wants the bar.

    Args:
        window: The window; its menu bar has the menus.
        button: The button that holds them otherwise.
        view: The menu that offers the choice.
        settings: Remembers it.

    Signals: none.
    """

    def __init__(
        self, window: QMainWindow, button: MenuButton, view: QMenu, settings: Settings
    ) -> None:
        super().__init__(window)
        self._window, self._button, self._settings = window, button, settings
        self._bar = window.menuBar()
        self._menus = [action.menu() for action in self._bar.actions()]
        button.show_menus([menu for menu in self._menus if isinstance(menu, QMenu)])
        self._letters = [self._letter(menu) for menu in self._menus if isinstance(menu, QMenu)]
        self._alone = _AltAlone(self)
        self._alone.pressed.connect(self.open)
        QShortcut(QKeySequence("F10"), window, self.open)
        if self._bar.isNativeMenuBar():
            button.hide()
        else:
            self._offer_choice(view)

    def open(self) -> None:
        """Open the menu, or go to the menu bar."""
        if self._button.isVisible():
            self._button.open()
        elif self._bar.isVisible():
            self._bar.setActiveAction(self._bar.actions()[0])

    def watch(self, event: QKeyEvent) -> None:
        """Take a key that nothing else in the window has taken."""
        if event.key() == Qt.Key.Key_Alt and self._button.isVisible():
            self._alone.begin()

    def _offer_choice(self, view: QMenu) -> None:
        choice = QAction("Show menu &bar", view, checkable=True, shortcut=QKeySequence("Ctrl+M"))
        choice.toggled.connect(self._use_bar)
        view.insertAction(view.actions()[-1], choice)
        self._window.addAction(choice)
        choice.setChecked(self._settings.menu_bar)
        self._show_bar(shown=self._settings.menu_bar)

    def _use_bar(self, shown: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self._settings.menu_bar = shown
        self._show_bar(shown=shown)

    def _show_bar(self, *, shown: bool) -> None:
        self._bar.setVisible(shown)
        self._button.setVisible(not shown)
        # The bar has these keys itself.
        for shortcut in self._letters:
            shortcut.setEnabled(not shown)

    def _letter(self, menu: QMenu) -> QShortcut:
        key = QKeySequence.mnemonic(menu.title())
        return QShortcut(key, self._window, lambda: self._button.open_submenu(menu))


class _AltAlone(QObject):
    """Notices that Alt is pressed and let go, with nothing else in between.

    Watches all events, but only while the key is held.
    """

    pressed = Signal()

    def begin(self) -> None:
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Alt:
            if kind is QEvent.Type.KeyRelease and not event.isAutoRepeat():
                self._end()
                self.pressed.emit()
        elif kind in _OTHER_USE:
            self._end()
        return super().eventFilter(watched, event)

    def _end(self) -> None:
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
