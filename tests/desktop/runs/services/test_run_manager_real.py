"""Runs of the real trainer, as the window starts them: stopped, killed, resumed, queued."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from safetensors.torch import load_file

from cifar_desktop.runs.services import run_launcher
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_store import RunStore
from cifar_desktop.runs.services.run_summary import RunState
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from tests.trainer.tiny import draw, same, tiny_config, write_folder
from trainer.runs.run_folder import RunFolder

_PATIENCE = 60_000


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("farben ü")
    write_folder(folder / "train", draw(200, 1))
    write_folder(folder / "test", draw(30, 2))
    return str(folder)


@pytest.fixture
def run_manager(
    qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[RunManager]:
    # The cache of images and the locks of devices are this test's own.
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PYTHONWARNINGS", "error")
    made = RunManager(RunStore(tmp_path / "runs"))
    yield made
    made.leave()
    for process in run_launcher._left:
        process.kill()
        process.wait()
    run_launcher.reap()


class _Ends:
    def __init__(self, run_manager: RunManager, qtbot: QtBot) -> None:
        self._qtbot = qtbot
        self._outcomes: dict[Path, Outcome] = {}
        run_manager.finished.connect(self._end)

    def _end(self, path: Path, outcome: Outcome) -> None:
        self._outcomes[path] = outcome

    def wait(self, path: Path) -> Outcome:
        self._qtbot.waitUntil(lambda: path in self._outcomes, timeout=_PATIENCE)
        return self._outcomes.pop(path)


def _reach(run_manager: RunManager, path: Path, epoch: int, qtbot: QtBot) -> None:
    history = run_manager.follow(path).history
    qtbot.waitUntil(lambda: history.epochs_done >= epoch, timeout=_PATIENCE)


def test_stopped_and_killed_run_ends_with_the_weights_of_an_unbroken_one(
    run_manager: RunManager, qtbot: QtBot, data: str
) -> None:
    config = tiny_config(epochs=20, validation_images=60)
    ends = _Ends(run_manager, qtbot)
    whole = run_manager.start(config, (data,), "unbroken")
    outcome = ends.wait(whole)
    assert outcome.ending is Ending.DONE, (outcome.sentence, outcome.details)

    broken = run_manager.start(config, (data,), "broken")
    _reach(run_manager, broken, 2, qtbot)
    run_manager.stop(broken)
    assert ends.wait(broken).ending is Ending.STOPPED
    reached = run_manager.follow(broken).history.epochs_done

    run_manager.resume(broken)
    _reach(run_manager, broken, reached + 3, qtbot)
    run_manager.kill(broken)
    assert ends.wait(broken).ending is Ending.KILLED
    summary = run_manager.runs.summary(broken)
    assert summary is not None
    assert summary.state is RunState.INTERRUPTED
    assert summary.resumable

    run_manager.resume(broken)
    assert ends.wait(broken).ending is Ending.DONE
    assert same(load_file(RunFolder(whole).model), load_file(RunFolder(broken).model))
    # What was trained twice is told once.
    epochs = run_manager.follow(broken).history.epoch_curves.x
    assert epochs.tolist() == list(range(1, config.epochs + 1))
    states = {run.name: run.state for run in run_manager.runs.summaries}
    assert states == {"unbroken": RunState.FINISHED, "broken": RunState.FINISHED}
    assert RunFolder(broken).log.read_text() == ""


@pytest.mark.real_trainer
def test_second_run_waits_for_the_device(run_manager: RunManager, qtbot: QtBot, data: str) -> None:
    config = tiny_config(epochs=10_000, validation_images=60)
    ends = _Ends(run_manager, qtbot)
    first = run_manager.start(config, (data,))
    _reach(run_manager, first, 1, qtbot)
    second = run_manager.start(config, (data,))
    history = run_manager.follow(second).history
    qtbot.waitUntil(lambda: history.waiting is not None, timeout=_PATIENCE)
    run_manager.stop(first)
    assert ends.wait(first).ending is Ending.STOPPED
    _reach(run_manager, second, 1, qtbot)
    assert history.waiting is None
    run_manager.stop(second)
    assert ends.wait(second).ending is Ending.STOPPED


def test_data_that_are_gone_have_words(
    run_manager: RunManager, qtbot: QtBot, tmp_path: Path
) -> None:
    path = run_manager.start(tiny_config(), (str(tmp_path / "none"),))
    outcome = _Ends(run_manager, qtbot).wait(path)
    assert outcome.ending is Ending.FAILED
    assert "none" in outcome.sentence
