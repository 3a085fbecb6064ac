"""The list of keyboard shortcuts; opened from the Help menu."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget

_WINDOW = (
    ("Open a picture", "Ctrl+O"),
    ("Paste a picture, a file or an address", "Ctrl+V"),
    ("Enter an address", "Ctrl+L"),
    ("Stop loading", "Esc"),
    ("Copy the prediction", "Ctrl+C"),
    ("Import a network", "Ctrl+Shift+O"),
    ("Classify, Training, Evaluation", "Ctrl+1, Ctrl+2, Ctrl+3"),
    ("Next, previous part of the window", "F6, Shift+F6"),
    ("Presentation on the whole screen", "F11"),
    ("Menu", "F10, Alt"),
    ("Menu bar in place of the button", "Ctrl+M"),
    ("Quit", "Ctrl+Q"),
)
_PAGES = (
    ("Picture: move the crop", "Arrows"),
    ("Change its shape", "Shift+Arrows"),
    ("Enlarge or shrink it", "+ and -"),
    ("Draw a square crop", "Shift+Drag"),
    ("Whole picture", "Esc, Ctrl+0"),
    ("Training: start the run", "Ctrl+Enter"),
    ("Curves: move, zoom, show all", "Arrows, + and -, Home"),
    ("Read values", "Ctrl+Arrows"),
    ("Runs: rename, compare, delete", "F2, Space, Del"),
    ("Confusion matrix: cell, its images", "Arrows, Enter"),
)
_NO_WRAP = "style='white-space: nowrap'"


def show_shortcuts(parent: QWidget) -> None:
    """Show the shortcuts."""
    box = QMessageBox(parent)
    box.setWindowTitle("Keyboard shortcuts")
    box.setTextFormat(Qt.TextFormat.RichText)
    # Beside each other: they would be higher than a small screen otherwise.
    gap = "<td width='20'></td>"
    box.setText(f"<table><tr><td>{_table(_WINDOW)}</td>{gap}<td>{_table(_PAGES)}</td></tr></table>")
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.open()


def _table(shortcuts: Sequence[tuple[str, str]]) -> str:
    rows = "".join(
        f"<tr><td {_NO_WRAP}>{what}&nbsp;&nbsp;&nbsp;</td><td {_NO_WRAP}><b>{key}</b></td></tr>"
        for what, key in shortcuts
    )
    return f"<table cellpadding='4'>{rows}</table>"
