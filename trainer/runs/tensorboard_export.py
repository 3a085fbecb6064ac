"""A run as files for TensorBoard, for people who know their way around there; for `export`."""

import json
import shutil
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from trainer.errors import CheckpointError
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished, Progress, RunFinished, RunStarted
from trainer.files.atomic_write import write_atomically
from trainer.runs.event_history import merged, read_events
from trainer.runs.run_folder import RunFolder

NAMES = ("training", "validation")

MARK = ".cifar-desktop"
"""What the names of our files end in: other files in the same folder are left alone."""


def write_tensorboard(folder: RunFolder, out: Path, warn: Callable[[str], None]) -> float:
    """Write the curves, settings and figures of a run, with the times at which they were told.

    Training and validation lie in folders of their own, so that TensorBoard draws them as two
    lines into one chart. What an earlier export left there is replaced, once the new files are
    there; those of others stay.

    Args:
        folder: Of the run, finished or not.
        out: The folder to write to; it is made.
        warn: Called with a sentence if lines of the event log are damaged.

    Returns:
        The epochs that the run has told of.

    Raises:
        CheckpointError: If there is no run, or it has told nothing yet.
        StorageError: If the files cannot be written.
    """
    config, _ = folder.read()
    events = merged(read_events(folder, warn))
    started = [event for event in events if isinstance(event, RunStarted)]
    if not started:
        raise CheckpointError(f"The run in “{folder.path}” has not begun to train yet.")
    # Elsewhere first: the writer works on a thread of its own and cannot say that a disk is full.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        _write(events, started[-1], Path(place), json.dumps(msgspec.to_builtins(config), indent=2))
        for name in NAMES:
            _replace_earlier(Path(place, name), out / name)
    return max((each.epoch for each in events if isinstance(each, EpochFinished)), default=0)


def _write(events: list[Event], run: RunStarted, out: Path, settings: str) -> None:
    # Late: loads torch.
    from torch.utils.tensorboard import SummaryWriter

    steps_per_epoch = run.steps / max(1, run.epochs)
    with (
        SummaryWriter(str(out / NAMES[0]), filename_suffix=MARK) as training,
        SummaryWriter(str(out / NAMES[1]), filename_suffix=MARK) as validation,
    ):
        # In Markdown, which TensorBoard shows texts as, four spaces make it verbatim.
        text = "\n".join(f"    {line}" for line in settings.splitlines())
        training.add_text("settings", text, 0, run.time)
        for event in events:
            _add(training, _training_scalars(event), event, steps_per_epoch)
            _add(validation, _validation_scalars(event), event, steps_per_epoch)
        _add_figures(validation, events, run.steps)


def _training_scalars(event: Event) -> dict[str, float]:
    if isinstance(event, Progress):
        return {
            "loss": event.loss,
            "accuracy": event.accuracy,
            "learning rate": event.learning_rate,
            "images per second": event.images_per_second,
        }
    if isinstance(event, EpochFinished):
        return {"epoch/loss": event.train_loss, "epoch/accuracy": event.train_accuracy}
    return {}


def _validation_scalars(event: Event) -> dict[str, float]:
    if not isinstance(event, EpochFinished):
        return {}
    # Under both names: beside the training steps, and beside the training epochs.
    loss, accuracy = event.validation_loss, event.validation_accuracy
    return {
        "loss": loss,
        "accuracy": accuracy,
        "epoch/loss": loss,
        "epoch/accuracy": accuracy,
    }


def _add(writer: Any, scalars: dict[str, float], event: Event, steps_per_epoch: float) -> None:
    for tag, value in scalars.items():
        writer.add_scalar(tag, value, _step(event, tag, steps_per_epoch), event.time)


def _step(event: Event, tag: str, steps_per_epoch: float) -> int:
    if isinstance(event, Progress):
        return event.step
    assert isinstance(event, EpochFinished)  # noqa: S101 - nothing else has scalars
    return event.epoch if tag.startswith("epoch/") else round(event.epoch * steps_per_epoch)


def _add_figures(writer: Any, events: Iterable[Event], step: int) -> None:
    for event in events:
        if isinstance(event, RunFinished):
            for name, value in event.figures.items():
                writer.add_scalar(f"figures/{name}", value, step, event.time)


def _replace_earlier(made: Path, folder: Path) -> None:
    earlier = set(folder.glob(f"*{MARK}"))
    for source in made.iterdir():
        write_atomically(folder / source.name, partial(shutil.copyfile, source))
    for path in earlier:
        with suppress(OSError):
            path.unlink()
