"""The program's folders, each with a button that opens it; used by the Diagnostics window."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QWidget

from cifar_desktop.help.widgets.path_field import SLACK, PathField
from cifar_desktop.ui.style import GRID, quiet, scaled_font


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderRow:
    """A folder.

    Attributes:
        title: What is in it.
        path: Where it is.
        state: How it stands, in words.
        there: Whether it can be opened.
        problem: Whether something is wrong with it.
    """

    title: str
    path: Path
    state: str
    there: bool
    problem: bool


class FolderRows(QWidget):
    """The folders below each other.

    Signals:
        open_wanted: Path of a folder that is to be shown in the file manager.
    """

    open_wanted = Signal(object)

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
        """Show these; the same folders as before if there were any."""
        for row in rows:
            if row.path not in self.states:
                self._add(row)
            self.show_state(row.path, row.state, problem=row.problem)
            self.buttons[row.path].setEnabled(row.there)

    def show_state(self, path: Path, state: str, *, problem: bool) -> None:
        """Say how a folder stands."""
        label, roles = self.states[path], QPalette.ColorRole
        label.setText(state)
        label.setForegroundRole(roles.WindowText if problem else roles.PlaceholderText)
        weight = QFont.Weight.DemiBold if problem else QFont.Weight.Normal
        label.setFont(scaled_font(self, 1.0, weight))

    def _add(self, row: FolderRow) -> None:
        title, state = QLabel(row.title), quiet()
        state.setIndent(SLACK // 2)
        state.setTextFormat(Qt.TextFormat.PlainText)
        button = QPushButton("Open")
        button.setAccessibleName(f"Open the folder: {row.title}")
        button.setToolTip("Show it in the file manager")
        button.clicked.connect(lambda: self.open_wanted.emit(row.path))
        top = 3 * len(self.states)
        if top:
            self._grid.setRowMinimumHeight(top, GRID)
        self._grid.addWidget(title, top + 1, 0)
        self._grid.addWidget(PathField(row.path, f"{row.title}, path"), top + 1, 1)
        self._grid.addWidget(state, top + 2, 1)
        self._grid.addWidget(button, top + 1, 2, 2, 1, Qt.AlignmentFlag.AlignVCenter)
        self.buttons[row.path], self.states[row.path] = button, state
