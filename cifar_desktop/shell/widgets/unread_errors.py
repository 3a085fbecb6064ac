"""The mark in the header row that counts closed errors, and the list that it opens."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QToolButton, QVBoxLayout

from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, label, set_size
from cifar_desktop.look.widgets import flat, small
from cifar_desktop.shell.widgets.toast import SHADOW, Toast
from cifar_desktop.ui.layouts import scrolled

_WIDTH = 520
_HIGHEST = 420


class UnreadErrors(QToolButton):
    """Counts the errors that were closed; hidden while there are none. A click lists them.

    Attributes:
        listed: The list.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setAutoRaise(True)
        self.setIcon(icon("error", "error"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Closed errors")
        set_size(self, Text.STRONG)
        self.listed = ErrorList(self)
        self.clicked.connect(self._open)
        self.hide()

    def show_errors(self, rows: Sequence[Toast]) -> None:
        """Count and list these, the newest last."""
        number = len(rows)
        self.setText(str(number))
        name = f"{number} closed error{'' if number == 1 else 's'}"
        self.setAccessibleName(name)
        self.setToolTip(f"Show {name}")
        self.setVisible(number > 0)
        self.listed.show_rows(rows)

    @Slot()
    def _open(self) -> None:
        self.listed.open_below(self)


class ErrorList(QFrame):
    """A popup with errors.

    Attributes:
        clear_button: Forgets all of them.
    """

    def __init__(self, parent: QToolButton) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self.clear_button = flat(QPushButton("&Clear all"))
        self._listed: list[Toast] = []
        self._rows = QVBoxLayout()
        self._rows.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(16, 12, 12, 4)
        head.addWidget(label("Errors", Text.HEADING), 1)
        head.addWidget(small(self.clear_button))
        content = QFrame()
        content.setLayout(self._rows)
        self._rows.setContentsMargins(SHADOW, 0, SHADOW, SHADOW)
        self._content = content
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 1, 1, 1)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(scrolled(content), 1)

    def show_rows(self, rows: Sequence[Toast]) -> None:
        """List these and no others, the newest on top."""
        while (item := self._rows.takeAt(0)) is not None:
            if (widget := item.widget()) is not None and widget not in rows:
                widget.hide()
                widget.deleteLater()
        self._listed = list(rows)
        for row in reversed(rows):
            row.setParent(self._content)
            self._rows.addWidget(row)
            row.show()
        self._rows.addStretch(1)
        if not rows:
            self.hide()

    def open_below(self, button: QToolButton) -> None:
        """Open it below the mark."""
        width = min(_WIDTH, button.window().width() - 24)
        wide = width - 2 * SHADOW - 2
        heights = [row.size_within(wide).height() for row in self._listed]
        self.resize(width, min(_HIGHEST, sum(heights) + 60))
        self.move(button.mapToGlobal(QPoint(button.width() - width, button.height() + 6)))
        self.show()
        self.clear_button.setFocus()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a raised surface with a hairline."""
        found, painter = roles(self.palette()), QPainter(self)
        painter.fillRect(self.rect(), found.raised)
        painter.setPen(found.line)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
