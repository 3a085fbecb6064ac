"""The answer panel: verdict, bars, what it shows when there is no prediction."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.classify.widgets.pixel_view import PixelView
from cifar_desktop.classify.widgets.prediction_bars import Bar, ProbabilityBar
from cifar_desktop.classify.widgets.prediction_panel import PredictionPanel, PredictionText
from cifar_desktop.look.motion import set_less_motion
from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import SIZE_PROPERTY

CLASSES = ("dog", "cat", "horse", "deer", "frog", "bird", "ship", "truck", "car", "airplane")
BARS = [
    (name, 0.9 if name == "dog" else 0.01, "90 %" if name == "dog" else "1 %") for name in CLASSES
]


def _text(
    headline: str = "Dog", verdict: str = "sure", bars: list[Bar] = BARS, seen: int = 32
) -> PredictionText:
    image = QImage(seen, seen, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.red)
    return PredictionText(
        verdict=verdict, headline=headline, hint="The whole picture", explanation="Because.",
        bars=bars, every="All ten", facts=[("Network", "Built in")], digest="Built in, 4 ms",
        seen=image, seen_caption=f"{seen} pixels",
    )  # fmt: skip


@pytest.fixture
def panel(qtbot: QtBot, window: QWidget) -> PredictionPanel:
    """A panel of the usual width, in a window of a usual height."""
    panel = PredictionPanel()
    panel.setParent(window)
    panel.resize(400, 600)
    panel.show()
    return panel


def _names(panel: PredictionPanel) -> list[str]:
    return [bar.accessibleName() for bar in panel.bars.bars]


def test_all_classes_open_in_place_and_fold_again(panel: PredictionPanel) -> None:
    panel.show_prediction(_text())
    assert _names(panel) == list(CLASSES[:3])
    assert panel.tools.all.text() == "All ten"

    panel.tools.all.click()
    assert _names(panel) == list(CLASSES)
    panel.tools.all.click()
    assert _names(panel) == list(CLASSES[:3])


def test_all_classes_are_shown_where_they_fit_until_the_user_says_otherwise(
    panel: PredictionPanel,
) -> None:
    panel.resize(400, 850)
    panel.show_prediction(_text())
    assert _names(panel) == list(CLASSES)

    panel.tools.all.click()
    panel.resize(400, 900)

    assert _names(panel) == list(CLASSES[:3])


def test_a_network_of_few_classes_has_no_button_for_all(panel: PredictionPanel) -> None:
    panel.show_prediction(_text(bars=BARS[:3]))

    assert _names(panel) == list(CLASSES[:3])
    assert panel.tools.all.isHidden()


def test_bars_have_names_and_values_for_assistive_technology(panel: PredictionPanel) -> None:
    panel.show_prediction(_text())

    first = panel.bars.bars[0]
    assert (first.accessibleName(), first.accessibleDescription()) == ("dog", "90 percent")
    assert (first.value(), first.maximum(), first.text()) == (900, 1000, "90 %")
    described = QAccessible.queryAccessibleInterface(panel.bars)
    assert described.role() is QAccessible.Role.List
    assert described.childCount() == 3


def test_bars_that_mean_little_are_not_in_the_accent_color(panel: PredictionPanel) -> None:
    for verdict in ("sure", "none"):
        panel.show_prediction(_text(verdict=verdict), moving=True)
        bar, found = panel.bars.bars[0], roles(panel.palette())
        image = bar.grab().toImage()
        color = image.pixelColor(image.width() // 2, image.height() // 2)
        assert color == (found.mark if verdict == "sure" else found.edge)


@pytest.mark.parametrize(
    ("verdict", "icon"), [("sure", "sure"), ("unsure", "unsure"), ("none", "none")]
)
def test_the_verdict_has_a_glyph(verdict: str, icon: str, panel: PredictionPanel) -> None:
    panel.show_prediction(_text(verdict=verdict))

    assert panel.header.glyph.name == icon


def test_long_verdicts_and_narrow_panels_take_a_smaller_font(panel: PredictionPanel) -> None:
    panel.show_prediction(_text())
    assert panel.headline.property(SIZE_PROPERTY) == "VERDICT"

    panel.show_prediction(_text("Probably an automobile of a kind, perhaps a truck of another"))
    assert panel.headline.property(SIZE_PROPERTY) == "NARROW_VERDICT"

    panel.show_prediction(_text())
    panel.resize(320, 600)
    assert panel.headline.property(SIZE_PROPERTY) == "NARROW_VERDICT"


def test_the_line_below_the_verdict_keeps_its_place_without_words(panel: PredictionPanel) -> None:
    panel.show_prediction(_text())
    before = panel.bars.mapTo(panel, panel.bars.rect().topLeft())
    panel.header.show_words("Dog", "", "sure", "accent_text")

    assert panel.hint.minimumHeight() >= panel.hint.fontMetrics().height()
    assert panel.bars.mapTo(panel, panel.bars.rect().topLeft()) == before


def test_a_previous_prediction_is_dimmed_while_the_next_is_pending(panel: PredictionPanel) -> None:
    panel.show_prediction(_text())
    bright = panel.grab().toImage()

    panel.show_waiting("Classifying…")

    assert panel.headline.text() == "Dog"
    assert not panel.has_prediction
    assert panel.waiting
    assert panel.grab().toImage() != bright
    panel.show_prediction(_text())
    assert panel.has_prediction
    assert not panel.waiting
    assert panel.grab().toImage() == bright


def test_without_a_network_the_tracks_are_empty(panel: PredictionPanel, qtbot: QtBot) -> None:
    panel.show_prediction(_text())
    panel.show_missing()

    assert panel.headline.text() == "No network"
    assert [(bar.value(), bar.text()) for bar in panel.bars.bars] == [(0, "")] * 3
    assert not panel.tools.isVisible()
    assert not panel.seen.isVisible()
    with qtbot.waitSignal(panel.network_requested):
        QTest.mouseClick(panel.network, Qt.MouseButton.LeftButton)
    panel.show_failure("It does not fit.")
    assert panel.hint.text() == "It does not fit."
    assert not panel.network.isVisible()


def test_what_the_network_sees_can_be_copied(panel: PredictionPanel) -> None:
    panel.show_prediction(_text())

    panel.tools.copy_seen.trigger()

    assert QGuiApplication.clipboard().image().width() == 32


@pytest.mark.parametrize(("pixels", "side"), [(32, 160), (48, 144), (64, 128), (224, 160)])
def test_every_pixel_of_the_input_takes_equally_much(pixels: int, side: int, qtbot: QtBot) -> None:
    view = PixelView(160)
    qtbot.addWidget(view)

    view.show_image(QImage(pixels, pixels, QImage.Format.Format_RGB32))

    assert view.sizeHint().width() == side


@pytest.fixture
def still() -> Iterator[None]:
    """Nothing moves, as accessibility settings have it."""
    set_less_motion(less=True)
    yield
    set_less_motion(less=False)


FULL = ("dog", 1.0, "100 %")


def test_bars_move_but_not_behind_a_crop_that_is_dragged(window: QWidget) -> None:
    bar = ProbabilityBar(window)
    bar.resize(400, 32)
    bar.show()
    bar.show_value(FULL, believed=True, moving=False)
    assert bar._shown < 1

    bar.show_value(FULL, believed=True, moving=True)
    assert bar._shown == 1


@pytest.mark.usefixtures("still")
def test_bars_do_not_move_where_nothing_is_to_move(window: QWidget) -> None:
    bar = ProbabilityBar(window)
    bar.show()

    bar.show_value(FULL, believed=True, moving=False)

    assert bar._shown == 1
