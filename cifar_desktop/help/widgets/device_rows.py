"""The tested devices and their results; part of the Diagnostics window."""

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from cifar_desktop.ui.facts_form import selectable
from cifar_desktop.ui.style import GRID, scaled_font

_MARK = 2 * GRID


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
    """A disc with a check mark if something works, otherwise an empty ring.

    Args:
        works: Whether to show the check mark.
    """

    def __init__(self, *, works: bool) -> None:
        super().__init__()
        self._works = works
        self.setFixedSize(QSize(_MARK, _MARK))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the mark in palette colors; the two differ in shape as well."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette, disc = self.palette(), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        if not self._works:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.PlaceholderText), 1.5))
            painter.drawEllipse(disc)
            painter.drawLine(_at(0.32, 0.5), _at(0.68, 0.5))
            return
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(disc)
        painter.setPen(QPen(palette.color(QPalette.ColorRole.HighlightedText), 2))
        painter.drawPolyline(QPolygonF([_at(0.29, 0.53), _at(0.44, 0.67), _at(0.71, 0.36)]))


def _row(row: DeviceRow) -> QWidget:
    title, state, text = selectable(row.title), selectable(row.state), selectable(row.text)
    title.setFont(scaled_font(title, 1.0, QFont.Weight.DemiBold))
    if row.works:
        for label in (state, text):
            label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
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


def _at(x: float, y: float) -> QPointF:
    return QPointF(x * _MARK, y * _MARK)
