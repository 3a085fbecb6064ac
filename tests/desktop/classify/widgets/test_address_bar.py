"""The address field in the header: its actions, and how it opens in a narrow window."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.classify.header import ClassifyHeader
from cifar_desktop.classify.widgets.address_bar import AddressBar
from cifar_desktop.networks.widgets.picker import NetworkPicker


@pytest.fixture
def header(window: QWidget) -> ClassifyHeader:
    """A header beside something else to focus."""
    header, other = ClassifyHeader(AddressBar(), NetworkPicker()), QPushButton("Elsewhere")
    for widget, top in ((header, 0), (other, 100)):
        widget.setParent(window)
        widget.setGeometry(0, top, 800, 48)
        widget.show()
    window.activateWindow()
    return header


def _parts(header: ClassifyHeader) -> tuple[bool, bool, bool, str]:
    address = header._address
    return (
        address.field.isVisible(), address.link.isVisible(), header._picker.isVisible(),
        address.open.text() if address.open.isVisible() else "hidden",
    )  # fmt: skip


def test_words_give_way_in_narrow_windows(header: ClassifyHeader) -> None:
    header.fit(1100)
    assert _parts(header) == (True, False, True, "&Open…")
    header.fit(1099)
    assert _parts(header) == (False, True, True, "&Open…")
    header.fit(859)
    assert _parts(header) == (False, True, True, "")
    assert header._address.open.accessibleName() == "Open a picture file"
    header.fit(1100)
    assert _parts(header) == (True, False, True, "&Open…")


def test_the_field_opens_over_the_header_and_closes_on_esc(
    header: ClassifyHeader, qtbot: QtBot
) -> None:
    address = header._address
    header.fit(800)
    QTest.mouseClick(address.link, Qt.MouseButton.LeftButton)
    assert _parts(header) == (True, False, False, "hidden")
    qtbot.waitUntil(address.field.hasFocus)

    with qtbot.waitSignal(address.closed):
        QTest.keyClick(address.field, Qt.Key.Key_Escape)

    assert _parts(header) == (False, True, True, "")


def test_the_field_closes_when_an_address_is_entered(header: ClassifyHeader, qtbot: QtBot) -> None:
    address = header._address
    header.fit(800)
    address.focus_field()
    QTest.keyClicks(address.field, "  https://example.org/cat.jpg ")

    with qtbot.waitSignal(address.entered) as entered:
        QTest.keyClick(address.field, Qt.Key.Key_Return)

    assert entered.args == ["https://example.org/cat.jpg"]
    assert _parts(header) == (False, True, True, "")


def test_the_field_closes_when_the_focus_goes_elsewhere(
    header: ClassifyHeader, qtbot: QtBot
) -> None:
    header.fit(800)
    header._address.focus_field()
    qtbot.waitUntil(header._address.field.hasFocus)

    header.window().findChildren(QPushButton)[-1].setFocus()

    qtbot.waitUntil(header._address.link.isVisible)


def test_actions_in_the_field_are_those_that_help_now(header: ClassifyHeader, qtbot: QtBot) -> None:
    address = header._address
    header.fit(1200)
    assert not address.show_action.isVisible()
    assert not address.cancel.isVisible()

    QTest.keyClicks(address.field, "cat.jpg")
    assert address.show_action.isVisible()
    with qtbot.waitSignal(address.entered):
        address.show_action.trigger()

    address.set_busy(busy=True)
    assert (address.show_action.isVisible(), address.cancel.isVisible()) == (False, True)
    with qtbot.waitSignal(address.cancel_requested):
        address.cancel.trigger()
    address.set_busy(busy=False)
    assert (address.show_action.isVisible(), address.cancel.isVisible()) == (True, False)


def test_the_key_is_shown_while_there_is_nothing_else_to_read(header: ClassifyHeader) -> None:
    field = header._address.field
    header.fit(1200)
    header.window().findChildren(QPushButton)[-1].setFocus()
    field.setPlaceholderText("")
    empty = field.grab().toImage()
    field.setText(" ")

    assert field.grab().toImage() != empty
