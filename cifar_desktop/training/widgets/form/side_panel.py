"""The panel at the left of the page: heading, fields that scroll, and what is always in sight."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.look.widgets import Surface
from cifar_desktop.ui.layouts import scrolled

WIDEST = 50
"""Largest width in units beside other parts."""


class SidePanel(Surface):
    """Raised, with a line at its right."""

    def arrange(self, title: str, button: QWidget, fields: QWidget, footer: QWidget) -> None:
        """Put the parts into it.

        Args:
            title: Its heading.
            button: Beside the heading.
            fields: They scroll.
            footer: Always in sight.
        """
        step = unit()
        side, heading, outer = 2 * step + step // 2, QHBoxLayout(), QVBoxLayout(self)
        heading.addWidget(label(title, Text.HEADING), 1)
        heading.addWidget(button)
        heading.setContentsMargins(side, 0, side - step, 0)
        area = scrolled(fields)
        fields.setContentsMargins(side, 0, side, step)
        footer.setContentsMargins(side, 0, side, 0)
        outer.setContentsMargins(0, 2 * step, 0, 2 * step)
        outer.setSpacing(step + step // 2)
        outer.addLayout(heading)
        outer.addWidget(area, 1)
        outer.addWidget(footer)
        self.setMaximumWidth(WIDEST * step)

    def sizeHint(self) -> QSize:
        """As wide as fields look best."""
        return QSize(37 * unit(), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for a small window."""
        return QSize(33 * unit(), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint a line between the panel and the page."""
        super().paintEvent(event)
        line = self.rect().adjusted(self.width() - 1, 0, 0, 0)
        QPainter(self).fillRect(line, roles(self.palette()).line)


def column(*widgets: QWidget) -> QWidget:
    """Widgets below each other."""
    made = QWidget()
    layout = QVBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2 * unit())
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return made
