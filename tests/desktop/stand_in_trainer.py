"""Stands in for `train --resume RUN --queue --events`; what it does is the run's data's name.

short       tells a whole run and ends
steps       goes on until it is asked to stop, ten steps a second
deaf        likewise, but hears nothing
silent      ends without a word
flood       fills its standard output, then ends well
garbage     writes garbage into its record between events
fail        says why it failed
refuse      fails before the record is its own
die         is killed in the middle
queue       waits for a device until it is asked to stop
"""

import os
import signal
import sys
import time
from pathlib import Path

from trainer.events.base import Event
from trainer.events.run_events import (
    EpochFinished,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    Waiting,
)
from trainer.runs.run_folder import RunFolder

STEPS, EPOCHS = 40, 4


def started(first_step: int = 0, **changes: object) -> RunStarted:
    values = {
        "recipe": "sprint", "data": "stand-in", "device": "CPU", "train_images": 100,
        "validation_images": 10, "test_images": 10, "classes": ("a", "b"), "parameters": 7,
        "epochs": EPOCHS, "steps": STEPS, "first_step": first_step, "batch_size": 10,
        "memory": None,
    }  # fmt: skip
    return RunStarted(**values | changes)  # type: ignore[arg-type]


def progress(step: int, **changes: object) -> Progress:
    values = {
        "epoch": (step - 1) * EPOCHS // STEPS + 1, "step": step, "steps": STEPS,
        "loss": 1 / step if step else 1.0, "accuracy": 0.5, "images_per_second": 100.0,
        "learning_rate": 0.1, "seconds_left": 1.0, "memory": None,
    }  # fmt: skip
    return Progress(**values | changes)  # type: ignore[arg-type]


def epoch_finished(epoch: int, **changes: object) -> EpochFinished:
    values = {
        "epoch": epoch, "train_loss": 1.0, "train_accuracy": 0.5, "validation_loss": 1.0,
        "validation_accuracy": epoch / 10, "learning_rate": 0.1, "seconds": 1.0,
        "images_per_second": 100.0,
    }  # fmt: skip
    return EpochFinished(**values | changes)  # type: ignore[arg-type]


def finished(folder: RunFolder) -> RunFinished:
    return RunFinished(model=str(folder.model), figures={"accuracy": 0.9}, seconds=12.5)


def stopped() -> RunFailed:
    return RunFailed(reason="Stopped.", stopped=True, resumable=True)


def _whole_run(folder: RunFolder) -> list[Event]:
    events: list[Event] = [started()]
    for epoch in range(1, EPOCHS + 1):
        steps = range((epoch - 1) * STEPS // EPOCHS + 1, epoch * STEPS // EPOCHS + 1)
        events += [progress(step) for step in steps]
        events.append(epoch_finished(epoch))
    return [*events, finished(folder)]


def _report_whole_run(folder: RunFolder, between: bytes = b"") -> None:
    for event in _whole_run(folder):
        if between:
            with folder.events.open("ab") as file:
                file.write(between)
        if isinstance(event, RunFinished):
            folder.write_text(folder.figures, '{"accuracy": 0.9}')
            folder.write_text(folder.model, "a network")
        folder.append(event)


def _until_stopped(folder: RunFolder, *, deaf: bool) -> int:
    first = int(folder.checkpoint.read_text()) if folder.checkpoint.exists() else 0
    folder.append(started(first))
    for step in range(first + 1, 100_000):
        folder.append(progress(step, steps=100_000))
        time.sleep(0.1)
        if folder.stop_requested and not deaf:
            folder.write_text(folder.checkpoint, str(step))
            folder.append(stopped())
            return 130
    return 1


def _queue(folder: RunFolder) -> int:
    folder.append(Waiting(device="CPU"))
    while not folder.stop_requested:
        time.sleep(0.05)
    folder.append(stopped())
    return 130


def main() -> int:
    assert sys.argv[1:3] == ["train", "--resume"]
    assert sys.argv[4:] == ["--queue", "--events"]
    folder = RunFolder(Path(sys.argv[3]))
    way = Path(folder.read()[1][0]).name
    if way == "refuse":
        sys.stderr.write("cifar-trainer: Another process trains it.\n")
        return 1
    with folder.held():
        return _go(way, folder)


def _go(way: str, folder: RunFolder) -> int:
    match way:
        case "short":
            _report_whole_run(folder)
        case "garbage":
            _report_whole_run(folder, between=b"\xff\0garbage\n")
        case "steps" | "deaf":
            return _until_stopped(folder, deaf=way == "deaf")
        case "flood":
            for _ in range(2000):
                sys.stdout.write("garbage \x00 without an end" * 1000)
            _report_whole_run(folder)
        case "fail":
            sys.stderr.write("a warning\n")
            folder.append(RunFailed(reason="The disk is full.", stopped=False, resumable=True))
            return 1
        case "die":
            folder.append(started())
            folder.append(progress(1))
            sys.stderr.write("last words\n")
            sys.stderr.flush()
            os.kill(os.getpid(), signal.SIGKILL)
        case "queue":
            return _queue(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
