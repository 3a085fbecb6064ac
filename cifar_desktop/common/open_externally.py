"""Opens folders and URLs with the system's own programs."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from cifar_desktop.common.child_environment import process_environment
from trainer.files.resources import is_packaged


def open_folder(path: Path) -> bool:
    """Open a folder in the file manager; returns whether the system accepted that."""
    return path.is_dir() and _open(QUrl.fromLocalFile(str(path)))


def open_url(address: str) -> bool:
    """Open a web page in the browser; returns whether the system accepted that."""
    return _open(QUrl(address))


def _open(url: QUrl) -> bool:
    if sys.platform != "linux" or not is_packaged():
        return QDesktopServices.openUrl(url)
    # Qt would pass the package's libraries on to the file manager, which crashes with them.
    process = QProcess()
    process.setProgram("xdg-open")
    process.setArguments([url.toString(QUrl.ComponentFormattingOption.FullyEncoded)])
    process.setProcessEnvironment(process_environment())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    return bool(process.startDetached())
