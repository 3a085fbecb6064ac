from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.common.notices import Notice, Topic
from tests.desktop.support import Start, answered, picture_file, toast

pytestmark = pytest.mark.qt_log_ignore("does not support")


@pytest.fixture
def presented(app: App, qtbot: QtBot) -> App:
    """The program, with F11 pressed."""
    qtbot.waitUntil(app.window.isActiveWindow)
    QTest.keyClick(app.window, Qt.Key.Key_F11)
    qtbot.waitUntil(app.window.isFullScreen)
    return app


def _header(app: App) -> bool:
    corner = app.window.tabs.cornerWidget(Qt.Corner.TopRightCorner)
    assert corner is not None
    assert corner.isVisible() is app.window.tabs.tabBar().isVisible()
    return corner.isVisible()


def test_page_has_the_whole_screen(presented: App, qtbot: QtBot) -> None:
    assert not _header(presented)
    qtbot.waitUntil(lambda: presented.tab.height() == presented.window.height())

    presented._board.post(Notice(sentence="Broken.", topic=Topic.NETWORK))

    assert toast(presented).sentence.text() == "Broken."


@pytest.mark.parametrize("key", [Qt.Key.Key_F11, Qt.Key.Key_Escape])
def test_key_ends_it(key: Qt.Key, presented: App, qtbot: QtBot) -> None:
    QTest.keyClick(presented.tab.empty.open, key)

    qtbot.waitUntil(lambda: not presented.window.isFullScreen())
    assert _header(presented)
    assert not presented.window.presentation.action.isChecked()
    qtbot.waitUntil(lambda: presented.tab.height() == presented.window.height() - 48)


def test_pointer_at_the_upper_edge_brings_the_header(presented: App) -> None:
    screen = presented.window.windowHandle()
    QTest.mouseMove(screen, QPoint(300, 1))
    assert _header(presented)
    QTest.mouseMove(screen, QPoint(300, 40))
    assert _header(presented)

    QTest.mouseMove(screen, QPoint(300, 300))

    assert not _header(presented)


@pytest.mark.parametrize("key", [Qt.Key.Key_Tab, Qt.Key.Key_Alt])
def test_key_brings_the_header_until_work_goes_on(key: Qt.Key, presented: App) -> None:
    screen = presented.window.windowHandle()
    QTest.keyPress(screen, key)
    assert _header(presented)

    presented.tab.empty.open.setFocus()
    QTest.keyPress(screen, Qt.Key.Key_Right)

    assert not _header(presented)


def test_it_is_not_remembered(start: Start, qtbot: QtBot) -> None:
    first = start()
    qtbot.waitUntil(first.window.isActiveWindow)
    QTest.keyClick(first.window, Qt.Key.Key_F11)
    qtbot.waitUntil(first.window.isFullScreen)
    first.window.close()
    first.shutdown()

    second = start()

    assert not second.window.isFullScreen()
    assert _header(second)


def test_f6_goes_round_the_parts_of_the_window(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    app.tab.open_arguments([str(picture_file(tmp_path / "cat.png"))])
    qtbot.waitUntil(lambda: answered(app, "cat.png"))
    app._board.post(Notice(sentence="Broken.", topic=Topic.NETWORK))
    bar = app.window.tabs.tabBar()
    bar.setFocus()
    reached = []
    for _ in range(5):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.append(focus)
        QTest.keyClick(focus, Qt.Key.Key_F6)

    parts = [bar, app.tab.working_area, app.tab.panel, toast(app), bar]
    pairs = zip(parts, reached, strict=True)
    assert all(part is each or part.isAncestorOf(each) for part, each in pairs)

    QTest.keyClick(app.window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert QApplication.focusWidget() is reached[0]
