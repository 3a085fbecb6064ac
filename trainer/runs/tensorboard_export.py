"""Exports the metrics of a run as TensorBoard files; for `cifar-trainer export`. Loads torch."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, suppress
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

from tensorboardX import RecordWriter
from tensorboardX.proto.event_pb2 import Event as Record
from tensorboardX.proto.summary_pb2 import Summary
from tensorboardX.summary import text as text_summary

from trainer.errors import CheckpointError
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished, Progress, RunFinished, RunStarted
from trainer.files.atomic_write import write_atomically
from trainer.runs.event_history import merged, read_events
from trainer.runs.run_folder import RunFolder

SUFFIX = ".cifar-desktop"
"""Suffix of the files written here; other files in the same folder are left alone."""

Scalar = tuple[str, float, int, float]
"""Tag, value, step, and time in seconds since 1970."""


def write_tensorboard(folder: RunFolder, out: Path, warn: Callable[[str], None]) -> float:
    """Write the metrics and settings of a run, with the times at which they were reported.

    Training and validation metrics go to folders of their own, so that TensorBoard draws them as
    two curves in one chart. Files of an earlier export are replaced once the new ones are written.

    Args:
        folder: Folder of the run, which need not be finished.
        out: Folder to write to; it is created.
        warn: Called with a sentence if lines of the event log are damaged.

    Returns:
        The number of finished epochs.

    Raises:
        CheckpointError: If there is no run, or it has not started training.
        StorageError: If the files cannot be written.
    """
    config, _ = folder.read()
    events = merged(read_events(folder, warn))
    run = next((each for each in reversed(events) if isinstance(each, RunStarted)), None)
    if run is None:
        raise CheckpointError(f"The run in “{folder.path}” has not started training yet.")
    settings = _text_record("settings", config.to_json(), run.time)
    _write(out / "training", chain([settings], _scalar_records(_training(events))))
    _write(out / "validation", _scalar_records(_validation(events, run)))
    return max((each.epoch for each in events if isinstance(each, EpochFinished)), default=0)


def _training(events: Iterable[Event]) -> Iterator[Scalar]:
    for event in events:
        if isinstance(event, Progress):
            yield "loss", event.loss, event.step, event.time
            yield "accuracy", event.accuracy, event.step, event.time
            yield "learning rate", event.learning_rate, event.step, event.time
            yield "images per second", event.images_per_second, event.step, event.time
        elif isinstance(event, EpochFinished):
            yield "epoch/loss", event.train_loss, event.epoch, event.time
            yield "epoch/accuracy", event.train_accuracy, event.epoch, event.time


def _validation(events: Iterable[Event], run: RunStarted) -> Iterator[Scalar]:
    for event in events:
        if isinstance(event, EpochFinished):
            # Twice: in the charts over steps, and in those over epochs.
            for prefix, step in (("", _last_step(event, run)), ("epoch/", event.epoch)):
                yield f"{prefix}loss", event.validation_loss, step, event.time
                yield f"{prefix}accuracy", event.validation_accuracy, step, event.time
        elif isinstance(event, RunFinished):
            for name, value in event.figures.items():
                yield f"figures/{name}", value, run.steps, event.time


def _last_step(event: EpochFinished, run: RunStarted) -> int:
    return round(event.epoch * run.steps / max(1, run.epochs))


def _scalar_records(scalars: Iterable[Scalar]) -> Iterator[Any]:
    for tag, value, step, seconds in scalars:
        summary = Summary(value=[Summary.Value(tag=tag, simple_value=value)])
        yield Record(wall_time=seconds, step=step, summary=summary)


def _text_record(tag: str, text: str, seconds: float) -> Any:
    # TensorBoard renders Markdown, where four spaces make a line verbatim.
    verbatim = "\n".join(f"    {line}" for line in text.splitlines())
    return Record(wall_time=seconds, step=0, summary=text_summary(tag, verbatim))


def _write(folder: Path, records: Iterable[Any]) -> None:
    earlier = set(folder.glob(f"*{SUFFIX}"))
    # A new name, because a running TensorBoard does not read a file again from its beginning.
    path = folder / f"events.out.tfevents.{time.time_ns()}{SUFFIX}"
    write_atomically(path, partial(_write_records, records))
    for old in earlier:
        with suppress(OSError):
            old.unlink()


def _write_records(records: Iterable[Any], path: Path) -> None:
    # Not tensorboardX's `SummaryWriter`, which passes every value through a queue to a thread: that
    # takes several times as long and hides a full disk.
    with closing(RecordWriter(str(path))) as writer:
        for record in chain([Record(file_version="brain.Event:2", wall_time=time.time())], records):
            writer.write(record.SerializeToString())
