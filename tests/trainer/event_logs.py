"""Events of a run of 40 steps in 4 epochs, and run folders with such events in their log."""

from pathlib import Path

from tests.trainer.tiny import tiny_config
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished, Progress, RunStarted
from trainer.runs.run_folder import RunFolder


def started(first_step: int = 0) -> RunStarted:
    return RunStarted(
        recipe="sprint", data="tiny", device="CPU", train_images=40, validation_images=4,
        test_images=4, classes=("a", "b"), parameters=1, epochs=4, steps=40,
        first_step=first_step, batch_size=4, memory=None,
    )  # fmt: skip


def progress(step: int, loss: float) -> Progress:
    return Progress(
        epoch=1, step=step, steps=40, loss=loss, accuracy=0.5, images_per_second=10.0,
        learning_rate=0.1, seconds_left=1.0, memory=None,
    )  # fmt: skip


def epoch(number: int, loss: float) -> EpochFinished:
    return EpochFinished(
        epoch=number, train_loss=loss, train_accuracy=0.25, validation_loss=2 * loss,
        validation_accuracy=0.75, learning_rate=0.1, seconds=1.0, images_per_second=10.0,
    )  # fmt: skip


def recorded(folder: Path, *events: Event) -> RunFolder:
    place = RunFolder(folder)
    place.create(tiny_config(), ("tiny",))
    for event in events:
        place.append(event)
    return place
