from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QGridLayout, QMainWindow, QPushButton, QVBoxLayout
from pytestqt.qtbot import QtBot

from cifar_desktop.common.settings import Settings
from cifar_desktop.look.polish import grow_layouts
from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.shell.text_size import TextSize

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(autouse=True)
def font() -> Iterator[QFont]:
    before = QFont(QApplication.font())
    yield before
    QApplication.setFont(before)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "settings.ini")


@pytest.fixture
def window(qtbot: QtBot, settings: Settings) -> QMainWindow:
    made = QMainWindow()
    qtbot.addWidget(made)
    made.title, made.button = label("Title", Text.TITLE), QPushButton("Start")  # type: ignore[attr-defined]
    card = label("")
    column, grid = QVBoxLayout(card), QGridLayout()
    column.setContentsMargins(8, 16, 24, 32)
    column.setSpacing(12)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(4)
    column.addWidget(made.title)  # type: ignore[attr-defined]
    column.addLayout(grid)
    grid.addWidget(made.button)  # type: ignore[attr-defined]
    made.setCentralWidget(card)
    made.column, made.grid = column, grid  # type: ignore[attr-defined]
    TextSize(settings, made).add_actions(made.menuBar().addMenu("View"))
    # Without it the layout would set it, which this platform warns of.
    made.setMinimumSize(200, 200)
    made.show()
    qtbot.waitExposed(made)
    return made


def _shape(window: QMainWindow) -> tuple[object, ...]:
    column, grid = window.column, window.grid  # type: ignore[attr-defined]
    margins = column.contentsMargins()
    return (
        QApplication.font().pointSizeF(),
        window.title.font().pointSizeF(),  # type: ignore[attr-defined]
        window.button.sizeHint().height(),  # type: ignore[attr-defined]
        (margins.left(), margins.top(), margins.right(), margins.bottom()),
        (column.spacing(), grid.horizontalSpacing(), grid.verticalSpacing()),
    )


def _press(qtbot: QtBot, window: QMainWindow, key: Qt.Key, times: int = 1) -> None:
    for _ in range(times):
        qtbot.keyClick(window, key, CONTROL)  # type: ignore[no-untyped-call]


def test_everything_grows_with_the_text_and_shrinks_again(
    window: QMainWindow, qtbot: QtBot, settings: Settings
) -> None:
    usual = _shape(window)
    assert usual[2:] == (32, (8, 16, 24, 32), (12, 8, 4))

    _press(qtbot, window, Qt.Key.Key_Plus, 10)

    size, title, height, margins, spacings = _shape(window)
    u = unit()
    assert settings.text_size == 200
    assert size == pytest.approx(2 * usual[0])  # type: ignore[operator]
    assert title == pytest.approx(2 * usual[1])  # type: ignore[operator]
    assert u >= 14
    assert height == 4 * u
    assert margins == (u, 2 * u, 3 * u, 4 * u)
    assert spacings == (round(1.5 * u), u, round(0.5 * u))

    _press(qtbot, window, Qt.Key.Key_Plus)
    assert settings.text_size == 200

    _press(qtbot, window, Qt.Key.Key_Minus, 10)
    assert _shape(window) == usual


def test_text_can_be_made_smaller_and_set_back(
    window: QMainWindow, qtbot: QtBot, settings: Settings, font: QFont
) -> None:
    _press(qtbot, window, Qt.Key.Key_Minus, 5)

    assert settings.text_size == 80
    assert QApplication.font().pointSizeF() == pytest.approx(0.8 * font.pointSizeF())

    shifted = CONTROL | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(window, Qt.Key.Key_0, shifted)  # type: ignore[no-untyped-call]

    assert settings.text_size == 100
    assert QApplication.font().pointSizeF() == font.pointSizeF()


def test_the_size_is_remembered(qtbot: QtBot, tmp_path: Path, font: QFont) -> None:
    Settings(tmp_path / "s.ini").text_size = 150
    window = QMainWindow()
    qtbot.addWidget(window)

    TextSize(Settings(tmp_path / "s.ini"), window)

    assert QApplication.font().pointSizeF() == pytest.approx(1.5 * font.pointSizeF())


def test_spacing_that_the_program_changes_later_counts_as_usual(
    window: QMainWindow, qtbot: QtBot
) -> None:
    _press(qtbot, window, Qt.Key.Key_Plus, 10)
    column = window.column  # type: ignore[attr-defined]
    column.setSpacing(4)

    grow_layouts(window.column.parentWidget())  # type: ignore[attr-defined]

    assert column.spacing() == round(0.5 * unit())
