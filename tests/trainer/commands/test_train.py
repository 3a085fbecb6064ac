"""`cifar-trainer train` as the window uses it: stopped, queued, failing, with a full event log."""

import errno
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
import torch
from msgspec.structs import replace

from tests.trainer.processes import held_by_another_process
from tests.trainer.tiny import tiny_config, write_dataset
from trainer.cancellation import CancelToken
from trainer.commands import train as command
from trainer.commands.arguments import build_parser
from trainer.commands.train_request import train_request
from trainer.config.augmentation import Augmentation
from trainer.config.recipes import sprint
from trainer.config.train_config import EarlyStopping, MuonSettings, ReduceOnPlateau
from trainer.errors import StorageError, TrainingDiverged
from trainer.events.base import Event
from trainer.events.codec import from_line
from trainer.events.run_events import (
    CheckpointSaved,
    EpochStarted,
    Message,
    Preparing,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    Waiting,
)
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import Checkpoint, load_checkpoint


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("farben ü"))


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache/cifar-desktop"


@pytest.fixture
def long_run(tmp_path: Path, data: Path) -> RunFolder:
    """A run too long to finish in a test."""
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=10_000), (str(data),))
    return folder


@contextmanager
def training(
    folder: RunFolder, *more: str, command: Sequence[str] = (sys.executable, "-m", "trainer")
) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(
        [*command, "train", "--resume", str(folder.path), "--events", *more],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        yield child
        child.kill()


def wait_for(kind: type[Event], child: "subprocess.Popen[str]") -> Event:
    assert child.stdout is not None
    for line in child.stdout:
        if isinstance(event := from_line(line), kind):
            return event
    raise AssertionError(f"no {kind.name}")


def recorded(folder: RunFolder) -> list[Event]:
    return [from_line(line) for line in folder.events.read_text().splitlines()]


def in_process(*arguments: object) -> int:
    options = build_parser().parse_args(["train", *map(str, arguments)])
    return command.run(options, CancelToken())


def test_a_run_saves_a_checkpoint_when_stopped(long_run: RunFolder, cache: Path) -> None:
    with training(long_run) as child:
        wait_for(Progress, child)
        assert long_run.process == child.pid
        long_run.request_stop()
        child.communicate(timeout=60)
        assert child.returncode == 130
    # After a stop between two epochs, everything is saved and the next epoch was announced.
    reported = [event for event in recorded(long_run) if not isinstance(event, EpochStarted)]
    saved, failed = reported[-2:]
    assert isinstance(saved, CheckpointSaved)
    assert saved.step == load_checkpoint(long_run.checkpoint).step
    assert isinstance(failed, RunFailed)
    assert failed.stopped
    assert failed.resumable
    assert not long_run.is_held
    assert not long_run.stop_requested


def test_a_stop_request_is_obeyed_before_there_is_anything_to_save(
    long_run: RunFolder, cache: Path
) -> None:
    long_run.request_stop()
    with training(long_run) as child:
        child.communicate(timeout=60)
        assert child.returncode == 130
    events = recorded(long_run)
    assert not [event for event in events if isinstance(event, RunStarted)]
    assert isinstance(events[-1], RunFailed)
    assert events[-1].stopped


def test_a_queued_run_waits_for_its_device_and_can_be_stopped(
    long_run: RunFolder, cache: Path, trainer_command: list[str]
) -> None:
    with (
        held_by_another_process(cache / "locks/cpu.lock"),
        training(long_run, "--queue", command=trainer_command) as child,
    ):
        wait_for(Waiting, child)
        long_run.request_stop()
        child.communicate(timeout=60)
        assert child.returncode == 130
    kinds = [type(event) for event in recorded(long_run)]
    assert kinds == [Waiting, RunFailed]


def test_a_queued_run_starts_when_its_device_is_free(
    long_run: RunFolder, cache: Path, trainer_command: list[str]
) -> None:
    with (
        held_by_another_process(cache / "locks/cpu.lock") as other,
        training(long_run, "--queue", command=trainer_command) as child,
    ):
        wait_for(Waiting, child)
        other.kill()
        wait_for(RunStarted, child)
        child.send_signal(signal.SIGTERM)
        child.communicate(timeout=60)


def test_without_queue_a_run_does_not_wait(
    long_run: RunFolder, cache: Path, trainer_command: list[str]
) -> None:
    with (
        held_by_another_process(cache / "locks/cpu.lock"),
        training(long_run, command=trainer_command) as child,
    ):
        wait_for(RunStarted, child)
        long_run.request_stop()
        child.communicate(timeout=60)


def test_a_killed_run_is_unlocked(long_run: RunFolder, cache: Path) -> None:
    with training(long_run) as child:
        wait_for(CheckpointSaved, child)
        assert long_run.is_held
        child.kill()
        child.wait()
        assert not long_run.is_held
    assert load_checkpoint(long_run.checkpoint).step > 0


def test_events_before_training_are_logged(tmp_path: Path, data: Path, cache: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(data),))
    assert in_process("--resume", folder.path) == 0
    events = recorded(folder)
    assert isinstance(events[0], Preparing)
    assert isinstance(events[-1], RunFinished)
    # A new run is not announced as resumed.
    assert not any(isinstance(event, Message) for event in events)


