import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.ui.layouts import centered, padded, scrolled


def test_padding_surrounds_the_widget(window: QWidget) -> None:
    label = QLabel("text")
    page = padded(label, 1, 2, 3, 4)
    page.setParent(window)
    page.resize(104, 106)
    page.show()

    assert label.geometry() == QRect(1, 2, 100, 100)


@pytest.mark.parametrize("horizontal", [False, True])
def test_content_scrolls_and_only_vertically_unless_asked(
    horizontal: bool,  # noqa: FBT001 (a parameter of the test)
    window: QWidget,
    qtbot: QtBot,
) -> None:
    content = QWidget()
    content.setMinimumSize(500, 500)
    area = scrolled(content, horizontal=horizontal)
    area.setParent(window)
    area.resize(100, 100)
    area.show()

    bars = area.verticalScrollBar(), area.horizontalScrollBar()
    qtbot.waitUntil(lambda: [bar.isVisible() for bar in bars] == [True, horizontal])
    assert area.focusPolicy() is Qt.FocusPolicy.NoFocus


def test_centered_widget_keeps_its_size_unless_it_may_grow(window: QWidget) -> None:
    widths = []
    for stretch in (0, 4):
        button = QLabel("text")
        host = QWidget(window)
        host.setLayout(centered(button, stretch))
        host.resize(600, 40)
        host.show()
        assert abs(button.geometry().center().x() - 300) <= 1
        widths.append(button.width())

    assert widths[0] < widths[1]
