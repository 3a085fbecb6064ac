"""Runs in processes of their own, with a small script in the trainer's place."""

import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from cifar_desktop.runs.services import run_launcher
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_store import RunStore
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from tests.desktop import stand_in_trainer
from trainer.config.recipes import sprint
from trainer.errors import TrainerError
from trainer.runs.run_folder import RunFolder

PROGRAM = (sys.executable, stand_in_trainer.__file__)


class _Heard(QObject):
    def __init__(self, run_manager: RunManager) -> None:
        super().__init__()
        self.outcomes: dict[Path, Outcome] = {}
        self.interrupted: list[RunSummary] = []
        self.errors: list[TrainerError] = []
        self.slow: list[Path] = []
        self.lists = self.all_stopped = 0
        run_manager.finished.connect(self.end)
        run_manager.interrupted.connect(self.find)
        run_manager.failed.connect(self.errors_append)
        run_manager.stop_is_slow.connect(self.wait)
        run_manager.runs.list_changed.connect(self.list)
        run_manager.all_stopped.connect(self.rest)

    @Slot(object, object)
    def end(self, path: Path, outcome: Outcome) -> None:
        assert path not in self.outcomes
        self.outcomes[path] = outcome

    @Slot(object)
    def find(self, runs: list[RunSummary]) -> None:
        self.interrupted += runs

    @Slot(object)
    def errors_append(self, error: TrainerError) -> None:
        self.errors.append(error)

    @Slot(object)
    def wait(self, path: Path) -> None:
        self.slow.append(path)

    @Slot()
    def list(self) -> None:
        self.lists += 1

    @Slot()
    def rest(self) -> None:
        self.all_stopped += 1


Made = tuple[RunManager, _Heard]
Make = Callable[..., Made]


@pytest.fixture
def make(qapp: object, tmp_path: Path, qtbot: QtBot) -> Iterator[Make]:
    """Starts of the window, all with the same folder of runs."""
    made: list[RunManager] = []

    def build(program: tuple[str, ...] = PROGRAM) -> Made:
        run_manager = RunManager(RunStore(tmp_path / "runs"), program)
        made.append(run_manager)
        return run_manager, _Heard(run_manager)

    yield build
    for run_manager in made:
        run_manager.leave()
    _end_those_left(qtbot)


def _end_those_left(qtbot: QtBot) -> None:
    for process in run_launcher._left:
        process.kill()

    def gone() -> bool:
        run_launcher.reap()
        return not run_launcher._left

    qtbot.waitUntil(gone)


@pytest.fixture
def run_manager(make: Make) -> Made:
    return make()


def _points(run_manager: RunManager, path: Path) -> int:
    return len(run_manager.follow(path).history.step_curves.x)


def _wait_for_state(runs: RunManager, path: Path, qtbot: QtBot, state: RunState) -> None:
    def reached() -> bool:
        summary = runs.runs.summary(path)
        return summary is not None and summary.state is state

    qtbot.waitUntil(reached, timeout=20_000)


def _wait_for_end(heard: _Heard, path: Path, qtbot: QtBot) -> Outcome:
    qtbot.waitUntil(lambda: path in heard.outcomes, timeout=20_000)
    return heard.outcomes[path]


def _wait_for_points(run_manager: RunManager, path: Path, qtbot: QtBot, count: int = 1) -> None:
    qtbot.waitUntil(lambda: _points(run_manager, path) >= count, timeout=20_000)


def test_run_from_start_to_end(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("short",), "My run")
    assert runs.active == [path]
    first = runs.runs.summary(path)
    assert first is not None
    assert (first.name, first.recipe, first.state) == ("My run", "sprint", RunState.STARTING)
    assert heard.lists == 1

    assert _wait_for_end(heard, path, qtbot).ending is Ending.DONE
    history = runs.follow(path).history
    assert history.finished is not None
    assert len(history.step_curves.x) == 40
    assert runs.active == []
    (last,) = runs.runs.summaries
    assert (last.name, last.state, last.epochs_done, last.test_accuracy) == (
        "My run", RunState.FINISHED, 4, 0.9,
    )  # fmt: skip
    assert not runs.follow(path)._timer.isActive()


