"""Sizes, fonts and tints for all widgets; colors are derived from the palette."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QLabel, QWidget

from cifar_desktop.look.type_scale import Text, label

GRID = 8
RADIUS = 6.0


def blend(palette: QPalette, role: QPalette.ColorRole, amount: float) -> QColor:
    """A palette color blended over the window's background, `amount` from 0 to 1."""
    over, under = palette.color(role), palette.color(QPalette.ColorRole.Window)
    return QColor(
        *(
            round(top * amount + bottom * (1 - amount))
            for top, bottom in zip(over.getRgb()[:3], under.getRgb()[:3], strict=True)  # type: ignore[index]
        )
    )


def scaled_font(widget: QWidget, factor: float, weight: QFont.Weight) -> QFont:
    """The widget's font, scaled and with a weight."""
    font = QFont(widget.font())
    if font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * factor)
    else:
        font.setPixelSize(round(font.pixelSize() * factor))
    font.setWeight(weight)
    return font


def title(text: str = "") -> QLabel:
    """A large heading that wraps."""
    made = label(text, Text.TITLE)
    made.setWordWrap(True)
    return made


def show_centered(shown: QLabel, text: str) -> None:
    """Show a text in the middle; of several lines, whose indentation matters, at the left."""
    side = Qt.AlignmentFlag.AlignLeft if "\n" in text else Qt.AlignmentFlag.AlignHCenter
    shown.setAlignment(side)
    shown.setText(text)


def quiet(text: str = "") -> QLabel:
    """Secondary text that wraps."""
    made = label(text, quiet=True)
    made.setWordWrap(True)
    return made
