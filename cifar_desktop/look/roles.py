"""What colors mean: every color on the screen is one of these, made from the system's palette.

Each is a palette color or a mix of two, corrected until it can be read, so any accent color works.
"""

from dataclasses import dataclass, replace
from functools import lru_cache

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette

from cifar_desktop.look.colors import (
    BLACK,
    MARK_CONTRAST,
    contrast,
    ground_for,
    luminance,
    mixed,
    readable,
    text_on,
)

_HUES = {"success": 146, "warning": 38, "error": 4}
_LIGHT_KIND, _DARK_KIND = (0.80, 0.34), (0.62, 0.62)
"""Saturation and lightness."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """The colors of a kind of notice.

    Attributes:
        ground: Background of a notice.
        rim: Its border.
        icon: Its icon; also text of that kind, such as an error below a field.
    """

    ground: QColor
    rim: QColor
    icon: QColor


@dataclass(frozen=True, slots=True, kw_only=True)
class Roles:
    """The colors for a palette.

    Attributes:
        raised: Header, panels, cards.
        sunken: Page, stage, surroundings of charts.
        base: Ground of fields and lists.
        text: All that is read.
        quiet: Secondary text.
        faint: Disabled text and icons only.
        line: Hairlines.
        edge: Lower side of fields, outline of boxes and knobs; bars that are not believed.
        button: Transparent ground of buttons, over any other.
        button_hover: The same, under the mouse.
        button_pressed: The same, pressed.
        row_hover: A row under the mouse.
        track: What bars and sliders run on.
        tint: A selected row, chip or toggled button.
        fill: The one filled button, and switches.
        fill_hover: The same, under the mouse.
        fill_pressed: The same, pressed.
        on_fill: Text and icons on it.
        accent_text: Selected icons, links, text on tint.
        mark: Bars, the underline of a tab, focus rings, progress.
        info: Notices that something happened.
        success: Notices that something went well.
        warning: Notices that something may be wrong.
        error: Notices that something failed.
    """

    raised: QColor
    sunken: QColor
    base: QColor
    text: QColor
    quiet: QColor
    faint: QColor
    line: QColor
    edge: QColor
    button: QColor
    button_hover: QColor
    button_pressed: QColor
    row_hover: QColor
    track: QColor
    tint: QColor
    fill: QColor
    fill_hover: QColor
    fill_pressed: QColor
    on_fill: QColor
    accent_text: QColor
    mark: QColor
    info: Kind
    success: Kind
    warning: Kind
    error: Kind

    @property
    def dark(self) -> bool:
        """Whether text is lighter than its background."""
        return luminance(self.text) > luminance(self.raised)

    def kind(self, name: str) -> Kind:
        """The colors of `info`, `success`, `warning` or `error`."""
        kinds = {
            "info": self.info,
            "success": self.success,
            "warning": self.warning,
            "error": self.error,
        }
        return kinds[name]


_BY_PALETTE: dict[int, Roles] = {}
_MOST_PALETTES = 256


def roles(palette: QPalette) -> Roles:
    """The colors for a palette, always of its active group."""
    key = palette.cacheKey()
    found = _BY_PALETTE.get(key)
    if found is None:
        if len(_BY_PALETTE) >= _MOST_PALETTES:
            _BY_PALETTE.clear()
        found = _BY_PALETTE[key] = _made(palette)
    return found


def forget_roles() -> None:
    """Make all colors again; for a change of the system's contrast."""
    _BY_PALETTE.clear()


def _made(palette: QPalette) -> Roles:
    group, names = QPalette.ColorGroup.Active, QPalette.ColorRole
    found = (names.Window, names.Base, names.WindowText, names.Accent, names.HighlightedText)
    colors = tuple(palette.color(group, role).rgb() for role in found)
    return _roles(*colors, _wants_contrast())


def _wants_contrast() -> bool:
    hints = QGuiApplication.styleHints()
    # Qt 6.10 and later.
    accessibility = getattr(hints, "accessibility", None)
    if accessibility is None:
        return False
    return bool(accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast)


@lru_cache(maxsize=64)
def _roles(*values: int) -> Roles:
    window, base, text, accent, highlighted = map(QColor, values[:5])
    raised, sunken = sorted((window, base), key=luminance, reverse=True)
    grounds, tint = [raised, sunken], mixed(accent, raised, 0.16)
    kinds = _kinds(accent, raised, sunken, dark=luminance(text) > luminance(window))
    buttons = [mixed(text, ground, 0.08) for ground in grounds]
    track, fill = mixed(text, raised, 0.11), ground_for(highlighted, accent)
    found = Roles(
        raised=raised,
        sunken=sunken,
        base=base,
        text=text,
        quiet=readable(
            mixed(text, window, 0.66),
            [*grounds, tint, *buttons, *(kind.ground for kind in kinds.values())],
        ),
        faint=mixed(text, window, 0.42),
        line=mixed(text, raised, 0.12),
        edge=readable(mixed(text, raised, 0.40), grounds, MARK_CONTRAST),
        button=_transparent(text, 0.08),
        button_hover=_transparent(text, 0.13),
        button_pressed=_transparent(text, 0.18),
        row_hover=mixed(text, raised, 0.06),
        track=track,
        tint=tint,
        fill=fill,
        fill_hover=mixed(BLACK, fill, 0.10),
        fill_pressed=mixed(BLACK, fill, 0.18),
        on_fill=highlighted if contrast(highlighted, fill) >= 4.5 else text_on(fill),
        accent_text=readable(accent, [*grounds, tint]),
        mark=readable(accent, [*grounds, track], MARK_CONTRAST),
        **kinds,
    )
    return _with_contrast(found) if values[5] else found


def _kinds(accent: QColor, raised: QColor, sunken: QColor, *, dark: bool) -> dict[str, Kind]:
    grounds, (saturation, lightness) = [raised, sunken], _DARK_KIND if dark else _LIGHT_KIND
    hues = {
        name: readable(QColor.fromHslF(hue / 360, saturation, lightness), grounds)
        for name, hue in _HUES.items()
    }
    return {name: _kind(hue, grounds) for name, hue in {"info": accent, **hues}.items()}


def _kind(hue: QColor, grounds: list[QColor]) -> Kind:
    ground = mixed(hue, grounds[0], 0.13)
    return Kind(
        ground=ground, rim=mixed(hue, grounds[0], 0.42), icon=readable(hue, [ground, *grounds])
    )


def _with_contrast(found: Roles) -> Roles:
    """For people who asked their system for high contrast: lines as strong as text, no tints."""
    return replace(found, line=found.text, edge=found.text, tint=found.raised)


def _transparent(color: QColor, alpha: float) -> QColor:
    made = QColor(color)
    made.setAlphaF(alpha)
    return made
