"""The colors of the charts, light and dark.

Training and validation are blue and orange, distinguishable with any kind of color vision; further
hues (after Okabe and Ito) are for other runs. The rest is derived from the palette.
"""

from dataclasses import dataclass

from PySide6.QtGui import QColor, QPalette

from cifar_desktop.look.roles import roles

_LIGHT = ("#1668b4", "#d4590b")
_DARK = ("#5eaef0", "#f59f4a")
_OTHERS_LIGHT = ("#00806a", "#a3459c", "#8a6d00", "#4d6780", "#a83250", "#2f8f2f")
_OTHERS_DARK = ("#2fc79f", "#dd8fd0", "#d9c04f", "#9fb4c8", "#f08ba0", "#8ed081")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartPalette:
    """The colors of a chart."""

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
        """The color of another run, by its index; hues repeat."""
        return self.others[index % len(self.others)]


def chart_palette(palette: QPalette) -> ChartPalette:
    """The chart colors for a palette."""
    found = roles(palette)
    training, validation = map(QColor, _DARK if found.dark else _LIGHT)
    return ChartPalette(
        ground=found.raised,
        edge=found.line,
        grid=mixed(found.text, found.raised, 0.09),
        text=found.text,
        quiet=found.quiet,
        cursor=mixed(found.text, found.raised, 0.4),
        focus=found.mark,
        training=training,
        validation=validation,
        others=tuple(map(QColor, _OTHERS_DARK if found.dark else _OTHERS_LIGHT)),
    )


def mixed(over: QColor, under: QColor, amount: float) -> QColor:
    """A blend of two colors, `amount` from 0 to 1.

    Lines use this instead of transparency, which would add up where a line crosses itself.
    """
    tops, bottoms = (over.red(), over.green(), over.blue()), under.getRgb()[:3]  # type: ignore[index]
    return QColor(
        *(
            round(top * amount + bottom * (1 - amount))
            for top, bottom in zip(tops, bottoms, strict=True)
        )
    )