def test_stop_and_resume(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("steps",))
    _wait_for_points(runs, path, qtbot, 2)
    runs.stop(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.STOPPED
    summary = runs.runs.summary(path)
    assert summary is not None
    assert summary.state is RunState.STOPPED
    assert summary.resumable
    reached = _points(runs, path)

    del heard.outcomes[path]
    runs.resume(path)
    assert runs.active == [path]
    _wait_for_points(runs, path, qtbot, reached + 2)
    history = runs.follow(path).history
    assert history.started is not None
    assert history.started.first_step == reached
    _wait_for_state(runs, path, qtbot, RunState.TRAINING)
    runs.kill(path)
    outcome = _wait_for_end(heard, path, qtbot)
    assert outcome.ending is Ending.KILLED
    assert "checkpoint" in outcome.sentence
    assert outcome.good


def test_stop_while_the_run_is_only_starting(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("steps",))
    runs.stop(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.STOPPED


def _change_ways(path: Path, new: str) -> None:
    RunFolder(path).move_data((new,))


def test_end_of_the_start_before_does_not_pass_for_that_of_this_one(
    run_manager: Made, qtbot: QtBot
) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("steps",))
    _wait_for_points(runs, path, qtbot)
    runs.stop(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.STOPPED
    _change_ways(path, "silent")
    del heard.outcomes[path]
    runs.resume(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.VANISHED


def test_stop_that_came_too_late_does_not_stop_the_next_start(
    run_manager: Made, qtbot: QtBot
) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("silent",))
    _wait_for_end(heard, path, qtbot)
    RunFolder(path).request_stop()
    _change_ways(path, "steps")
    del heard.outcomes[path]
    runs.resume(path)
    _wait_for_points(runs, path, qtbot, 4)
    assert not heard.outcomes
    runs.kill(path)
    _wait_for_end(heard, path, qtbot)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_killed_run_has_words_and_can_be_resumed(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("die",))
    outcome = _wait_for_end(heard, path, qtbot)
    assert outcome.ending is Ending.CRASHED
    assert "killed, perhaps because memory ran out" in outcome.sentence
    assert "last words" in outcome.details
    summary = runs.runs.summary(path)
    assert summary is not None
    assert summary.state is RunState.INTERRUPTED
    assert summary.resumable
    assert _points(runs, path) == 1


def test_run_that_says_why_it_failed(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("fail",))
    outcome = _wait_for_end(heard, path, qtbot)
    assert (outcome.ending, outcome.sentence) == (Ending.FAILED, "The disk is full.")
    assert "a warning" in outcome.details


def test_run_that_fails_before_the_record_is_its_own(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("refuse",))
    outcome = _wait_for_end(heard, path, qtbot)
    assert (outcome.ending, outcome.sentence) == (Ending.FAILED, "Another process trains it.")


def test_run_that_ends_without_a_word(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("silent",))
    assert _wait_for_end(heard, path, qtbot).ending is Ending.VANISHED


def test_garbage_on_standard_output_harms_nothing(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("flood",))
    assert _wait_for_end(heard, path, qtbot).ending is Ending.DONE
    assert _points(runs, path) == 40


def test_garbage_in_the_record_is_told_and_loses_nothing_else(
    run_manager: Made, qtbot: QtBot
) -> None:
    runs, heard = run_manager
    damages: list[str] = []
    runs.damaged.connect(lambda _path, words: damages.append(words))
    path = runs.start(sprint(), ("garbage",))
    assert _wait_for_end(heard, path, qtbot).ending is Ending.DONE
    assert _points(runs, path) == 40
    assert len(damages) == 1


def test_program_that_is_not_there(make: Make, qtbot: QtBot, tmp_path: Path) -> None:
    runs, heard = make((str(tmp_path / "none"),))
    path = runs.start(sprint(), ("short",))
    outcome = _wait_for_end(heard, path, qtbot)
    assert outcome.ending is Ending.NOT_STARTED
    assert "could not be started" in outcome.sentence
    assert runs.active == []
    assert runs.runs.summaries[0].state is RunState.NEW


def test_full_disk_at_the_start_is_told_and_leaves_no_run(
    run_manager: Made, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    runs, heard = run_manager
    monkeypatch.setattr(Path, "replace", full)
    path = runs.start(sprint(), ("short",))
    outcome = _wait_for_end(heard, path, qtbot)
    assert outcome.ending is Ending.NOT_STARTED
    assert "disk full" in outcome.sentence
    qtbot.waitUntil(lambda: runs.runs.summaries == [])
    assert not path.exists()


def test_run_goes_on_without_the_window_and_the_next_one_adopts_it(
    make: Make, qtbot: QtBot
) -> None:
    first, _ = make()
    path = first.start(sprint(), ("steps",))
    _wait_for_points(first, path, qtbot)
    first.leave()
    told = _points(first, path)
    record = RunFolder(path).events
    size = record.stat().st_size
    qtbot.waitUntil(lambda: record.stat().st_size > size)

    second, heard = make()
    second.adopt()
    qtbot.waitUntil(lambda: second.active == [path])
    assert heard.interrupted == []
    _wait_for_points(second, path, qtbot, told + 2)
    assert [run.path for run in second.runs.summaries] == [path]
    _wait_for_state(second, path, qtbot, RunState.TRAINING)
    second.adopt()  # once more changes nothing
    second.stop(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.STOPPED
    assert [run.state for run in second.runs.summaries] == [RunState.STOPPED]


def test_window_closed_right_after_start_leaves_the_run_to_itself(make: Make, qtbot: QtBot) -> None:
    first, _ = make()
    path = first.start(sprint(), ("steps",))
    first.leave()
    first.leave()
    folder = RunFolder(path)
    qtbot.waitUntil(lambda: folder.is_held, timeout=20_000)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals")
def test_adopted_run_that_is_killed(make: Make, qtbot: QtBot) -> None:
    first, _ = make()
    path = first.start(sprint(), ("deaf",))
    _wait_for_points(first, path, qtbot)
    first.leave()
    second, heard = make()
    second.adopt()
    qtbot.waitUntil(lambda: second.active == [path])
    pid = RunFolder(path).process
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.VANISHED

    third, heard = make()
    third.adopt()
    qtbot.waitUntil(lambda: [run.path for run in heard.interrupted] == [path])
    assert third.active == []


def test_resume_of_a_run_that_another_window_trains_follows_it(make: Make, qtbot: QtBot) -> None:
    first, _ = make()
    path = first.start(sprint(), ("steps",))
    _wait_for_points(first, path, qtbot)
    second, heard = make()
    second.resume(path)
    _wait_for_points(second, path, qtbot, 3)
    second.stop(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.STOPPED


def test_run_that_does_not_hear_can_be_killed(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    runs._stops.slow_after = 0.0
    path = runs.start(sprint(), ("deaf",))
    _wait_for_points(runs, path, qtbot)
    runs.stop(path)
    runs.stop(path)
    qtbot.waitUntil(lambda: heard.slow == [path])
    runs.kill(path)
    assert _wait_for_end(heard, path, qtbot).ending is Ending.KILLED
    assert heard.slow == [path]


def test_second_run_waits_and_all_stop_together(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    paths = [runs.start(sprint(), ("steps",)), runs.start(sprint(), ("queue",))]
    _wait_for_points(runs, paths[0], qtbot)
    qtbot.waitUntil(lambda: runs.follow(paths[1]).history.waiting is not None, timeout=20_000)

    def states() -> list[RunState]:
        return [summary.state for path in paths if (summary := runs.runs.summary(path))]

    qtbot.waitUntil(lambda: states() == [RunState.TRAINING, RunState.WAITING])
    runs.stop_all()
    qtbot.waitUntil(lambda: heard.all_stopped == 1, timeout=20_000)
    assert heard.outcomes.keys() == set(paths)
    assert runs.active == []


def test_nothing_to_stop(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    runs.stop_all()
    assert heard.all_stopped == 0
    qtbot.waitUntil(lambda: heard.all_stopped == 1)


def test_rename_and_delete(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    path = runs.start(sprint(), ("steps",))
    _wait_for_points(runs, path, qtbot)
    runs.rename(path, "Zoë")
    assert runs.runs.summaries[0].name == "Zoë"
    runs.delete(path)
    assert "Stop it first" in heard.errors[0].message
    runs.stop(path)
    _wait_for_end(heard, path, qtbot)
    assert runs.runs.summaries[0].name == "Zoë"
    runs.delete(path)
    qtbot.waitUntil(lambda: runs.runs.summaries == [])
    assert not path.exists()


def test_list_is_read_again(run_manager: Made, qtbot: QtBot, tmp_path: Path) -> None:
    runs, heard = run_manager
    store = RunStore(tmp_path / "runs")
    folder = store.reserve("sprint")
    store.fill(folder, sprint(), ("short",), "Other")
    runs.refresh()
    qtbot.waitUntil(lambda: heard.lists == 1)
    assert [run.path for run in runs.runs.summaries] == [folder.path]
    running = runs.start(sprint(), ("steps",))
    runs.refresh()
    qtbot.waitUntil(lambda: heard.lists == 3)
    assert runs.runs.summaries[0] == runs.runs.summary(running)
    _wait_for_state(runs, running, qtbot, RunState.TRAINING)


@pytest.mark.skipif(sys.platform == "win32", reason="it knows no sessions")
def test_run_has_a_session_of_its_own_and_no_lower_priority(
    run_manager: Made, qtbot: QtBot
) -> None:
    runs, _ = run_manager
    path = runs.start(sprint(), ("steps",))
    _wait_for_points(runs, path, qtbot)
    pid = RunFolder(path).process
    assert pid is not None
    # Beside one busy program a lower one makes training ten times slower.
    assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0)
    assert os.getsid(pid) == pid


def test_window_does_not_stand_still_while_a_run_begins(run_manager: Made, qtbot: QtBot) -> None:
    runs, heard = run_manager
    begin = time.perf_counter()
    path = runs.start(sprint(), ("short",))
    assert time.perf_counter() - begin < 0.05
    _wait_for_end(heard, path, qtbot)
