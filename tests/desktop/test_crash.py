import logging
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from pytestqt.qtbot import QtBot

from cifar_desktop.crash import CrashReporter
from cifar_desktop.notices import NoticeBoard


@pytest.fixture
def board(qapp: object) -> NoticeBoard:
    return NoticeBoard()


@pytest.fixture
def reporter(board: NoticeBoard) -> Iterator[CrashReporter]:
    hooks = sys.excepthook, threading.excepthook
    reporter = CrashReporter(board)
    yield reporter
    reporter.remove()
    sys.excepthook, threading.excepthook = hooks


def _log(folder: Path) -> str:
    return (folder / "cifar-desktop.log").read_text(encoding="utf-8")


def test_uncaught_error_is_logged_and_told(
    board: NoticeBoard, reporter: CrashReporter, tmp_path: Path
) -> None:
    reporter.install(tmp_path / "logs")

    sys.excepthook(ValueError, ValueError("broken"), None)

    assert board.top is not None
    assert "ValueError: broken" in board.top.details
    assert "ValueError: broken" in _log(tmp_path / "logs")


def test_error_of_a_thread_is_told(
    board: NoticeBoard, reporter: CrashReporter, tmp_path: Path, qtbot: QtBot
) -> None:
    reporter.install(tmp_path)

    thread = threading.Thread(target=lambda: int("no number"))
    thread.start()
    thread.join()

    qtbot.waitUntil(lambda: board.top is not None)
    assert "ValueError" in _log(tmp_path)


@pytest.mark.no_qt_log
def test_messages_of_qt_are_logged(reporter: CrashReporter, tmp_path: Path) -> None:
    reporter.install(tmp_path)

    qWarning("a Qt warning")

    assert "Qt: a Qt warning" in _log(tmp_path)


def test_unwritable_folder_is_told_and_nothing_else_happens(
    board: NoticeBoard, reporter: CrashReporter, tmp_path: Path
) -> None:
    # Root may write everywhere; nobody can make a folder inside a file.
    (tmp_path / "home").write_text("")

    reporter.install(tmp_path / "home" / "logs")

    assert reporter.log_folder is None
    assert board.top is not None
    assert "No log can be written" in board.top.sentence
    logging.getLogger("cifar_desktop").error("this must not fail")
