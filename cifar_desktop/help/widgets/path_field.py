"""A path that is shortened where there is no room, and whole once it is to be copied."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QLineEdit

SLACK = 4
"""Pixels that a field of text keeps free beside it, left and right together."""


class PathField(QLineEdit):
    """Shows a path, shortened in the middle; with the focus it is whole and selected.

    Args:
        path: The path.
        name: What it is, for assistive technology.
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
        """Show all of it, ready to be copied."""
        self.setText(self._path)
        super().focusInEvent(event)
        self.selectAll()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Shorten it again, unless it is the menu for copying that has the focus."""
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self._show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shorten it anew."""
        super().resizeEvent(event)
        if not self.hasFocus():
            self._show()

    def _show(self) -> None:
        width = self.contentsRect().width() - SLACK
        middle = Qt.TextElideMode.ElideMiddle
        self.setText(self.fontMetrics().elidedText(self._path, middle, width))
        self.setCursorPosition(0)
