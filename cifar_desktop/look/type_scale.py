"""Sizes of text and of everything that grows with it.

Six sizes of text, as multiples of the system's font, and one for verdicts with little room. Layouts
are in units of half a line, so they grow with the text as well.
"""

from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetrics, QPalette
from PySide6.QtWidgets import QApplication, QLabel, QWidget

QUIET = QPalette.ColorRole.PlaceholderText
"""The palette's role of quiet text: the style gives it the color `Roles.quiet`."""
SIZE_PROPERTY = "textSize"
DEFAULT_UNIT = 8


@dataclass(frozen=True, slots=True)
class _Step:
    factor: float
    weight: int


class Text(Enum):
    """The sizes of text; there are no others."""

    CAPTION = _Step(0.92, 400)
    BODY = _Step(1.0, 400)
    STRONG = _Step(1.0, 600)
    HEADING = _Step(1.15, 600)
    TITLE = _Step(1.55, 600)
    NARROW_VERDICT = _Step(1.85, 650)
    VERDICT = _Step(2.3, 650)


def font(size: Text) -> QFont:
    """The program's font in a size, with figures of equal width."""
    found, step = QFont(QApplication.font()), size.value
    if found.pointSizeF() > 0:
        found.setPointSizeF(found.pointSizeF() * step.factor)
    else:
        found.setPixelSize(round(found.pixelSize() * step.factor))
    found.setWeight(QFont.Weight(step.weight))
    found.setFeature(QFont.Tag("tnum"), 1)
    return found


def set_size(widget: QWidget, size: Text) -> None:
    """Show a widget's text in a size, also after the text size was changed."""
    widget.setProperty(SIZE_PROPERTY, size.name)
    widget.setFont(font(size))


def label(text: str = "", size: Text = Text.BODY, *, quiet: bool = False) -> QLabel:
    """A label; quiet ones are second rank."""
    made = QLabel(text)
    set_size(made, size)
    if quiet:
        made.setForegroundRole(QUIET)
    return made


def unit() -> int:
    """Half a line of text in pixels, 8 at the least; distances are multiples of it."""
    return _half_line(QApplication.font().key())


def grown(pixels: int) -> int:
    """A size that is in pixels at the default text size, at that of the moment."""
    return round(pixels * unit() / DEFAULT_UNIT)


@lru_cache(maxsize=32)
def _half_line(_font: str) -> int:
    # The style asks thousands of times at start, and a font's metrics take their time.
    return max(DEFAULT_UNIT, round(QFontMetrics(QApplication.font()).height() / 2))
