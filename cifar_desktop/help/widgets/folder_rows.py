"""The program's folders, each with a button to open it; part of the Diagnostics window."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import QUIET, Text, label, set_size
from cifar_desktop.look.widgets import small
from cifar_desktop.ui.style import GRID

SLACK = 4
"""Horizontal padding of a text field in pixels, both sides together."""


class PathField(QLineEdit):
    """Shows a path, shortened in the middle; in full and selected while focused.

    Args:
        path: The path.
        name: Name for assistive technology.
    """

    def __init__(self, path: Path, name: str) -> None:
        super().__init__()
        self._path = str(path)
        self.setReadOnly(True)
        self.setFrame(False)
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(palette)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self._path)
        self.setToolTip(self._path)
        self._show()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the full path, ready to be copied."""
        self.setText(self._path)
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shorten the path again, unless the context menu took the focus."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten the path to the new width."""
        super().resizeEvent(event)
        if not self.hasFocus():
            self._show()

    def _show(self) -> None:
        width = self.contentsRect().width() - SLACK
        middle = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._path, middle, width))
        self.setCursorPosition(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRow:
    """A folder and its state.

    Attributes:
        title: Name on screen.
        path: Path of the folder.
        state: State in words.
        exists: Whether it can be opened.
        problem: Whether something is wrong with it.
    """

    title: str
    path: Path
    state: str
    exists: bool
    problem: bool


class FolderRows(QWidget):
    """Folders below each other.

    Signals:
        open_requested: Path of a folder to open in the file manager.
    """

    open_requested = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.buttons: dict[Path, QPushButton] = {}
        self.states: dict[Path, QLabel] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnStretch(1, 1)

    def show_rows(self, rows: Sequence[FolderRow]) -> None:
        """Show these folders; later calls must name the same ones."""
        for row in rows:
            if row.path not in self.states:
                self._add(row)
            self.show_state(row.path, row.state, problem=row.problem)
            self.buttons[row.path].setEnabled(row.exists)

    def show_state(self, path: Path, state: str, *, problem: bool) -> None:
        """Show the state of a folder."""
        shown = self.states[path]
        shown.setText(state)
        shown.setForegroundRole(QPalette.ColorRole.WindowText if problem else QUIET)
        set_size(shown, Text.STRONG if problem else Text.BODY)

    def _add(self, row: FolderRow) -> None:
        title, state = QLabel(row.title), label(quiet=True)
        state.setWordWrap(True)
        state.setIndent(SLACK // 2)
        state.setTextFormat(Qt.TextFormat.PlainText)
        button = QPushButton(icon("folder"), "Open")
        small(button)
        button.setAccessibleName(f"Open folder: {row.title}")
        button.setToolTip("Open in the file manager")
        button.clicked.connect(lambda: self.open_requested.emit(row.path))
        top = 3 * len(self.states)
        if top:
            self._grid.setRowMinimumHeight(top, GRID)
        self._grid.addWidget(title, top + 1, 0)
        self._grid.addWidget(PathField(row.path, f"{row.title}, path"), top + 1, 1)
        self._grid.addWidget(state, top + 2, 1)
        self._grid.addWidget(button, top + 1, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self.buttons[row.path], self.states[row.path] = button, state
