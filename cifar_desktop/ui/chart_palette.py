"""The colors of the charts, for light and dark; used by the live curves.

The series are blue and orange, which people with any kind of color vision tell apart, and further
hues (after Okabe and Ito) for other runs; all else is the palette's.
"""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

_LIGHT = ("#1668b4", "#d4590b")
_DARK = ("#5eaef0", "#f59f4a")
_OTHERS_LIGHT = ("#00806a", "#a3459c", "#8a6d00", "#4d6780", "#a83250", "#2f8f2f")
_OTHERS_DARK = ("#2fc79f", "#dd8fd0", "#d9c04f", "#9fb4c8", "#f08ba0", "#8ed081")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPalette:
    """The colors of one chart."""

    ground: QColor
    edge: QColor
    grid: QColor
    text: QColor
    quiet: QColor
    cursor: QColor
    focus: QColor
    training: QColor
    validation: QColor
    others: tuple[QColor, ...]

    def other(self, index: int) -> QColor:
        """The color of the other run at a place in their list; there are only so many hues."""
        return self.others[index % len(self.others)]


def ink(palette: QPalette) -> ChartPalette:
    """The colors that go with a palette."""
    roles = QPalette.ColorRole
    ground, text = palette.color(roles.Base), palette.color(roles.Text)
    dark = ground.lightness() < text.lightness()
    training, validation = map(QColor, _DARK if dark else _LIGHT)
    return ChartPalette(
        ground=ground,
        edge=mixed(text, ground, 0.14),
        grid=mixed(text, ground, 0.09),
        text=text,
        quiet=mixed(text, ground, 0.62),
        cursor=mixed(text, ground, 0.4),
        focus=palette.color(roles.Accent),
        training=training,
        validation=validation,
        others=tuple(map(QColor, _OTHERS_DARK if dark else _OTHERS_LIGHT)),
    )


def mixed(over: QColor, under: QColor, amount: float) -> QColor:
    """A color laid over another, `amount` from 0 to 1.

    Lines get this instead of a transparent color: where a line crosses itself, or runs up and down
    within a pixel, transparency would add up.
    """
    tops, bottoms = (over.red(), over.green(), over.blue()), under.getRgb()[:3]  # type: ignore[index]
    return QColor(
        *(
            round(top * amount + bottom * (1 - amount))
            for top, bottom in zip(tops, bottoms, strict=True)
        )
    )
