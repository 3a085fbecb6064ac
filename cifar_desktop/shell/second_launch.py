"""Hands a second launch of the program over to the window that is open already.

`__main__` calls `claim_window` before everything else, so that a photo opened from a file manager
appears in the open window at once; this module must stay cheap to import.
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
from cifar_desktop.shell.services.single_instance_paths import instance_paths
from trainer.files.cache_dir import cache_folder

if TYPE_CHECKING:
    from cifar_desktop.classify.tab import ClassifyTab
    from cifar_desktop.shell.main_window import MainWindow

log = logging.getLogger(__name__)

_LISTEN_AFTER_MS = 50
"""Milliseconds; the window is painted first."""


def claim_window(options: Options) -> SingleInstance | None:
    """The right to open the window; None if an open window has taken over the request."""
    instance = SingleInstance(instance_paths(paths.settings_file(), cache_folder()))
    taken = instance.hand_over(options.pictures, options.model)
    return None if taken else instance


class SecondLaunchHandler(QObject):
    """Opens in the window what later launches request.

    Args:
        instance: Receives their requests.
        window: The window.
        tab: The Classify tab.

    Signals: none.
    """

    def __init__(self, instance: SingleInstance, window: "MainWindow", tab: "ClassifyTab") -> None:
        super().__init__(window)
        self._window, self._tab = window, tab
        if instance.problem:
            log.warning("later launches cannot reach this window: %s", instance.problem)
        instance.asked.connect(self._open)
        # A window that is about to close must accept no requests.
        for closing in (window.close_confirmation.stopping, window.leaving):
            closing.connect(instance.release)
        QTimer.singleShot(_LISTEN_AFTER_MS, instance, instance.listen)

    @Slot(object)
    def _open(self, request: OpenRequest) -> None:
        self._activate(request.token)
        if request.model:
            self._window.show_classify()
            self._tab.use_network(Path(request.model))
        if request.pictures:
            self._window.open_arguments(request.pictures, request.files)

    def _activate(self, token: str) -> None:
        from PySide6.QtGui import QGuiApplication

        if token and QGuiApplication.platformName().startswith("wayland"):
            # Qt looks here for the permission to take the focus, and removes it.
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
