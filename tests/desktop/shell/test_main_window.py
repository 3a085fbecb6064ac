import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QObject, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QLineEdit,
    QMenu,
    QProgressBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.classify.widgets.class_chips import ClassChips
from cifar_desktop.common import color_scheme
from cifar_desktop.common.notices import Action, Notice, Severity, Topic
from tests.desktop.support import Start, answered, drop, picture_file, sentence, toast
from trainer.data.cifar10 import CIFAR10_CLASSES


def _show_picture(app: App, qtbot: QtBot, folder: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture_file(folder / "cat.png")))])
    drop(app.window, mime)
    qtbot.waitUntil(lambda: answered(app, "cat.png"))


def _action(app: App, text: str) -> QAction:
    for action in app.window.findChildren(QAction):
        if action.text().replace("&", "") == text:
            return action
    raise AssertionError(text)


def test_empty_window_invites_and_names_the_classes(app: App) -> None:
    assert app.tab.pages.currentWidget() is app.tab.empty
    assert app.tab.empty.chips.accessibleName() == "Classes: " + ", ".join(CIFAR10_CLASSES)
    assert not app.tab.empty.network.isVisible()
    assert app.window.tabs.tabText(0) == "&Classify"


def test_answer_names_its_network_time_and_picture(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _show_picture(app, qtbot, tmp_path)

    facts = {name.text(): value.text() for name, value in app.tab.panel.facts.rows}
    assert facts["Network"] == "tiny (tiny)"
    assert facts["Test accuracy"] == "12.3 %"
    assert "ms" in facts["Time"]
    assert facts["Picture"] == "PNG, 64 \N{MULTIPLICATION SIGN} 48"
    assert app.tab.panel.seen.image.width() == 32


def test_part_is_asked_about(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _show_picture(app, qtbot, tmp_path)

    QTest.keyClick(app.tab.pane.view, Qt.Key.Key_Minus)

    qtbot.waitUntil(lambda: " of 64" in app.tab.panel.facts.rows[-1][1].text())
    assert app.tab.pane.whole.isVisible()
    assert _action(app, "Whole picture").isEnabled()
    _action(app, "Whole picture").trigger()
    qtbot.waitUntil(lambda: "PNG" in app.tab.panel.facts.rows[-1][1].text())
    assert not app.tab.pane.whole.isVisible()
    assert not _action(app, "Whole picture").isEnabled()


def test_whole_picture_is_offered_only_while_a_crop_is_shown(
    app: App, qtbot: QtBot, tmp_path: Path
) -> None:
    whole = _action(app, "Whole picture")
    assert not whole.isEnabled()
    _show_picture(app, qtbot, tmp_path)
    assert not whole.isEnabled()
    QTest.keyClick(app.tab.pane.view, Qt.Key.Key_Minus)
    assert whole.isEnabled()

    _show_picture(app, qtbot, tmp_path)

    qtbot.waitUntil(lambda: not whole.isEnabled())


def test_answer_is_copied_as_text(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    assert not _action(app, "Copy prediction").isEnabled()
    _show_picture(app, qtbot, tmp_path)

    QTest.keyClick(app.window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0] == f"cat.png: {app.tab.panel.headline.text()}"
    assert len(lines) == 5
    assert all("%" in line for line in lines[1:4])


def test_copy_while_the_empty_field_has_the_focus(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _show_picture(app, qtbot, tmp_path)
    app.tab.address.focus_field()

    QTest.keyClick(app.tab.address.field, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    assert QGuiApplication.clipboard().text().startswith("cat.png")


def test_every_control_has_a_name(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _show_picture(app, qtbot, tmp_path)

    action = Action(label="Help", run=lambda: None)
    app._board.post(Notice(sentence="No.", topic=Topic.NETWORK, details="why", action=action))
    controls: list[QWidget] = []
    for kind in (QAbstractButton, QLineEdit, QProgressBar):
        controls += app.window.findChildren(kind)
    own = [each for each in controls if not _is_qts_own(each)]
    assert len(own) > 10
    assert [each for each in own if not (each.accessibleName() or _text(each))] == []


def _is_qts_own(widget: QObject) -> bool:
    return widget.objectName().startswith("qt_") or isinstance(widget.parent(), QLineEdit)


def _text(widget: QWidget) -> str:
    return widget.text() if isinstance(widget, QAbstractButton) else ""


@pytest.mark.parametrize("width", [736, 1200])
def test_tab_key_reaches_every_control(width: int, app: App, qtbot: QtBot, tmp_path: Path) -> None:
    app.window.resize(width, 640)
    _show_picture(app, qtbot, tmp_path)
    tab, address, window = app.tab, app.tab.address, app.window
    tools, folded = tab.panel.tools, tab.panel.facts
    expected = [
        address.open, address.field if width == 1200 else address.link, tab.picker,
        tab.pane.view, tools.all, tools.copy, tools.more,
        folded.why.button, folded.facts.button, window.tabs.tabBar(), window.tabs.menu_button,
    ]  # fmt: skip
    address.open.setFocus()
    reached: list[QWidget | None] = []
    for _ in range(2 * len(expected)):
        reached.append(QApplication.focusWidget())
        QTest.keyClick(window, Qt.Key.Key_Tab)

    assert reached == expected * 2


def test_menu_keys_are_unique(app: App) -> None:
    keys = [
        action.shortcut().toString()
        for menu in app.window.menuBar().findChildren(QMenu)
        for action in menu.actions()
        if not action.shortcut().isEmpty()
    ]

    assert len(keys) == len(set(keys)) >= 8


@pytest.mark.parametrize(("label", "dark"), [("Dark", True), ("Light", False)])
def test_appearance_is_changed_and_remembered(
    label: str,
    dark: bool,  # noqa: FBT001 (a parameter of the test)
    app: App,
    qtbot: QtBot,
) -> None:
    try:
        _action(app, label).trigger()

        qtbot.waitUntil(lambda: color_scheme.is_dark(app.window.palette()) is dark)
        assert app._settings.scheme == label.lower()
    finally:
        color_scheme.apply("system")


def test_geometry_is_remembered(start: Start) -> None:
    first = start()
    first.window.resize(700, 500)
    first.window.close()
    first.shutdown()

    assert start().window.size() == first.window.size()


_SHOW_AND_MEASURE = """
import sys
from pathlib import Path
from cifar_desktop.app import App
from cifar_desktop.command_line import Options
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.shell.qt_application import make_application
application = make_application()
folder = Path(sys.argv[1])
app = App(Options(), Settings(folder / "s.ini"), NoticeBoard(), built_in_network=folder / "none")
app.window.show()
screen, frame = app.window.screen().availableGeometry(), app.window.frameGeometry()
print(screen.width(), screen.height(), frame.width(), frame.height())
app.shutdown()
"""


@pytest.mark.parametrize("scale", ["1", "1.25"])
def test_first_window_fits_on_the_screen(scale: str, tmp_path: Path) -> None:
    """The screen of the off-screen platform has 800 x 800 pixels."""
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen", "QT_SCALE_FACTOR": scale}

    printed = subprocess.run(
        [sys.executable, "-c", _SHOW_AND_MEASURE, str(tmp_path)],
        env=environment, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    screen_width, screen_height, width, height = map(int, printed.split())
    assert screen_width == round(800 / float(scale))
    assert 500 < width < screen_width
    assert 400 < height < screen_height


def test_window_fits_a_small_screen(app: App, qtbot: QtBot, tmp_path: Path) -> None:
    _show_picture(app, qtbot, tmp_path)

    app.window.resize(560, 420)

    fits = QSize(560, 420).boundedTo
    qtbot.waitUntil(lambda: fits(app.window.minimumSizeHint()) == app.window.minimumSizeHint())


def test_newest_notice_is_on_top_and_the_others_come_back(app: App) -> None:
    pressed = []
    action = Action(label="Help", run=lambda: pressed.append(1))
    app._board.post(Notice(sentence="Network.", topic=Topic.NETWORK, action=action))
    app._board.post(Notice(sentence="Picture.", topic=Topic.PICTURE, severity=Severity.INFO))
    assert sentence(app) == "Picture."

    QTest.mouseClick(toast(app).close_button, Qt.MouseButton.LeftButton)
    assert sentence(app) == "Network."
    QTest.mouseClick(toast(app).action, Qt.MouseButton.LeftButton)

    assert pressed == [1]
    app._board.clear(Topic.NETWORK)
    assert sentence(app) == ""


@pytest.mark.qt_log_ignore("propagateSizeHints")
def test_keys_are_listed(app: App) -> None:
    _action(app, "Keyboard shortcuts").trigger()

    box = QApplication.activeModalWidget()
    assert box is not None
    assert "Ctrl+V" in [each.text() for each in box.findChildren(QLabel)]
    box.close()


def test_log_folder_that_cannot_be_opened_is_told(app: App) -> None:
    _action(app, "Show the log folder").trigger()

    assert "There is no log" in sentence(app)


def test_very_many_classes_are_cut_short(qtbot: QtBot) -> None:
    chips = ClassChips()
    qtbot.addWidget(chips)

    chips.show_names([f"class {number}" for number in range(200)])

    assert "and 186 more" in chips._names
    assert chips.heightForWidth(200) > chips.heightForWidth(2000) > 0
