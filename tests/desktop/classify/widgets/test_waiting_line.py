"""The line that runs at the top of the stage."""

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from cifar_desktop.classify.widgets.waiting_line import WaitingLine
from cifar_desktop.look.roles import roles


def test_it_appears_after_a_moment_and_ends_with_the_last_reason(
    window: QWidget, qtbot: QtBot
) -> None:
    line = WaitingLine(window)
    line.wait("picture", waiting=True)
    line.wait("prediction", waiting=True)
    assert not line.isVisible()

    qtbot.waitUntil(line.isVisible)
    assert (line.width(), line.height(), line.y()) == (window.width(), 3, 0)
    line.wait("picture", waiting=False)
    assert line.isVisible()
    line.wait("prediction", waiting=False)
    assert not line.isVisible()


def test_what_is_quick_needs_no_line(window: QWidget, qtbot: QtBot) -> None:
    line = WaitingLine(window)
    line.wait("picture", waiting=True)

    line.wait("picture", waiting=False)

    assert not line._delay.isActive()
    assert not line.isVisible()


def test_a_known_fraction_is_a_part_of_the_line(window: QWidget, qtbot: QtBot) -> None:
    line, found = WaitingLine(window), roles(window.palette())
    line.wait("picture", waiting=True)
    line.show_fraction(0.25)
    qtbot.waitUntil(line.isVisible)

    image = line.grab().toImage()

    assert image.pixelColor(image.width() // 8, 1) == found.mark
    assert image.pixelColor(image.width() // 2, 1) == found.track
