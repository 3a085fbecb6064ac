import logging
import sys
import threading
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from PySide6.QtCore import qWarning
from pytestqt.qtbot import QtBot

from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.shell.crash_reporter import CrashReporter


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


def test_uncaught_error_is_logged_and_reported(
    board: NoticeBoard, reporter: CrashReporter, tmp_path: Path
) -> None:
    reporter.install(tmp_path / "logs")

    sys.excepthook(ValueError, ValueError("broken"), None)

    assert board.top is not None
    assert "ValueError: broken" in board.top.details
    assert "ValueError: broken" in _log(tmp_path / "logs")


def test_error_of_a_thread_is_reported(
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


def test_unwritable_folder_is_reported_and_nothing_else_happens(
    board: NoticeBoard, reporter: CrashReporter, tmp_path: Path
) -> None:
    # Root may write everywhere; nobody can make a folder inside a file.
    (tmp_path / "home").write_text("")

    reporter.install(tmp_path / "home" / "logs")

    assert reporter.log_folder is None
    assert board.top is not None
    assert "No log can be written" in board.top.sentence
    logging.getLogger("cifar_desktop").error("this must not fail")


def test_log_begins_with_what_a_report_must_say(reporter: CrashReporter, tmp_path: Path) -> None:
    reporter.install(tmp_path)

    first = _log(tmp_path).splitlines()[0]
    assert f"CIFAR Desktop {metadata.version('cifar-desktop')}, from source, Python" in first


def test_trainers_words_are_logged_too(reporter: CrashReporter, tmp_path: Path) -> None:
    reporter.install(tmp_path)
    logging.getLogger("trainer.devices.device_queue").warning("no locks here")

    assert "trainer.devices.device_queue: no locks here" in _log(tmp_path)


def test_logs_are_bounded(reporter: CrashReporter, tmp_path: Path) -> None:
    (tmp_path / "crash.log").write_text("x" * 600_000)
    reporter.install(tmp_path)
    for _ in range(30):
        logging.getLogger("cifar_desktop").info("x" * 100_000)

    sizes = {path.name: path.stat().st_size for path in tmp_path.iterdir()}
    assert sizes.keys() == {
        "cifar-desktop.log", "cifar-desktop.log.1", "cifar-desktop.log.2",
        "crash.log",
    }  # fmt: skip
    assert all(size <= 600_000 for size in sizes.values())


def test_log_that_cannot_be_rotated_goes_on(
    reporter: CrashReporter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    # A folder in the place of the next file: it cannot be replaced, as on Windows an open file.
    (tmp_path / "cifar-desktop.log.1" / "in the way").mkdir(parents=True)
    reporter.install(tmp_path)
    for number in range(8):
        logging.getLogger("cifar_desktop").info("%d %s", number, "x" * 100_000)

    assert ": 7 xxx" in _log(tmp_path)
    assert len(_log(tmp_path)) < 600_000
    assert capsys.readouterr().err == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_full_disk_is_in_nobodys_way(
    reporter: CrashReporter, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "cifar-desktop.log").symlink_to("/dev/full")
    reporter.install(tmp_path)
    logging.getLogger("cifar_desktop").error("this cannot be kept")
    reporter.remove()

    assert capsys.readouterr().err == ""
