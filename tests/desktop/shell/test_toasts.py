from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.common.notices import Action, Notice, Severity, Topic
from cifar_desktop.look.motion import set_less_motion
from cifar_desktop.look.widgets import primary
from cifar_desktop.shell.widgets import toast as toasts
from cifar_desktop.shell.widgets.toast import SHADOW, Toast
from tests.desktop.support import sentence, toast

pytestmark = pytest.mark.qt_log_ignore("does not support")


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    """Toasts are where they belong at once."""
    set_less_motion(less=True)
    yield
    set_less_motion(less=False)


def _post(
    app: App,
    text: str,
    topic: Topic = Topic.NETWORK,
    severity: Severity = Severity.ERROR,
    action: Action | None = None,
    *,
    lasting: bool = False,
) -> None:
    app._board.post(
        Notice(
            sentence=text,
            topic=topic,
            severity=severity,
            details="the details",
            action=action,
            lasting=lasting,
        )
    )


def _place(app: App, widget: QWidget) -> QRect:
    """Where it is in the window, without its shadow."""
    shadow = SHADOW if isinstance(widget, Toast) else 0
    place = QRect(widget.mapTo(app.window, QPoint(0, 0)), widget.size())
    return place.adjusted(shadow, shadow, -shadow, -shadow)


def _seen(app: App) -> list[str]:
    return [each.sentence.text() for each in app.window.notices.stack.toasts]


@pytest.mark.parametrize("size", [(560, 420), (700, 500), (1440, 900)])
def test_toast_moves_nothing_and_covers_neither_header_nor_start(
    size: tuple[int, int], app: App, qtbot: QtBot
) -> None:
    app.window.resize(*size)
    app.window.tabs.setCurrentWidget(app.training)
    start = primary(app.training.page.form.footer.start)
    qtbot.waitUntil(lambda: app.training.page.width() == size[0])
    before = [_place(app, each) for each in (start, app.training.page)]

    _post(app, "One sentence that is long enough to take more than a line. " * 4)
    _post(app, "Short.", Topic.PROGRAM)

    assert [_place(app, each) for each in (start, app.training.page)] == before
    header = _place(app, app.window.tabs.tabBar())
    for each in app.window.notices.stack.toasts:
        place = _place(app, each)
        assert place.top() > header.bottom()
        assert not start.isVisible() or not place.intersects(before[0])
        assert place.height() >= 48
        assert place.width() <= 560
        assert before[1].contains(place)
    upper, lower = (_place(app, each) for each in app.window.notices.stack.toasts)
    assert upper.bottom() < lower.top()
    assert before[1].bottom() - lower.bottom() >= 16


def test_toast_follows_the_size_of_the_window(app: App, qtbot: QtBot) -> None:
    _post(app, "Broken.")

    app.window.resize(1200, 800)

    qtbot.waitUntil(lambda: 800 - _place(app, toast(app)).bottom() == 17)
    center = _place(app, app.window._working_area()).center().x()
    assert abs(_place(app, toast(app)).center().x() - center) <= 1


def test_two_are_shown_and_the_others_counted(app: App) -> None:
    for topic in (Topic.NETWORK, Topic.TRAINING, Topic.PROGRAM):
        _post(app, topic.value, topic)

    assert _seen(app) == ["training", "program"]
    assert app.window.notices.stack.more.text() == "1 more"

    QTest.mouseClick(toast(app).close_button, Qt.MouseButton.LeftButton)

    assert _seen(app) == ["network", "training"]
    assert not app.window.notices.stack.more.isVisible()


def test_newer_notice_on_the_same_topic_takes_the_place(app: App) -> None:
    _post(app, "Old.")
    first = toast(app)
    _post(app, "New.", severity=Severity.INFO)

    assert _seen(app) == ["New."]
    assert toast(app) is first


