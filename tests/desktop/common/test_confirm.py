from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.common.confirm import ask

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def chosen() -> list[str]:
    return []


@pytest.fixture
def box(window: QWidget, chosen: list[str]) -> QMessageBox:
    def choose(answer: str) -> Callable[[], None]:
        return lambda: chosen.append(answer)

    answers = {"&Stop": choose("stop"), "&Go on": choose("go on")}
    return ask(window, "Closing", "Stop <b>it</b>?", "It is saved.", answers)


def test_question_is_shown_as_it_is_written(box: QMessageBox) -> None:
    assert box.text() == "Stop <b>it</b>?"
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert box.informativeText() == "It is saved."


@pytest.mark.parametrize(("label", "answer"), [("&Stop", "stop"), ("&Go on", "go on")])
def test_button_does_what_it_stands_for(
    label: str, answer: str, box: QMessageBox, chosen: list[str], qtbot: QtBot
) -> None:
    button = next(each for each in box.buttons() if each.text() == label)
    with qtbot.waitSignal(box.destroyed):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert chosen == [answer]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_cancel_is_the_default_and_does_nothing(
    key: Qt.Key, box: QMessageBox, chosen: list[str], qtbot: QtBot
) -> None:
    with qtbot.waitSignal(box.destroyed):
        QTest.keyClick(box, key)

    assert chosen == []
