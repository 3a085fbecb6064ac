from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.look import motion
from tests.desktop.support import Start

pytestmark = pytest.mark.qt_log_ignore("does not support")
_CONTROL, _ALT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.AltModifier


@pytest.fixture(autouse=True)
def menus_closed() -> Iterator[None]:
    """No menu stays open, and motion is as before."""
    yield
    while (menu := QApplication.activePopupWidget()) is not None:
        menu.close()
    motion.set_less_motion(less=False)


def _opened() -> str:
    menu = QApplication.activePopupWidget()
    return menu.title() if isinstance(menu, QMenu) else ""


def test_button_holds_the_menus_and_the_bar_is_hidden(app: App) -> None:
    assert not app.window.menuBar().isVisible()
    button = app.window.tabs.menu_button

    QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    assert QApplication.activePopupWidget() is button.menu_shown
    titles = [action.text() for action in button.menu_shown.actions()]
    assert titles == ["&File", "&Edit", "&Network", "&View", "&Help"]


@pytest.mark.parametrize("key", [Qt.Key.Key_F10, Qt.Key.Key_Alt])
def test_key_opens_the_menu(key: Qt.Key, app: App, qtbot: QtBot) -> None:
    QTest.keyClick(app.tab.empty.open, key)

    qtbot.waitUntil(
        lambda: QApplication.activePopupWidget() is app.window.tabs.menu_button.menu_shown
    )


def test_alt_with_another_key_is_not_the_menu(app: App) -> None:
    opener = app.tab.empty.open
    QTest.keyPress(opener, Qt.Key.Key_Alt)
    QTest.keyClick(opener, Qt.Key.Key_T, _ALT)
    QTest.keyRelease(opener, Qt.Key.Key_Alt)

    assert QApplication.activePopupWidget() is None
    assert app.window.tabs.currentWidget() is app.training


@pytest.mark.parametrize(
    ("letter", "title"),
    [("F", "&File"), ("E", "&Edit"), ("N", "&Network"), ("V", "&View"), ("H", "&Help")],
)
@pytest.mark.parametrize("bar", [False, True])
def test_alt_with_a_letter_opens_a_menu(
    letter: str,
    title: str,
    bar: bool,  # noqa: FBT001 (a parameter of the test)
    app: App,
    qtbot: QtBot,
) -> None:
    if bar:
        QTest.keyClick(app.window, Qt.Key.Key_M, _CONTROL)

    QTest.keyClick(app.tab.empty.open, Qt.Key[f"Key_{letter}"], _ALT)

    qtbot.waitUntil(lambda: _opened() == title)


def test_menu_bar_is_brought_back_and_remembered(start: Start, qtbot: QtBot) -> None:
    first = start()
    qtbot.waitUntil(first.window.isActiveWindow)
    QTest.keyClick(first.window, Qt.Key.Key_M, _CONTROL)
    assert first.window.menuBar().isVisible()
    assert not first.window.tabs.menu_button.isVisible()
    first.window.close()
    first.shutdown()

    second = start()

    assert second.window.menuBar().isVisible()
    qtbot.waitUntil(second.window.isActiveWindow)
    QTest.keyClick(second.window, Qt.Key.Key_M, _CONTROL)
    assert not second.window.menuBar().isVisible()
    assert second.window.tabs.menu_button.isVisible()


@pytest.mark.parametrize("bar", [False, True])
def test_shortcuts_of_the_menus_work(
    bar: bool,  # noqa: FBT001 (a parameter of the test)
    app: App,
) -> None:
    if bar:
        QTest.keyClick(app.window, Qt.Key.Key_M, _CONTROL)
    assert app.window.menuBar().isVisible() is bar

    QTest.keyClick(app.window, Qt.Key.Key_3, _CONTROL)

    assert app.window.tabs.currentWidget() is app.evaluation


def test_less_motion_is_remembered_and_stops_all_of_it(start: Start) -> None:
    first = start()
    assert motion.duration(160) == 160
    _less(first).setChecked(True)
    assert motion.duration(160) == 0
    first.window.close()
    first.shutdown()
    motion.set_less_motion(less=False)

    second = start()

    assert _less(second).isChecked()
    assert motion.duration(160) == 0


def _less(app: App) -> QAction:
    actions = app.window.findChildren(QAction)
    return next(each for each in actions if each.text() == "Less m&otion")
