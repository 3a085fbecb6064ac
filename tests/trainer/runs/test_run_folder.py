"""The run folder as several processes share it: name, lock, stop requests, event log."""

import os
import threading
import time
from pathlib import Path

import pytest

from tests.trainer.processes import held_by_another_process
from tests.trainer.tiny import tiny_config
from trainer.cancellation import CancelToken
from trainer.errors import StorageError
from trainer.events.base import EventError
from trainer.events.codec import from_line
from trainer.events.run_events import Message, Preparing
from trainer.runs.event_recorder import EventLog
from trainer.runs.run_folder import STALE_REQUEST, RunFolder
from trainer.runs.stop_request import cancelled_on_request


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    folder = RunFolder(tmp_path / "Zoë 图片")
    folder.create(tiny_config(), ("cifar10",))
    return folder


def message(text: str) -> Message:
    return Message(level="info", text=text)


def test_a_run_has_the_name_of_its_folder_until_it_is_renamed(folder: RunFolder) -> None:
    assert folder.name == "Zoë 图片"
    folder.rename("Erster Versuch: größer")
    assert RunFolder(folder.path).name == "Erster Versuch: größer"


@pytest.mark.parametrize("damage", ["", "[]", "{}", "{"])
def test_a_damaged_name_is_replaced_by_that_of_the_folder(folder: RunFolder, damage: str) -> None:
    folder.about.write_text(damage)
    assert folder.name == "Zoë 图片"


def test_a_run_is_held_by_one_process_at_a_time(folder: RunFolder) -> None:
    assert not folder.is_held
    with folder.held():
        assert folder.is_held
        assert folder.process == os.getpid()
    assert not folder.is_held
    assert folder.process is None


def test_a_run_that_another_process_holds_cannot_be_held(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.runs.run_folder.LOCK_TIMEOUT", 0.1)
    with held_by_another_process(folder.path / ".lock"):
        assert folder.is_held
        with pytest.raises(StorageError, match="Another process"), folder.held():
            pytest.fail("another process holds it")
    assert not folder.is_held


def test_a_dead_process_holds_nothing(folder: RunFolder) -> None:
    with held_by_another_process(folder.path / ".lock") as child:
        folder.write_text(folder.path / ".process", str(child.pid))
        assert folder.process == child.pid
        child.kill()
        child.wait()
        assert not folder.is_held
        assert folder.process is None
    with folder.held():
        assert folder.process == os.getpid()


def test_a_stop_request_lasts_until_the_run_has_ended(folder: RunFolder) -> None:
    with folder.held():
        assert not folder.stop_requested
        folder.request_stop()
        assert folder.stop_requested
    assert not folder.stop_requested


def test_a_stop_request_made_just_before_the_start_counts(folder: RunFolder) -> None:
    folder.request_stop()
    with folder.held():
        assert folder.stop_requested


def test_a_stop_request_to_a_process_that_has_ended_is_dropped(folder: RunFolder) -> None:
    folder.request_stop()
    long_ago = time.time() - STALE_REQUEST - 1
    os.utime(folder.path / ".stop", (long_ago, long_ago))
    with folder.held():
        assert not folder.stop_requested


def test_a_stop_request_cancels_the_work(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.runs.stop_request.POLL_SECONDS", 0.01)
    token, woken = CancelToken(), threading.Event()
    with cancelled_on_request(folder, token), token.wakes(woken.set):
        folder.request_stop()
        assert woken.wait(10)
    assert token.cancelled


def test_a_torn_line_does_not_spoil_the_next(folder: RunFolder) -> None:
    folder.append(message("whole"))
    with folder.events.open("a") as file:
        file.write('{"event": "mess')
    with folder.held():
        folder.append(message("next"))
    lines = folder.events.read_text().splitlines()
    assert from_line(lines[0]).name == "message"
    with pytest.raises(EventError):
        from_line(lines[1])
    reported = from_line(lines[2])
    assert isinstance(reported, Message)
    assert reported.text == "next"


def test_a_line_that_a_full_disk_cut_short_does_not_spoil_the_next(folder: RunFolder) -> None:
    with folder.held():
        folder.append(message("whole"))
        with folder.events.open("a") as file:
            file.write('{"event": "mess')
        folder.append(message("next"))
    assert from_line(folder.events.read_text().splitlines()[2]).name == "message"


def preparing(seconds: float, done: int, what: str = "Reading images") -> Preparing:
    return Preparing(what=what, done=done, total=100, time=1000 + seconds)


def test_the_log_keeps_one_preparing_event_per_second_and_the_last(folder: RunFolder) -> None:
    record = EventLog(folder)
    reported = [preparing(0, 0), preparing(0.4, 20), preparing(1.1, 55), preparing(1.3, 60)]
    reported += [
        preparing(1.6, 100),
        preparing(1.7, 0, "Checking"),
        preparing(1.8, 100, "Checking"),
    ]
    for event in [*reported, message("on")]:
        record.add(event)
    recorded = [from_line(line) for line in folder.events.read_text().splitlines()]
    kept = [(each.what, each.done) for each in recorded if isinstance(each, Preparing)]
    assert kept == [
        ("Reading images", 0), ("Reading images", 55), ("Reading images", 100),
        ("Checking", 0), ("Checking", 100),
    ]  # fmt: skip
    assert isinstance(recorded[-1], Message)


def test_no_run_is_created_where_nothing_can_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("taken")
    for place in ("file", "file/run"):
        with pytest.raises(StorageError, match="cannot be written"):
            RunFolder(tmp_path / place).require_new()
    RunFolder(tmp_path / "new" / "run").require_new()
