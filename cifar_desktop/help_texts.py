"""What the Help menu shows; opened by the main window."""

import platform
from importlib import metadata

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

_KEYS = (
    ("Open a picture", "Ctrl+O"),
    ("Paste a picture, a file or an address", "Ctrl+V"),
    ("Enter an address", "Ctrl+L"),
    ("Stop loading", "Esc"),
    ("Copy the answer", "Ctrl+C"),
    ("Import a network", "Ctrl+Shift+O"),
    ("Classify, Training", "Ctrl+1, Ctrl+2"),
    ("Quit", "Ctrl+Q"),
    ("", ""),
    ("In the picture: move the part", "Arrows"),
    ("Stretch the part", "Shift+Arrows"),
    ("Grow or shrink the part", "+ and -"),
    ("Draw a square part", "Shift+Drag"),
    ("Whole picture", "Esc, Ctrl+0"),
    ("", ""),
    ("In the form: start the run", "Ctrl+Enter"),
    ("In the curves: move, zoom, all of it", "Arrows, + and -, Home"),
    ("Read off values", "Ctrl+Arrows"),
    ("In the table: rename, compare, delete", "F2, Space, Del"),
)
_PARTS = ("torch", "PySide6_Essentials", "pillow", "numpy", "pyqtgraph", "requests", "safetensors")


def show_keys(parent: QWidget) -> None:
    """Show the keys."""
    rows = "".join(
        f"<tr><td>{what}&nbsp;&nbsp;&nbsp;</td><td><b>{key}</b></td></tr>" for what, key in _KEYS
    )
    _show(parent, "Keyboard shortcuts", f"<table cellpadding='3'>{rows}</table>")


def show_about(parent: QWidget) -> None:
    """Show versions and licences."""
    parts = ", ".join(f"{name} {_version(name)}" for name in _PARTS)
    _show(
        parent,
        "About CIFAR Desktop",
        f"<h3>CIFAR Desktop {version()}</h3>"
        "<p>Says which class a photo shows, and trains networks that do. Pictures, answers and "
        "networks stay on your computer.</p>"
        "<p>MIT licence. Stands on Qt for Python (LGPL 3), PyTorch (BSD), Pillow (MIT-CMU), "
        "NumPy (BSD), pyqtgraph (MIT), Requests and safetensors (Apache 2).</p>"
        f"<p><small>Python {platform.python_version()}, {parts}</small></p>",
    )


def version() -> str:
    """The program's version."""
    return _version("cifar-desktop")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "(unknown)"


def _show(parent: QWidget, title: str, html: str) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(html)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
