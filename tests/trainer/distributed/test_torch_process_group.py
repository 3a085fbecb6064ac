"""Two real processes train one network: started by torchrun, stopped, killed, resumed."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
import torch
from torch import Tensor

from tests.trainer.tiny import tiny_config, write_dataset
from trainer.config.train_config import TrainConfig
from trainer.events.base import Event
from trainer.events.codec import from_line
from trainer.events.run_events import EpochFinished, Progress, RunFailed, RunFinished, RunStarted
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import load_checkpoint

pytestmark = pytest.mark.skipif(
    not torch.distributed.is_available(), reason="this PyTorch has no torch.distributed"
)

EPOCHS = 6
REAL = ("-m", "trainer")
"""How users have torchrun start the trainer."""


@pytest.fixture
def forked(trainer_command: list[str]) -> list[str]:
    """How torchrun starts it without the seconds that its imports take."""
    return ["--no-python", *trainer_command]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("farben ü"))


@pytest.fixture(scope="module")
def alone(
    data: Path, tmp_path_factory: pytest.TempPathFactory, trainer_command: list[str]
) -> RunFolder:
    """A run with the same settings in a single process."""
    folder = new_run(tmp_path_factory.mktemp("alone"), data, tiny_config(epochs=EPOCHS))
    train(folder, trainer_command)
    return folder


def new_run(parent: Path, data: Path, config: TrainConfig) -> RunFolder:
    folder = RunFolder(parent / "run")
    folder.create(config, (str(data),))
    return folder


def train(folder: RunFolder, trainer_command: list[str]) -> None:
    """Train in a single process, to the end."""
    with started([*trainer_command, "train", "--resume", str(folder.path)]) as child:
        assert child.wait(240) == 0


@contextmanager
def started(command: list[str], cache: Path | None = None) -> Iterator["subprocess.Popen[str]"]:
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    if cache is not None:
        environment["XDG_CACHE_HOME"] = str(cache)
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment,
    ) as child:  # fmt: skip
        yield child
        child.kill()


def with_two_processes(*arguments: str) -> list[str]:
    torchrun = [sys.executable, "-m", "torch.distributed.run", "--standalone"]
    return [*torchrun, "--nproc-per-node", "2", *arguments]


def two_processes_training(
    folder: RunFolder, cache: Path, trainer: Sequence[str] = REAL
) -> "AbstractContextManager[subprocess.Popen[str]]":
    command = with_two_processes(*trainer, "train", "--resume", str(folder.path), "--events")
    return started(command, cache)


def recorded(folder: RunFolder) -> list[Event]:
    return [from_line(line) for line in folder.events.read_text().splitlines()]


def wait_for_progress(child: "subprocess.Popen[str]") -> None:
    assert child.stdout is not None
    assert any(isinstance(from_line(line), Progress) for line in child.stdout)


def distance(first: RunFolder, second: RunFolder) -> float:
    """Distance between the trained weights of two runs, relative to their norm."""
    one, two = (flat(load_checkpoint(each.checkpoint).network) for each in (first, second))
    return float((one - two).norm() / one.norm())


def flat(weights: dict[str, Tensor]) -> Tensor:
    return torch.cat([weights[name].flatten() for name in weights if "conv" in name])


def finished(folder: RunFolder) -> RunFinished:
    last = recorded(folder)[-1]
    assert isinstance(last, RunFinished)
    return last


def test_a_process_without_its_peers_says_what_to_do(
    data: Path, tmp_path: Path, trainer_command: list[str]
) -> None:
    environment = {name: text for name, text in os.environ.items() if name != "MASTER_ADDR"}
    result = subprocess.run(
        [*trainer_command, "train", "--data", str(data), "--out", str(tmp_path / "run")],
        env=environment | {"WORLD_SIZE": "2"}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 1
    assert "WORLD_SIZE says that there are 2 processes" in result.stderr
    assert not (tmp_path / "run").exists()


def test_two_processes_learn_what_one_does_and_report_it_once(
    data: Path, alone: RunFolder, tmp_path: Path, trainer_command: list[str]
) -> None:
    folder = new_run(tmp_path, data, tiny_config(epochs=EPOCHS))
    with two_processes_training(folder, tmp_path / "cache") as child:
        output, errors = child.communicate(timeout=240)
        assert child.returncode == 0, errors
    reported = [from_line(line) for line in output.splitlines()]
    assert [type(each) for each in reported].count(RunStarted) == 1
    assert [each for each in reported if each in recorded(folder)] == recorded(folder)
    ours = [each for each in reported if isinstance(each, EpochFinished)]
    theirs = [each for each in recorded(alone) if isinstance(each, EpochFinished)]
    assert len(ours) == len(theirs) == EPOCHS
    for one, other in zip(ours, theirs, strict=True):
        # All images of the batch count, and all of the validation split.
        assert one.train_loss == pytest.approx(other.train_loss, rel=0.02)
        assert one.validation_loss == pytest.approx(other.validation_loss, rel=0.1)
    stranger = new_run(tmp_path / "seed", data, tiny_config(epochs=EPOCHS, seed=1))
    train(stranger, trainer_command)
    assert distance(alone, folder) < 0.1 * distance(alone, stranger)
    assert finished(folder).figures["accuracy"] >= finished(alone).figures["accuracy"] - 0.1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_one_process_can_finish_a_run_of_two_that_was_stopped(
    number: int, data: Path, tmp_path: Path, trainer_command: list[str], forked: list[str]
) -> None:
    folder = new_run(tmp_path, data, tiny_config(epochs=100))
    with two_processes_training(folder, tmp_path / "cache", forked) as child:
        wait_for_progress(child)
        child.send_signal(number)
        child.communicate(timeout=120)
        assert child.returncode != 0
    failed = recorded(folder)[-1]
    assert isinstance(failed, RunFailed)
    assert failed.stopped
    assert failed.resumable
    step = load_checkpoint(folder.checkpoint).step
    train(folder, trainer_command)
    begun = [each for each in recorded(folder) if isinstance(each, RunStarted)]
    assert [each.first_step for each in begun] == [0, step]
    assert finished(folder).figures["accuracy"] > 0.5


def test_two_processes_obey_a_stop_request_and_resume(
    data: Path, tmp_path: Path, forked: list[str]
) -> None:
    folder = new_run(tmp_path, data, tiny_config(epochs=10_000))
    for first in range(2):
        with two_processes_training(folder, tmp_path / "cache", forked) as child:
            wait_for_progress(child)
            before = load_checkpoint(folder.checkpoint).step if first else 0
            folder.request_stop()
            child.communicate(timeout=120)
        assert load_checkpoint(folder.checkpoint).step > before
    assert not folder.is_held


def test_two_processes_with_hard_example_selection_resume_exactly(
    data: Path, tmp_path: Path, forked: list[str]
) -> None:
    config = tiny_config(epochs=20, hard_example_fraction=0.5)
    unbroken, stopped = (new_run(tmp_path / name, data, config) for name in ("one", "other"))
    with two_processes_training(unbroken, tmp_path / "cache", forked) as child:
        child.communicate(timeout=240)
    with two_processes_training(stopped, tmp_path / "cache", forked) as child:
        wait_for_progress(child)
        stopped.request_stop()
        child.communicate(timeout=120)
    assert 0 < load_checkpoint(stopped.checkpoint).step < 20 * 3
    with two_processes_training(stopped, tmp_path / "cache", forked) as child:
        child.communicate(timeout=240)
    assert distance(unbroken, stopped) == 0
    assert finished(unbroken).figures["accuracy"] > 0.8


def test_a_process_that_dies_ends_the_run_and_keeps_its_checkpoint(
    data: Path, tmp_path: Path
) -> None:
    folder = new_run(tmp_path, data, tiny_config(epochs=10_000))
    with two_processes_training(folder, tmp_path / "cache") as child:
        wait_for_progress(child)
        leader = folder.process
        family = Path(f"/proc/{child.pid}/task/{child.pid}/children").read_text().split()
        (other,) = (int(each) for each in family if int(each) != leader)
        os.kill(other, signal.SIGKILL)
        child.communicate(timeout=120)
        assert child.returncode != 0
    failed = recorded(folder)[-1]
    assert isinstance(failed, RunFailed)
    assert not folder.is_held


def test_a_missing_dataset_is_reported_once(tmp_path: Path, forked: list[str]) -> None:
    arguments = ["--data", str(tmp_path / "nowhere"), "--out", str(tmp_path / "run")]
    command = with_two_processes(*forked, "train", *arguments)
    with started(command, tmp_path / "cache") as child:
        _, errors = child.communicate(timeout=120)
        assert child.returncode != 0
    said = [line for line in errors.splitlines() if line.startswith("cifar-trainer: ")]
    # torchrun may kill the other process before it reports that this one failed.
    assert ["does not exist" in line for line in said].count(True) == 1
    # torchrun prints a traceback of its own, but there is none of the trainer.
    assert "trainer/commands" not in errors
    assert not (tmp_path / "run").exists()


def test_a_time_limit_that_is_too_short_is_reported_once(
    data: Path, tmp_path: Path, forked: list[str]
) -> None:
    arguments = ["--recipe", "simple-cnn", "--minutes", "1e-6", "--out", str(tmp_path / "run")]
    command = with_two_processes(*forked, "train", "--data", str(data), *arguments)
    with started(command, tmp_path / "cache") as child:
        _, errors = child.communicate(timeout=120)
    assert child.returncode != 0
    assert errors.count("time is too short") == 1
    assert not (tmp_path / "run/config.json").exists()


def test_a_batch_must_be_large_enough_for_all(
    data: Path, tmp_path: Path, forked: list[str]
) -> None:
    folder = new_run(tmp_path, data, tiny_config(batch_size=12))
    with two_processes_training(folder, tmp_path / "cache", forked) as child:
        _, errors = child.communicate(timeout=120)
        assert child.returncode != 0
    assert "12 images is too small for 2 processes" in errors


def test_the_operations_of_a_process_group(tmp_path: Path) -> None:
    with started(with_two_processes("-m", "tests.trainer.peers_agree", str(tmp_path))) as child:
        _, errors = child.communicate(timeout=120)
        assert child.returncode == 0, errors
    first, second = ((tmp_path / f"{rank}.txt").read_text().split("\n") for rank in (0, 1))
    sums = "[3.0, 30.0] [[0.0, 6.0], [3.0, 9.0]] 7"
    heard = ["OutOfMemory", "OutOfMemory", "Cancelled", "TrainerError"]
    raised = ["OutOfMemory", "RuntimeError", "Cancelled", "StorageError"]
    assert first[:-2] == ["2", "first", *heard, "True", "done by 0", "stopped", sums]
    assert second[:-2] == ["2", "first", *raised, "True", "done by 0", "stopped", sums]
    for *_, joined, left in (first, second):
        assert "gloo" in joined
        # A thread of Gloo that still frees tensors while Python exits aborts the process.
        assert "gloo" not in left
