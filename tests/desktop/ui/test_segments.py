import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.ui.segments import Segments

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")


@pytest.fixture
def segments(window: QWidget, qtbot: QtBot) -> Segments:
    made = Segments("View")
    for key, text in (("curves", "Curves"), ("data", "Data"), ("runs", "Runs")):
        made.add(key, text, icon_name="data", name="Table of runs" if key == "runs" else "")
    QVBoxLayout(window).addWidget(made)
    qtbot.waitUntil(made.isVisible)
    return made


def test_arrow_keys_choose_the_next_one(segments: Segments) -> None:
    chosen: list[str] = []
    segments.chosen.connect(chosen.append)
    first = segments.segment("curves")
    first.setFocus()

    QTest.keyClick(first, Qt.Key.Key_Right)

    assert (segments.current, chosen) == ("data", ["data"])


def test_program_chooses_silently(segments: Segments) -> None:
    chosen: list[str] = []
    segments.chosen.connect(chosen.append)

    segments.choose("runs")

    assert (segments.current, chosen) == ("runs", [])


def test_click_beside_the_words_chooses(segments: Segments) -> None:
    data = segments.segment("data")

    QTest.mouseClick(data, Qt.MouseButton.LeftButton, pos=data.rect().bottomRight())

    assert segments.current == "data"


def test_choosing_moves_nothing_and_compact_ones_keep_their_names(segments: Segments) -> None:
    wide = segments.sizeHint()
    segments.choose("runs")
    assert segments.sizeHint() == wide

    segments.set_compact(compact=True)

    assert segments.sizeHint().width() < wide.width() / 2
    runs = segments.segment("runs")
    assert (runs.accessibleName(), runs.toolTip()) == ("Table of runs", "Table of runs")
    described = QAccessible.queryAccessibleInterface(runs)
    assert described.role() is QAccessible.Role.RadioButton
    assert described.state().checked
