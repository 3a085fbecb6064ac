from itertools import product

import pytest
from PySide6.QtGui import QColor, QPalette

from cifar_desktop.look.colors import contrast, mixed, text_on
from cifar_desktop.look.roles import Roles, roles

# Window, base, text and the color of selected text.
GROUNDS = {
    "light": ("#f2f2f4", "#ffffff", "#1a1b1e", "#ffffff"),
    "dark": ("#2a2c30", "#1c1d20", "#ededf0", "#ffffff"),
    "Fusion": ("#efefef", "#ffffff", "#000000", "#ffffff"),
    "Breeze": ("#eff0f1", "#ffffff", "#232629", "#ffffff"),
    "Breeze dark": ("#2a2e32", "#1b1e20", "#fcfcfc", "#fcfcfc"),
    "Windows 11": ("#f3f3f3", "#ffffff", "#000000", "#ffffff"),
    "Windows 11 dark": ("#202020", "#2b2b2b", "#ffffff", "#000000"),
    "macOS dark": ("#323232", "#171717", "#dfdfdf", "#ffffff"),
    "high contrast": ("#000000", "#000000", "#ffffff", "#000000"),
}
ACCENTS = (
    "#308cc6", "#3daee9", "#0078d4", "#60cdff", "#007aff", "#3584e4", "#2190a4", "#3a944a",
    "#c88800", "#ed5b00", "#e62d42", "#d56199", "#9141ac", "#6f8396", "#ffffff", "#000000",
    "#ffff00", "#00ff00", "#ff00ff",
)  # fmt: skip


def palette_of(ground: str, accent: str) -> QPalette:
    window, base, text, highlighted = map(QColor, GROUNDS[ground])
    palette, names = QPalette(window), QPalette.ColorRole
    for role, color in (
        (names.Window, window),
        (names.Base, base),
        (names.WindowText, text),
        (names.HighlightedText, highlighted),
        (names.Accent, QColor(accent)),
    ):
        palette.setColor(role, color)
    return palette


@pytest.fixture(params=product(GROUNDS, ACCENTS), ids="-".join)
def found(request: pytest.FixtureRequest) -> Roles:
    return roles(palette_of(*request.param))


def test_text_can_be_read_on_every_ground(found: Roles) -> None:
    kinds = (found.info, found.success, found.warning, found.error)
    grounds = [found.raised, found.sunken, found.tint, *(kind.ground for kind in kinds)]
    buttons = [mixed(found.text, ground, 0.08) for ground in (found.raised, found.sunken)]
    for ground in [*grounds, *buttons]:
        assert contrast(found.text, ground) >= 4.5
        assert contrast(found.quiet, ground) >= 4.5
    for ground in (found.raised, found.sunken, found.tint):
        assert contrast(found.accent_text, ground) >= 4.5
    for kind in kinds:
        assert contrast(kind.icon, kind.ground) >= 4.5


def test_the_filled_button_can_be_read(found: Roles) -> None:
    assert contrast(found.on_fill, found.fill) >= 4.5


def test_marks_stand_out(found: Roles) -> None:
    for ground in (found.raised, found.sunken):
        assert contrast(found.mark, ground) >= 3
        assert contrast(found.edge, ground) >= 3
    assert contrast(found.mark, found.track) >= 3


@pytest.mark.parametrize("ground", range(0, 256, 5))
def test_black_or_white_can_be_read_on_any_gray(ground: int) -> None:
    color = QColor(ground, ground, ground)
    assert contrast(text_on(color), color) >= 4.5


def test_raised_is_the_lighter_ground_in_light_and_dark() -> None:
    for ground in ("light", "dark"):
        found = roles(palette_of(ground, "#3584e4"))
        assert found.raised.lightness() > found.sunken.lightness()
    assert roles(palette_of("dark", "#3584e4")).dark
    assert not roles(palette_of("light", "#3584e4")).dark