@pytest.mark.parametrize("severity", list(Severity))
@pytest.mark.parametrize("lasting", [False, True])
def test_only_what_is_no_problem_leaves_by_itself(
    severity: Severity,
    lasting: bool,  # noqa: FBT001 (a parameter of the test)
    app: App,
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(toasts, "_STAY_MS", 50)
    leaves = severity.passing and not lasting
    _post(app, "Something.", severity=severity, lasting=lasting)

    assert toast(app)._timer.isActive() is leaves
    if leaves:
        qtbot.waitUntil(lambda: not _seen(app))
        assert app._board.top is None


def test_one_with_a_button_stays_longer_and_while_it_has_the_focus(
    app: App, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toasts, "_STAY_WITH_BUTTON_MS", 30)
    action = Action(label="Help", run=lambda: None)
    _post(app, "Done.", severity=Severity.SUCCESS, action=action)
    toast(app).action.setFocus()

    with qtbot.waitSignal(toast(app)._timer.timeout):
        pass
    assert _seen(app) == ["Done."]

    app.tab.empty.open.setFocus()
    qtbot.waitUntil(lambda: not _seen(app))


def test_escape_closes_the_one_with_the_focus_and_gives_it_back(app: App, qtbot: QtBot) -> None:
    qtbot.waitUntil(app.window.isActiveWindow)
    app.tab.empty.open.setFocus()
    _post(app, "First.", Topic.TRAINING)
    _post(app, "Second.")
    app.window.notices.stack.toasts[0].details.setFocus()

    focus = QApplication.focusWidget()
    assert focus is not None
    QTest.keyClick(focus, Qt.Key.Key_Escape)

    assert _seen(app) == ["Second."]
    assert QApplication.focusWidget() is app.tab.empty.open


def test_screen_readers_take_a_toast_for_an_alert(app: App) -> None:
    _post(app, "Broken.")

    described = QAccessible.queryAccessibleInterface(toast(app))

    assert described.role() is QAccessible.Role.AlertMessage
    assert described.text(QAccessible.Text.Name) == "Broken."
    _post(app, "Something else.")
    assert described.text(QAccessible.Text.Name) == "Something else."


def test_notice_about_a_picture_stays_on_its_tab(app: App) -> None:
    _post(app, "Picture.", Topic.PICTURE)
    app.window.tabs.setCurrentWidget(app.training)
    assert sentence(app) == ""

    app.window.show_classify()

    assert sentence(app) == "Picture."


def test_closed_errors_are_counted_listed_and_copied(app: App, qtbot: QtBot) -> None:
    mark = app.window.tabs.unread_errors
    assert not mark.isVisible()
    _post(app, "Broken.")
    QTest.mouseClick(toast(app).close_button, Qt.MouseButton.LeftButton)
    _post(app, "Only a warning.", severity=Severity.WARNING)
    QTest.mouseClick(toast(app).close_button, Qt.MouseButton.LeftButton)
    assert (mark.isVisible(), mark.text(), mark.accessibleName()) == (True, "1", "1 closed error")

    QTest.mouseClick(mark, Qt.MouseButton.LeftButton)

    assert mark.listed.isVisible()
    (row,) = mark.listed.findChildren(Toast)
    QTest.mouseClick(row.details, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text().startswith("Broken.\n\nthe details\n\nCIFAR Desktop")
    QTest.mouseClick(row.close_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not mark.isVisible())
    assert not mark.listed.isVisible()


def test_closed_error_is_forgotten_once_the_matter_goes_well(app: App) -> None:
    for topic in (Topic.NETWORK, Topic.TRAINING):
        _post(app, "Broken.", topic)
        QTest.mouseClick(toast(app).close_button, Qt.MouseButton.LeftButton)
    assert app.window.tabs.unread_errors.text() == "2"

    app._board.clear(Topic.NETWORK)

    assert app.window.tabs.unread_errors.text() == "1"
    app.window.tabs.unread_errors.listed.clear_button.click()
    assert not app.window.tabs.unread_errors.isVisible()
