"""Makes the QApplication, or explains in one sentence why that is impossible; called by `app`.

Without a display Qt aborts with a core dump and a list of plugins. Its last message passes through
a handler first, which prints something useful instead.
"""

import os
import sys

from PySide6.QtCore import QMessageLogContext, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from cifar_desktop.look.style import use_look
from trainer.files.resources import is_packaged

_FAILED = 1
_NO_DISPLAY = (
    "cifar-desktop: there is no display to open a window on. Start it in a desktop session, or use "
    "cifar-trainer, which needs none."
)
_NO_PLUGIN = "cifar-desktop: Qt cannot open a window on the display “{}”. Is it reachable? {}"
_LIBRARIES = (
    "On Debian and Ubuntu the packages libxcb-cursor0, libxkbcommon-x11-0, libxcb-icccm4 and "
    "libxcb-keysyms1 must be installed."
)
_LIBRARIES_OF_PACKAGE = "On Debian and Ubuntu the packages libgl1 and libegl1 must be installed."


def make_application() -> QApplication:
    """The one QApplication; if that is impossible, the program ends here with an explanation."""
    qInstallMessageHandler(_explain)
    application = QApplication(sys.argv[:1])
    qInstallMessageHandler(None)
    use_look(application)
    return application


def _explain(kind: QtMsgType, _context: QMessageLogContext, text: str) -> None:
    if kind is not QtMsgType.QtFatalMsg:
        return
    if sys.platform == "linux" and "platform plugin" in text:
        shown = os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
        libraries = _LIBRARIES_OF_PACKAGE if is_packaged() else _LIBRARIES
        text = _NO_PLUGIN.format(shown, libraries) if shown else _NO_DISPLAY
    os.write(2, f"{text}\n".encode())
    # Returning would abort; nothing was started yet that needs a clean exit.
    os._exit(_FAILED)
