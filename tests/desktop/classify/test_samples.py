"""The sample pictures of the empty page, and the words that follow the network's classes."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.classify import samples
from cifar_desktop.classify.widgets.empty_page import EmptyPage
from tests.desktop.support import Start, answered
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.files.resources import bundled_model


def test_one_click_leads_to_a_prediction(app: App, qtbot: QtBot) -> None:
    button = app.tab.empty.samples.buttons[0]
    assert button.accessibleName() == "Sample picture: A dog"

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    qtbot.waitUntil(lambda: answered(app, "dog.jpg"))


def test_samples_are_reached_by_the_keyboard(app: App, qtbot: QtBot) -> None:
    app.tab.focus_start()
    reached = []
    for _ in range(7):
        reached.append(app.window.focusWidget())
        QTest.keyClick(app.window, Qt.Key.Key_Tab)
    empty = app.tab.empty
    assert reached == [empty.open, empty.paste, *empty.samples.buttons]

    QTest.keyClick(empty.samples.buttons[1], Qt.Key.Key_Space)

    qtbot.waitUntil(lambda: answered(app, "ship.jpg"))


def test_the_bundled_network_is_right_about_every_sample(start: Start, qtbot: QtBot) -> None:
    app = start(network=bundled_model())
    for sample in samples.samples():
        app.tab.empty.sample_requested.emit(sample.path)
        qtbot.waitUntil(lambda name=sample.path.name: answered(app, name), timeout=30_000)  # type: ignore[misc]
        found = app.tab.predictions.classification
        assert found is not None
        if sample.caption == "None of the ten":
            assert found.prediction.verdict == "none"
        else:
            assert found.prediction.verdict == "sure"
            assert sample.caption.lower().endswith(f" {found.prediction.classes[0].name}")


def test_words_follow_the_classes_of_the_network() -> None:
    ten, three, many = list(CIFAR10_CLASSES), ["red", "green", "blue"], ["x"] * 37
    assert samples.introduction(ten) == "The network tells these ten apart:"
    assert samples.introduction(three) == "The network tells these three apart:"
    assert samples.introduction(many) == "The network tells 37 classes apart:"
    assert samples.none_caption(ten) == "None of the ten"
    assert samples.none_caption(three) == "None of the three"
    assert samples.none_caption(many) == "None of these"


@pytest.mark.parametrize("size", [(700, 452), (900, 552), (1440, 852)])
def test_everything_on_the_empty_page_is_in_sight(
    size: tuple[int, int], window: QWidget, qtbot: QtBot
) -> None:
    page = EmptyPage(samples.samples(), samples.stack())
    page.setParent(window)
    page.show_classes(CIFAR10_CLASSES, samples.introduction(CIFAR10_CLASSES), "None of the ten")
    page.resize(*size)
    page.show()

    parts = [*page.samples.buttons, page.chips, *page.findChildren(QPushButton)]
    shown = [each for each in parts if not each.isHidden()]
    assert len(shown) == 8

    def places() -> list[QRect]:
        return [each.rect().translated(each.mapTo(page, QPoint(0, 0))) for each in shown]

    qtbot.waitUntil(lambda: all(page.rect().contains(place) for place in places()))
