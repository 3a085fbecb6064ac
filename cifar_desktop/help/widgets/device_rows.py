"""The tested devices and their results; part of the Diagnostics window."""

from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import symbol
from cifar_desktop.look.type_scale import QUIET, Text, set_size
from cifar_desktop.ui.facts_form import selectable
from cifar_desktop.ui.style import GRID

_MARK = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceRow:
    """A tested device.

    Attributes:
        title: Name of the device.
        works: Whether it works.
        state: Result in a few words.
        text: Precision and memory, or why it is not available.
    """

    title: str
    works: bool
    state: str
    text: str


class DeviceRows(QWidget):
    """Devices below each other."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[DeviceRow] = []
        self._shown: list[QWidget] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * GRID)

    def clear(self) -> None:
        """Remove all rows."""
        self.rows.clear()
        for widget in self._shown:
            widget.hide()
            widget.deleteLater()
        self._shown.clear()
        self.hide()

    def add(self, row: DeviceRow) -> None:
        """Add a row."""
        self.rows.append(row)
        widget = _row(row)
        self._shown.append(widget)
        self._layout.addWidget(widget)
        self.show()


class StatusMark(QWidget):
    """A check mark in a disc if something works, otherwise a struck circle.

    Args:
        works: Whether to show the check mark.
    """

    def __init__(self, *, works: bool) -> None:
        super().__init__()
        self._works = works
        self.setFixedSize(QSize(_MARK, _MARK))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark; the two differ in shape as well."""
        found = roles(self.palette())
        name, color = ("success", found.success.icon) if self._works else ("none", found.quiet)
        symbol(QPainter(self), name, color, self.rect(), _MARK)


def _row(row: DeviceRow) -> QWidget:
    title, state, text = selectable(row.title), selectable(row.state), selectable(row.text)
    set_size(title, Text.STRONG)
    if row.works:
        for label in (state, text):
            label.setForegroundRole(QUIET)
    title.setAccessibleName(f"{row.title}: {row.state}. {row.text}")
    widget = QWidget()
    grid = QGridLayout(widget)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GRID + GRID // 2)
    grid.setVerticalSpacing(GRID // 4)
    grid.setColumnStretch(1, 1)
    grid.addWidget(StatusMark(works=row.works), 0, 0, Qt.AlignmentFlag.AlignVCenter)
    grid.addWidget(title, 0, 1)
    grid.addWidget(state, 1, 1)
    if row.text:
        grid.addWidget(text, 2, 1)
    return widget
