"""Opens folders and addresses with the system's own programs; for whoever offers that."""

import sys
from pathlib import Path

from PySide6.QtCore import QProcess, QUrl
from PySide6.QtGui import QDesktopServices

from cifar_desktop.common.child_environment import process_environment
from trainer.files.resources import is_packaged


def open_folder(path: Path) -> bool:
    """Show a folder in the file manager; says whether the system took that on."""
    return path.is_dir() and _open(QUrl.fromLocalFile(str(path)))


def open_url(address: str) -> bool:
    """Show a web page in the browser; says whether the system took that on."""
    return _open(QUrl(address))


def _open(url: QUrl) -> bool:
    if sys.platform != "linux" or not is_packaged():
        return QDesktopServices.openUrl(url)
    # Qt would hand the package's own libraries on to the file manager, which crashes on them.
    process = QProcess()
    process.setProgram("xdg-open")
    process.setArguments([url.toString(QUrl.ComponentFormattingOption.FullyEncoded)])
    process.setProcessEnvironment(process_environment())
    process.setStandardOutputFile(QProcess.nullDevice())
    process.setStandardErrorFile(QProcess.nullDevice())
    return bool(process.startDetached())