def test_resuming_without_a_checkpoint_says_that_training_starts_over(
    tmp_path: Path, data: Path, cache: Path
) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(data),))
    assert in_process("--resume", folder.path) == 0
    folder.checkpoint.unlink()
    folder.model.unlink()

    assert in_process("--resume", folder.path) == 0

    messages = [event.text for event in recorded(folder) if isinstance(event, Message)]
    assert messages == ["The run has no checkpoint yet, so it starts from the beginning."]


def test_a_missing_dataset_is_logged(tmp_path: Path, cache: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(tmp_path / "gone"),))
    with pytest.raises(Exception, match="gone"):
        in_process("--resume", folder.path)
    (failed,) = recorded(folder)
    assert isinstance(failed, RunFailed)
    assert "does not exist" in failed.reason
    assert not failed.stopped


def test_a_bug_is_logged(
    tmp_path: Path, data: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(data),))
    monkeypatch.setattr("trainer.training.loop.finalize", lambda *_args, **_named: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        in_process("--resume", folder.path)
    failed = recorded(folder)[-1]
    assert isinstance(failed, RunFailed)
    assert "ZeroDivisionError" in failed.reason


@pytest.mark.parametrize(("precision", "warned"), [("float16", True), ("float32", False)])
def test_a_precision_that_is_slow_on_a_processor_is_warned_of(
    tmp_path: Path, data: Path, cache: Path, precision: str, *, warned: bool
) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1, precision=precision), (str(data),))
    in_process("--resume", folder.path)
    texts = [event.text for event in recorded(folder) if isinstance(event, Message)]
    assert any(f"in {precision} is many times slower" in text for text in texts) == warned


def test_a_finished_run_stays_finished_in_the_log(tmp_path: Path, data: Path, cache: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(data),))
    in_process("--resume", folder.path)
    with pytest.raises(Exception, match=r"already finished, so .* start a new run \(--out\)"):
        in_process("--resume", folder.path)
    assert isinstance(recorded(folder)[-1], RunFinished)


def test_a_full_disk_is_reported_and_the_last_checkpoint_stays(
    tmp_path: Path, data: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = torch.save

    def save_until_the_disk_is_full(document: dict[str, object], file: Path) -> None:
        if document["step"] == 6:
            file.write_bytes(b"half of")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        save(document, file)

    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(), (str(data),))
    with monkeypatch.context() as patch:
        patch.setattr("trainer.training.checkpointer.MIN_INTERVAL", 0)
        patch.setattr(torch, "save", save_until_the_disk_is_full)
        with pytest.raises(StorageError, match="disk full"):
            in_process("--resume", folder.path)
    failed = recorded(folder)[-1]
    assert isinstance(failed, RunFailed)
    assert "disk full" in failed.reason
    assert failed.resumable
    assert load_checkpoint(folder.checkpoint).step == 3
    assert not list(folder.path.glob(".checkpoint*"))
    assert in_process("--resume", folder.path) == 0


def test_a_diverged_run_says_why_and_keeps_the_last_good_checkpoint(
    tmp_path: Path, data: Path, cache: Path
) -> None:
    wild = MuonSettings(head_learning_rate=99, bias_learning_rate=99, weight_decay=0.2)
    folder = RunFolder(tmp_path / "run")
    folder.create(replace(tiny_config(epochs=40), optimizer=wild), (str(data),))
    with pytest.raises(TrainingDiverged):
        in_process("--resume", folder.path)
    failed = recorded(folder)[-1]
    assert isinstance(failed, RunFailed)
    assert "training diverged in epoch" in failed.reason
    assert "The last good checkpoint is kept" in failed.reason
    assert "--" not in failed.reason
    kept: Checkpoint = load_checkpoint(folder.checkpoint)
    assert all(weight.isfinite().all() for weight in kept.network.values())


def test_options_become_settings_of_the_run(tmp_path: Path) -> None:
    options = build_parser().parse_args(
        ["train", "--out", str(tmp_path), "--early-stopping", "7", "--reduce-on-plateau", "2",
         "--flip", "random", "--translate", "4", "--cutout", "8",
         "--zoom", "0.25", "--color-jitter", "0.1", "--crop-scale", "0.4", "--crop-aspect", "1.5",
         "--grayscale", "0.2", "--blur", "1", "--noise", "0.03", "--jpeg", "0.5",
         "--hard-example-fraction", "0.4"]
    )  # fmt: skip
    config = train_request(options).config
    assert config.early_stopping == EarlyStopping(patience=7)
    assert config.reduce_on_plateau == ReduceOnPlateau(patience=2)
    assert config.augmentation == Augmentation(
        flip="random", translate=4, cutout=8, zoom=0.25, color_jitter=0.1, crop_scale=0.4,
        crop_aspect=1.5, grayscale=0.2, blur=1, noise=0.03, jpeg=0.5,
    )  # fmt: skip
    assert config.hard_example_fraction == 0.4


def test_other_settings_are_those_of_the_recipe(tmp_path: Path) -> None:
    options = build_parser().parse_args(["train", "--out", str(tmp_path), "--cutout", "8"])
    config = train_request(options).config
    assert config.early_stopping is None
    assert config.reduce_on_plateau is None
    assert config.augmentation == replace(sprint().augmentation, cutout=8)
