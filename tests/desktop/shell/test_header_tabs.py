import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QTabBar
from pytestqt.qtbot import QtBot

from cifar_desktop.app import App
from cifar_desktop.ui.progress import ring

pytestmark = pytest.mark.qt_log_ignore("does not support")


@pytest.mark.parametrize("width", [560, 780, 1000, 1440])
def test_header_is_one_row_and_its_corner_fills_it(width: int, app: App, qtbot: QtBot) -> None:
    app.window.resize(width, 600)
    tabs = app.window.tabs
    qtbot.waitUntil(lambda: tabs.width() == width)

    bar, corner = tabs.tabBar(), tabs.cornerWidget(Qt.Corner.TopRightCorner)

    assert corner is not None
    assert bar.height() == 48
    assert (corner.y(), corner.height()) == (0, 47)
    assert corner.geometry().left() == bar.geometry().right() + 1
    assert corner.geometry().right() == width - 1
    assert app.tab.mapTo(app.window, app.tab.rect().topLeft()).y() == 48


@pytest.mark.parametrize(
    ("width", "icons", "words"), [(860, True, True), (859, False, True), (699, True, False)]
)
def test_tabs_lose_icons_and_words_but_not_their_names(
    width: int,
    icons: bool,  # noqa: FBT001 (a parameter of the test)
    words: bool,  # noqa: FBT001 (a parameter of the test)
    app: App,
    qtbot: QtBot,
) -> None:
    tabs = app.window.tabs
    app.window.resize(1000, 600)
    qtbot.waitUntil(lambda: tabs.width() == 1000)
    wide = tabs.tabBar().sizeHint().width()

    app.window.resize(width, 600)
    qtbot.waitUntil(lambda: tabs.width() == width)

    bar = tabs._bar
    assert (bar._icons, bar._words) == (icons, words)
    assert (bar.sizeHint().width() < wide) is not (icons and words)
    assert bar.accessibleTabName(1) == "Training"
    assert bar.tabToolTip(1) == ("" if words else "Training")
    QTest.keyClick(app.tab.empty.open, Qt.Key.Key_U, Qt.KeyboardModifier.AltModifier)
    assert tabs.currentWidget() is app.evaluation


def test_percentage_takes_the_same_room_all_the_time(app: App) -> None:
    tabs = app.window.tabs
    widths = set()
    for percent in (0, 62, 100):
        tabs.show_status(app.training, ring(percent / 100), f"{percent} %", f"{percent} percent")
        widths.add(tabs.tabBar().tabRect(1).width())
        figure = tabs.tabBar().tabButton(1, QTabBar.ButtonPosition.RightSide)
        assert isinstance(figure, QLabel)
        assert figure.text() == f"{percent} %"
    assert len(widths) == 1
    assert tabs.tabBar().accessibleTabName(1) == "Training, 100 percent"

    tabs.show_status(app.training, None, "", "")

    assert tabs.tabBar().tabRect(1).width() < widths.pop()
    assert tabs.tabBar().accessibleTabName(1) == "Training"


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_ring_fills_clockwise(scale: float, qapp: QApplication) -> None:
    def drawn(icon: QIcon) -> list[str]:
        image = icon.pixmap(QSize(18, 18), scale).toImage()
        right, left = image.width() * 15 // 18, image.width() * 2 // 18
        return [image.pixelColor(x, image.height() // 2).name() for x in (right, left)]

    empty, half, full = (drawn(ring(share)) for share in (0.0, 0.5, 1.0))

    assert half[0] == full[0] != empty[0]
    assert half[1] == empty[1] != full[1]
