"""Full screen without the header row, for a projector; made by the main window."""

import sys

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QMouseEvent, QWindow
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu

from cifar_desktop.shell.widgets.header_tabs import HeaderTabs

_EDGE = 3
"""Pixels at the upper edge where the pointer brings the header row back."""
_BELOW = 24
"""Pixels below the header row from which the pointer has left it."""
_KEYS = {Qt.Key.Key_Alt, Qt.Key.Key_Tab, Qt.Key.Key_Backtab, Qt.Key.Key_F6, Qt.Key.Key_F10}
"""These bring it back."""
_MODIFIERS = {Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Meta, Qt.Key.Key_AltGr}


class Presentation(QObject):
    """Shows the page alone on the whole screen; the header row comes while it is needed.

    Args:
        window: The window.
        tabs: Its tabs, with the header row.
        view: The menu that offers it.

    Attributes:
        action: Starts and ends it.

    Signals: none.
    """

    def __init__(self, window: QMainWindow, tabs: HeaderTabs, view: QMenu) -> None:
        super().__init__(window)
        self._window, self._tabs = window, tabs
        self._was_maximized = self._had_bar = self._is_full = False
        self.action = QAction("&Presentation", view, checkable=True)
        # F11 belongs to the system on macOS.
        full, f11 = QKeySequence.StandardKey.FullScreen, QKeySequence("F11")
        self.action.setShortcut(QKeySequence(full) if sys.platform == "darwin" else f11)
        self.action.toggled.connect(self._switch)
        view.insertAction(view.actions()[-1], self.action)
        window.addAction(self.action)

    def leave(self) -> None:
        """Return to a window as it was before."""
        self.action.setChecked(False)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice when the header row is wanted; sees what the system sends to the window."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            self._on_key(event.key())
        elif isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseMove:
            self._on_pointer(event.position().y())
        return super().eventFilter(watched, event)

    def _on_key(self, key: int) -> None:
        if key in _KEYS:
            self._show_header(shown=True)
        elif key not in _MODIFIERS and not self._in_header():
            self._show_header(shown=False)

    def _on_pointer(self, y: float) -> None:
        if y <= _EDGE:
            self._show_header(shown=True)
        elif y > self._tabs.tabBar().height() + _BELOW and not self._in_header():
            self._show_header(shown=False)

    def _in_header(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self._tabs.has_in_header(focus)

    def _show_header(self, *, shown: bool) -> None:
        if QApplication.activePopupWidget() is None:
            self._tabs.show_header(shown=shown)

    @Slot(bool)
    def _switch(self, on: bool) -> None:  # noqa: FBT001 (Qt's signal)
        if on:
            self._begin()
        else:
            self._end()

    def _begin(self) -> None:
        self._was_maximized, self._is_full = self._window.isMaximized(), False
        self._had_bar = self._window.menuBar().isVisible()
        self._window.menuBar().hide()
        self._tabs.show_header(shown=False)
        self._window.showFullScreen()
        handle = self._window.windowHandle()
        handle.installEventFilter(self)
        handle.visibilityChanged.connect(self._on_visibility)

    def _end(self) -> None:
        handle = self._window.windowHandle()
        handle.removeEventFilter(self)
        handle.visibilityChanged.disconnect(self._on_visibility)
        self._window.menuBar().setVisible(self._had_bar)
        self._tabs.show_header(shown=True)
        if self._window.isFullScreen():
            (self._window.showMaximized if self._was_maximized else self._window.showNormal)()

    @Slot(QWindow.Visibility)
    def _on_visibility(self, visibility: QWindow.Visibility) -> None:
        """The system can end it, too."""
        was, self._is_full = self._is_full, visibility is QWindow.Visibility.FullScreen
        if was and visibility in (QWindow.Visibility.Windowed, QWindow.Visibility.Maximized):
            self.leave()
