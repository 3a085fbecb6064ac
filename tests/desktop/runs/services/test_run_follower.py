import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from cifar_desktop.runs.services.run_follower import RunFollower
from cifar_desktop.trainer_process.outcome import Outcome
from tests.desktop.stand_in_trainer import epoch_finished, progress, started, stopped
from trainer.events.codec import to_line
from trainer.runs.run_folder import RunFolder


class _Heard(QObject):
    def __init__(self, follower: RunFollower) -> None:
        super().__init__()
        self.advances: list[float] = []
        self.outcomes: list[Outcome] = []
        self.damages: list[str] = []
        follower.advanced.connect(self.advance)
        follower.finished.connect(self.end)
        follower.damaged.connect(self.damage)

    @Slot()
    def advance(self) -> None:
        self.advances.append(time.monotonic())

    @Slot(object)
    def end(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    @Slot(str)
    def damage(self, words: str) -> None:
        self.damages.append(words)


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder(tmp_path)


@pytest.fixture
def follower(qapp: object, folder: RunFolder) -> Iterator[RunFollower]:
    made = RunFollower(folder.path)
    yield made
    made.stop()


@pytest.fixture
def heard(follower: RunFollower) -> _Heard:
    return _Heard(follower)


def _points(follower: RunFollower) -> int:
    return len(follower.history.step_curves.x)


def test_reads_a_run_at_rest_and_then_rests(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot
) -> None:
    for event in (started(), progress(1), epoch_finished(1), stopped()):
        folder.append(event)
    follower.read()
    qtbot.waitUntil(lambda: follower.caught_up)
    assert len(heard.advances) == 1
    assert not follower._timer.isActive()
    assert not heard.outcomes
    assert _points(follower) == 1


def test_follows_until_nobody_holds_the_run(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot
) -> None:
    with folder.held():
        follower.follow()
        folder.append(started())
        qtbot.waitUntil(lambda: follower.history.started is not None)
        folder.append(progress(1))
        qtbot.waitUntil(lambda: _points(follower) == 1)
        assert follower.live
        # Both at once: what was written last is read before the end is told.
        folder.append(progress(2))
    qtbot.waitUntil(lambda: bool(heard.outcomes))
    assert _points(follower) == 2
    assert not follower.live
    assert "without reporting anything" in heard.outcomes[0].sentence


def test_line_is_taken_when_it_is_whole(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot
) -> None:
    line = (to_line(started()) + "\n" + to_line(progress(1)) + "\n").encode()
    with folder.held(), folder.events.open("ab", buffering=0) as file:
        follower.follow()
        file.write(line[:-20])
        qtbot.waitUntil(lambda: follower.history.started is not None)
        assert _points(follower) == 0
        file.write(line[-20:])
        qtbot.waitUntil(lambda: _points(follower) == 1)
        follower.stop()
    assert not heard.damages


def test_torn_line_of_a_power_cut_is_no_damage(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot
) -> None:
    folder.append(started())
    with folder.events.open("a") as file:
        file.write(to_line(progress(1))[:-9])
    with folder.held():
        folder.append(progress(2))
    follower.read()
    qtbot.waitUntil(lambda: follower.caught_up)
    assert not heard.damages
    assert follower.history.step_curves.x.tolist() == [0.2]


@pytest.mark.parametrize(
    "garbage", [b"\0" * 5000 + b"\n", b"\xff\n" * 50, b"[" * 60_000 + b"\n", b"x" * 3_000_000]
)
def test_damage_is_reported_once_and_reading_goes_on(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot, garbage: bytes
) -> None:
    folder.append(started())
    with folder.events.open("ab") as file:
        file.write(garbage + b"\n")
    folder.append(progress(1))
    follower.read()
    qtbot.waitUntil(lambda: follower.caught_up)
    assert _points(follower) == 1
    assert len(heard.damages) == 1
    assert "cannot be read" in heard.damages[0]


def test_value_of_the_wrong_kind_is_damage(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot
) -> None:
    folder.append(started())
    folder.append(progress(1, loss="small"))
    folder.append(progress(2))
    follower.read()
    qtbot.waitUntil(lambda: follower.caught_up)
    assert follower.history.step_curves.x.tolist() == [0.2]
    assert len(heard.damages) == 1


def test_another_record_takes_the_place_of_the_first(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot, tmp_path: Path
) -> None:
    with folder.held():
        follower.follow()
        folder.append(started())
        folder.append(progress(1))
        folder.append(progress(2))
        qtbot.waitUntil(lambda: _points(follower) == 2)
        folder.events.write_text(to_line(started()) + "\n")  # cut
        qtbot.waitUntil(lambda: _points(follower) == 0)
        folder.append(progress(3))
        qtbot.waitUntil(lambda: _points(follower) == 1)
        other = tmp_path / "other"
        other.write_text("".join(to_line(each) + "\n" for each in (started(), progress(1))) * 9)
        other.replace(folder.events)
        qtbot.waitUntil(lambda: follower.history.step_curves.x.tolist() == [0.1])
        follower.stop()
    assert not heard.damages


def test_missing_record_is_no_damage(follower: RunFollower, heard: _Heard, qtbot: QtBot) -> None:
    follower.read()
    qtbot.waitUntil(lambda: follower.caught_up)
    assert not heard.damages
    assert not heard.advances


def test_long_record_is_read_without_checkpoint_still(
    folder: RunFolder, follower: RunFollower, heard: _Heard, qtbot: QtBot
) -> None:
    lines = [to_line(started(steps=40_000))]
    lines += [to_line(progress(step, steps=40_000)) for step in range(1, 20_001)]
    folder.events.write_text("\n".join(lines) + "\n")
    follower.read()
    ticks = 0
    qtbot.waitUntil(lambda: follower.history.started is not None)
    # It comes in slices, between which the window does its own work.
    while not follower.caught_up:
        ticks += 1
        qtbot.wait(1)
    assert ticks > 10
    assert _points(follower) == 20_000
    gaps = [b - a for a, b in zip(heard.advances, heard.advances[1:-1], strict=False)]
    assert all(gap > 0.08 for gap in gaps)
