"""What a run reported, read back: merged over its starts, torn lines skipped, damage reported."""

from pathlib import Path

import pytest

from tests.trainer.event_logs import epoch, progress, recorded, started
from trainer.cli import main
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.events.run_events import EpochFinished, Progress
from trainer.runs.event_history import merged, read_events
from trainer.runs.run_folder import RunFolder


def write_raw(folder: RunFolder, data: bytes) -> None:
    with folder.events.open("ab") as file:
        file.write(data)


def steps(events: list[Event]) -> list[int]:
    return [event.step for event in events if isinstance(event, Progress)]


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return recorded(tmp_path / "run ü", started(), progress(5, 1.5))


def test_a_torn_last_line_is_skipped_silently(folder: RunFolder) -> None:
    write_raw(folder, to_line(progress(6, 1.0)).encode()[:-9])
    assert steps(read_events(folder, pytest.fail)) == [5]


def test_a_complete_last_line_counts_even_without_its_line_break(folder: RunFolder) -> None:
    write_raw(folder, to_line(progress(6, 1.0)).encode())
    assert steps(read_events(folder, pytest.fail)) == [5, 6]


def test_a_line_torn_by_a_crash_is_skipped_silently_after_a_resume(folder: RunFolder) -> None:
    write_raw(folder, to_line(progress(6, 1.0)).encode()[:-9])
    with folder.held():
        folder.append(started(first_step=5))
        folder.append(progress(7, 0.5))
    assert steps(read_events(folder, pytest.fail)) == [5, 7]


def test_a_line_torn_by_a_full_disk_is_skipped_silently(folder: RunFolder) -> None:
    with folder.held():
        write_raw(folder, b'{"ev')
        folder.append(progress(7, 0.5))
    assert steps(read_events(folder, pytest.fail)) == [5, 7]


@pytest.mark.parametrize(
    "damage",
    [
        b"\xff\xfe",
        b"\0" * 100,
        b"",
        b"[]",
        b"[" * 60_000,
        b'{"event": "progr',
        b'{"event": "unknown", "version": 3, "time": 0.0}',
        to_line(progress(6, 1.0)).replace('"version": ', '"version": 9').encode(),
    ],
)
def test_any_other_damaged_line_is_reported_with_its_number(
    folder: RunFolder, damage: bytes
) -> None:
    write_raw(folder, damage + b"\n")
    folder.append(progress(7, 0.5))
    warnings: list[str] = []
    assert steps(read_events(folder, warnings.append)) == [5, 7]
    assert warnings == [f"Damaged lines in “{folder.events}” were skipped: 3."]


def test_many_damaged_lines_are_reported_in_one_sentence(folder: RunFolder) -> None:
    write_raw(folder, b"?\n" * 1000)
    warnings: list[str] = []
    read_events(folder, warnings.append)
    assert len(warnings) == 1
    assert warnings[0].endswith(": 3, 4, 5, 6, 7 and 995 more.")


def test_the_export_warns_about_damaged_lines(
    folder: RunFolder, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_raw(folder, b"?\n")
    arguments = ["export", str(folder.path), "--format", "tensorboard", "--out"]
    assert main([*arguments, str(tmp_path / "boards")]) == 0
    assert "were skipped: 3." in capsys.readouterr().out
    assert main([*arguments, str(tmp_path / "boards"), "--events"]) == 0
    warning, exported = capsys.readouterr().out.splitlines()
    assert '"level": "warning"' in warning
    assert '"content": "curves"' in exported


def test_a_later_start_replaces_what_was_reported_beyond_its_first_step() -> None:
    events = [
        started(), progress(10, 3.0), epoch(1, 3.0), progress(20, 2.0), epoch(2, 2.0),
        started(first_step=12), progress(15, 1.0),
    ]  # fmt: skip
    kept = merged(events)
    assert steps(kept) == [10, 15]
    assert [each.epoch for each in kept if isinstance(each, EpochFinished)] == [1]


def test_merging_keeps_what_no_later_start_replaced() -> None:
    events = [started(), epoch(1, 3.0), epoch(2, 2.0), started(first_step=20), epoch(3, 1.0)]
    numbers = [each.epoch for each in merged(events) if isinstance(each, EpochFinished)]
    assert numbers == [1, 2, 3]
