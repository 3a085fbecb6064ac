"""Containers that several pages need: with padding, with scroll bars, centered."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget


def padded(widget: QWidget, left: int, top: int, right: int, bottom: int) -> QWidget:
    """A widget with margins around it, in pixels."""
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(left, top, right, bottom)
    layout.addWidget(widget)
    return page


def scrolled(content: QWidget, *, horizontal: bool = False) -> QScrollArea:
    """Content that scrolls where there is no room, without a new layout of the rest.

    Args:
        content: The widget to scroll; the area does not take the focus from what is in it.
        horizontal: Whether it scrolls sideways too.
    """
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    if not horizontal:
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    # A scroll area paints a background of its own otherwise.
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    return area


def centered(widget: QWidget, stretch: int = 0) -> QHBoxLayout:
    """A widget in the middle of a row; with a stretch above 0 it grows with the row."""
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, stretch)
    row.addStretch(1)
    return row


def rule() -> QFrame:
    """A hairline between two parts."""
    line = QFrame()
    line.setFrameShape(QFrame.Shape.HLine)
    line.setFixedHeight(1)
    return line
