"""Other starts of the program: to the window that is open, or from them. Used by `__main__`, `app`.

`claim_window` comes before everything else, so a photo that is opened from a file manager is in the open
window after a moment; it must stay cheap to import.
"""

import logging
import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from cifar_desktop import paths
from cifar_desktop.command_line import Options
from cifar_desktop.shell.services.open_request import OpenRequest
from cifar_desktop.shell.services.single_instance import SingleInstance
from cifar_desktop.shell.services.single_instance_paths import meeting_place

if TYPE_CHECKING:
    from cifar_desktop.classify.tab import ClassifyTab
    from cifar_desktop.shell.main_window import MainWindow

log = logging.getLogger(__name__)

_LISTEN_AFTER_MS = 50
"""The window is painted first."""


def claim_window(options: Options) -> SingleInstance | None:
    """The right to open the window; None if one that is open has taken over what is asked for."""
    instance = SingleInstance(meeting_place(paths.settings_file(), paths.cache_folder()))
    taken = instance.hand_over(options.pictures, options.model)
    return None if taken else instance


class SecondLaunchHandler(QObject):
    """Opens in the window what later starts are asked for.

    Args:
        instance: Hears of them.
        window: The window.
        tab: Shows pictures.

    Signals: none.
    """

    def __init__(self, instance: SingleInstance, window: "MainWindow", tab: "ClassifyTab") -> None:
        super().__init__(window)
        self._window, self._tab = window, tab
        if instance.problem:
            log.warning("this window is on its own: %s", instance.problem)
        instance.asked.connect(self._open)
        # A window that is about to go must take nothing on.
        for going in (window.close_confirmation.stopping, window.leaving):
            going.connect(instance.release)
        QTimer.singleShot(_LISTEN_AFTER_MS, instance, instance.listen)

    @Slot(object)
    def _open(self, request: OpenRequest) -> None:
        self._come_forward(request.token)
        if request.pictures or request.model:
            self._window.show_classify()
        if request.model:
            self._tab.use_network(Path(request.model))
        if request.pictures:
            self._tab.open_arguments(request.pictures)

    def _come_forward(self, token: str) -> None:
        from PySide6.QtGui import QGuiApplication

        if token and QGuiApplication.platformName().startswith("wayland"):
            # Where Qt looks for the leave to take the focus; it takes it away again.
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
