"""Mixing colors, and how much they stand out from each other (WCAG 2.2)."""

from collections.abc import Iterable

from PySide6.QtGui import QColor

BLACK, WHITE = QColor(0, 0, 0), QColor(255, 255, 255)
TEXT_CONTRAST = 4.5
"""Least contrast of text with its background (WCAG 2.2, level AA)."""
MARK_CONTRAST = 3.0
"""Least contrast of marks, lines and icons that carry meaning."""

_STEPS = 50
_BRIGHT = 0.18
"""Luminance from which black stands out more than white."""


def mixed(over: QColor, under: QColor, amount: float) -> QColor:
    """A blend of two opaque colors in sRGB, `amount` from 0 to 1.

    Lines use this instead of transparency, which would add up where a line crosses itself.
    """
    pairs = zip(_channels(over), _channels(under), strict=True)
    return QColor(*(round(top * amount + bottom * (1 - amount)) for top, bottom in pairs))


def luminance(color: QColor) -> float:
    """Relative luminance, 0 for black to 1 for white."""
    linear = (_linear(channel / 255) for channel in _channels(color))
    return sum(
        weight * channel for weight, channel in zip((0.2126, 0.7152, 0.0722), linear, strict=True)
    )


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two opaque colors, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def readable(color: QColor, grounds: Iterable[QColor], least: float = TEXT_CONTRAST) -> QColor:
    """The color, mixed with as much black or white as it takes to stand out from all grounds.

    Args:
        color: The color that is wanted.
        grounds: Opaque backgrounds.
        least: The least contrast ratio with each of them.
    """
    grounds = list(grounds)
    pole = BLACK if min(map(luminance, grounds)) > _BRIGHT else WHITE
    return _toward(pole, color, grounds, least) or pole


def ground_for(text: QColor, color: QColor) -> QColor:
    """The color, mixed with as much black or white as it takes for a text to be read on it."""
    pole = BLACK if luminance(text) > 0.5 else WHITE
    return _toward(pole, color, [text], TEXT_CONTRAST) or pole


def text_on(ground: QColor) -> QColor:
    """Black or white, whichever is read better; at least 4.58 on any color."""
    return max((BLACK, WHITE), key=lambda text: contrast(text, ground))


def _toward(pole: QColor, color: QColor, grounds: list[QColor], least: float) -> QColor | None:
    steps = (mixed(pole, color, step / _STEPS) for step in range(_STEPS + 1))
    return next((each for each in steps if min(contrast(each, g) for g in grounds) >= least), None)


def _channels(color: QColor) -> tuple[int, int, int]:
    return color.red(), color.green(), color.blue()


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
