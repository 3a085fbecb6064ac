"""The keys, as the Help menu shows them; opened by the main window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

_KEYS = (
    ("Open a picture", "Ctrl+O"),
    ("Paste a picture, a file or an address", "Ctrl+V"),
    ("Enter an address", "Ctrl+L"),
    ("Stop loading", "Esc"),
    ("Copy the answer", "Ctrl+C"),
    ("Import a network", "Ctrl+Shift+O"),
    ("Classify, Training, Evaluation", "Ctrl+1, Ctrl+2, Ctrl+3"),
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
    ("In the confusion matrix: look at a cell's images", "Arrows, Enter"),
)


def show_keys(parent: QWidget) -> None:
    """Show the keys."""
    rows = "".join(
        f"<tr><td>{what}&nbsp;&nbsp;&nbsp;</td><td><b>{key}</b></td></tr>" for what, key in _KEYS
    )
    _show(parent, "Keyboard shortcuts", f"<table cellpadding='3'>{rows}</table>")


def _show(parent: QWidget, title: str, html: str) -> None:
    box = QMessageBox(parent)
    box.setWindowTitle(title)
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(html)
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
