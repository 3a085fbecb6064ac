"""The list of keyboard shortcuts; opened from the Help menu."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QDialog, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import outline
from cifar_desktop.look.type_scale import Text, label, set_size
from cifar_desktop.look.widgets import Surface
from cifar_desktop.ui.layouts import scrolled
from cifar_desktop.ui.style import GRID

_SHORTCUTS = {
    "Everywhere": (
        ("Open a picture", "Ctrl+O"),
        ("Paste a picture, a file or an address", "Ctrl+V"),
        ("Enter an address", "Ctrl+L"),
        ("Stop loading", "Esc"),
        ("Copy the prediction", "Ctrl+C"),
        ("Import a network", "Ctrl+Shift+O"),
        ("Classify, Training, Evaluation", "Ctrl+1, Ctrl+2, Ctrl+3"),
        ("Larger, smaller, usual text", "Ctrl++, Ctrl+-, Ctrl+Shift+0"),
        ("Menu", "F10, Alt"),
        ("Menu bar instead of the menu button", "Ctrl+M"),
        ("Next or previous part of the window", "F6, Shift+F6"),
        ("Presentation on the whole screen", "F11"),
        ("Quit", "Ctrl+Q"),
    ),
    "Picture": (
        ("Move the crop", "Arrows"),
        ("Change its shape", "Shift+Arrows"),
        ("Enlarge or shrink it", "+, -"),
        ("Draw a square crop", "Shift+Drag"),
        ("Whole picture", "Esc, Ctrl+0"),
    ),
    "Training": (
        ("Start the run", "Ctrl+Enter"),
        ("Curves: move, zoom, show all", "Arrows, +, -, Home"),
        ("Read values", "Ctrl+Arrows"),
        ("Runs table: rename, compare, delete", "F2, Space, Del"),
    ),
    "Evaluation": (("Confusion matrix: select a cell, show its images", "Arrows, Enter"),),
}
_SIDE, _WIDTH, _MOST_HEIGHT = 20, 68 * GRID, 84 * GRID


class _Key(QLabel):
    """The name of a key, drawn as a key."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        set_size(self, Text.CAPTION)
        self.setContentsMargins(GRID - 2, 2, GRID - 2, 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the outline of a key, then its name."""
        found = roles(self.palette())
        outline(QPainter(self), self.rect(), found.line, ground=found.raised, radius=4.0)
        super().paintEvent(event)


def show_shortcuts(parent: QWidget) -> None:
    """Show the shortcuts."""
    dialog = QDialog(parent)
    dialog.setWindowTitle("Keyboard shortcuts")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    page = _page()
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(_scrolling(page))
    dialog.resize(_WIDTH, min(page.sizeHint().height(), _MOST_HEIGHT))
    dialog.open()


def _scrolling(page: QWidget) -> QWidget:
    ground = Surface()
    layout = QVBoxLayout(ground)
    layout.setContentsMargins(0, 0, 0, 0)
    area = scrolled(page)
    # So that the keyboard scrolls it.
    area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout.addWidget(area)
    return ground


def _page() -> QWidget:
    page = QWidget()
    grid = QGridLayout(page)
    grid.setContentsMargins(_SIDE, _SIDE, _SIDE, _SIDE)
    grid.setVerticalSpacing(GRID)
    grid.setHorizontalSpacing(3 * GRID)
    grid.setColumnStretch(0, 1)
    for heading, shortcuts in _SHORTCUTS.items():
        if grid.rowCount() > 1:
            grid.setRowMinimumHeight(grid.rowCount(), GRID)
        grid.addWidget(label(heading, Text.HEADING), grid.rowCount(), 0)
        for what, keys in shortcuts:
            row = grid.rowCount()
            words = label(what)
            words.setAccessibleName(f"{what}: {keys}")
            grid.addWidget(words, row, 0)
            grid.addLayout(_keys(keys), row, 1)
    grid.setRowStretch(grid.rowCount(), 1)
    return page


def _keys(names: str) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(GRID // 2)
    row.addStretch(1)
    for name in names.split(", "):
        row.addWidget(_Key(name))
    return row
