"""The list of keyboard shortcuts; opened from the Help menu."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

_SHORTCUTS = (
    ("Open a picture", "Ctrl+O"),
    ("Paste a picture, a file or an address", "Ctrl+V"),
    ("Enter an address", "Ctrl+L"),
    ("Stop loading", "Esc"),
    ("Copy the prediction", "Ctrl+C"),
    ("Import a network", "Ctrl+Shift+O"),
    ("Classify, Training, Evaluation", "Ctrl+1, Ctrl+2, Ctrl+3"),
    ("Menu", "F10, Alt"),
    ("Menu bar instead of the menu button", "Ctrl+M"),
    ("Next or previous part of the window", "F6, Shift+F6"),
    ("Presentation on the whole screen", "F11"),
    ("Quit", "Ctrl+Q"),
    ("", ""),
    ("Picture: move the crop", "Arrows"),
    ("Change its shape", "Shift+Arrows"),
    ("Enlarge or shrink it", "+ and -"),
    ("Draw a square crop", "Shift+Drag"),
    ("Whole picture", "Esc, Ctrl+0"),
    ("", ""),
    ("Training form: start the run", "Ctrl+Enter"),
    ("Curves: move, zoom, show all", "Arrows, + and -, Home"),
    ("Read values", "Ctrl+Arrows"),
    ("Runs table: rename, compare, delete", "F2, Space, Del"),
    ("Confusion matrix: select a cell, show its images", "Arrows, Enter"),
)


def show_shortcuts(parent: QWidget) -> None:
    """Show the shortcuts."""
    rows = "".join(
        f"<tr><td>{what}&nbsp;&nbsp;&nbsp;</td><td><b>{key}</b></td></tr>"
        for what, key in _SHORTCUTS
    )
    box = QMessageBox(parent)
    box.setWindowTitle("Keyboard shortcuts")
    box.setTextFormat(Qt.TextFormat.RichText)
    box.setText(f"<table cellpadding='3'>{rows}</table>")
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()
