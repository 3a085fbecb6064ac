"""A run as one line of the list; made by `run_store`, kept up to date by `run_list`."""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import Any

from cifar_desktop.runs.network_name import network_name
from cifar_desktop.runs.services.run_history import RunHistory
from trainer.config.train_config import TrainConfig
from trainer.errors import TrainerError
from trainer.events.run_events import RunFailed, RunStarted
from trainer.runs.run_folder import RunFolder


class RunState(Enum):
    """The state of a run; the value is its name."""

    NEW = "new"
    STARTING = "starting"
    WAITING = "waiting"
    TRAINING = "training"
    STOPPED = "stopped"
    INTERRUPTED = "interrupted"
    FAILED = "failed"
    FINISHED = "finished"
    DAMAGED = "damaged"

    @property
    def active(self) -> bool:
        """Whether a process trains the run or is about to."""
        return self in (RunState.STARTING, RunState.WAITING, RunState.TRAINING)


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What the list shows of a run.

    Attributes:
        path: The folder.
        name: The name that the user gave it.
        created: Date of its first start, in local time.
        recipe: Name of the recipe; empty if unknown.
        started_from: Name of the network it started from; empty for random weights.
        data: Names of its datasets.
        device: Name of the device, or the requested one if it never started.
        epochs_done: Number of finished epochs.
        epochs: Number of epochs in all; 0 if unknown.
        best_validation: Best validation accuracy, 0 to 1, or None.
        validation_images: Number of validation images; 0 if unknown.
        test_accuracy: Test accuracy of the finished network, 0 to 1, or None.
        test_images: Number of test images; 0 if unknown.
        seconds: Time spent training.
        state: The state.
        resumable: Whether it can be resumed.
        has_checkpoint: Whether there is a checkpoint to resume from or to evaluate.
        has_model: Whether it has its final network.
        size: Size of all files in bytes.
    """

    path: Path
    name: str
    created: datetime
    recipe: str = ""
    started_from: str = ""
    data: str = ""
    device: str = ""
    epochs_done: int = 0
    epochs: int = 0
    best_validation: float | None = None
    validation_images: int = 0
    test_accuracy: float | None = None
    test_images: int = 0
    seconds: float = 0.0
    state: RunState = RunState.NEW
    resumable: bool = False
    has_checkpoint: bool = False
    has_model: bool = False
    size: int = 0


def is_interrupted(run: RunSummary) -> bool:
    """Whether a run ended without having been stopped, and can be resumed."""
    return run.resumable and run.state is RunState.INTERRUPTED


def planned(folder: RunFolder, name: str, config: TrainConfig, data: tuple[str, ...]) -> RunSummary:
    """The summary of a run that is about to start."""
    return RunSummary(
        path=folder.path,
        name=name or folder.path.name,
        created=datetime.now(UTC).astimezone(),
        recipe=config.recipe,
        started_from=network_name(config.init),
        data=_data_names(data),
        device=config.device,
        epochs=config.epochs,
        state=RunState.STARTING,
    )


def summarize(folder: RunFolder, history: RunHistory, *, held: bool) -> RunSummary:
    """The summary of a run from the files in its folder and its history."""
    files = _files(folder.path)
    has_model = folder.model.name in files
    base = RunSummary(
        path=folder.path,
        name=folder.name,
        created=_local(_modified(folder)),
        has_checkpoint=folder.checkpoint.name in files,
        has_model=has_model,
        test_accuracy=_test_accuracy(folder) if has_model else None,
        size=sum(files.values()),
    )
    try:
        settings = _settings(folder)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        state = RunState.TRAINING if held else RunState.DAMAGED
        return replace(base, state=state)
    base = replace(base, **settings)
    base = replace(base, resumable=not has_model and not held and _readable(folder))
    return brought_up_to_date(base, history, held=held)


def brought_up_to_date(summary: RunSummary, history: RunHistory, *, held: bool) -> RunSummary:
    """The same run after it has reported more; reads no file."""
    started = history.started
    return replace(
        summary,
        created=_local(history.first_time) if history.first_time else summary.created,
        data=_started_data(started) if started else summary.data,
        device=started.device if started else summary.device,
        epochs=started.epochs if started else summary.epochs,
        epochs_done=history.epochs_done,
        best_validation=history.best_validation,
        validation_images=started.validation_images if started else 0,
        test_images=started.test_images if started else 0,
        seconds=history.finished.seconds if history.finished else history.seconds,
        state=_state(history, held=held, has_model=summary.has_model),
        resumable=summary.resumable and not held,
        has_checkpoint=summary.has_checkpoint or (held and history.checkpoint is not None),
    )


def _state(history: RunHistory, *, held: bool, has_model: bool) -> RunState:
    if held:
        reached = RunState.TRAINING if history.training else RunState.STARTING
        return RunState.WAITING if history.waiting else reached
    if has_model:
        return RunState.FINISHED
    if isinstance(history.end_event, RunFailed):
        return RunState.STOPPED if history.end_event.stopped else RunState.FAILED
    return RunState.NEW if history.first_time is None else RunState.INTERRUPTED


def _settings(folder: RunFolder) -> dict[str, Any]:
    """What the settings say; also for runs of other versions of the program."""
    document: dict[str, Any] = json.loads(folder.config.read_text(encoding="utf-8"))
    config = document["config"]
    data = document["data"]
    return {
        "recipe": str(config["recipe"]),
        "started_from": network_name(str(config.get("init", ""))),
        "data": _data_names(map(str, data if isinstance(data, list) else [data])),
        "device": str(config["device"]),
        "epochs": int(config["epochs"]),
    }


def _data_names(places: Iterable[str]) -> str:
    return " + ".join(Path(place).name for place in places)


def _started_data(started: RunStarted) -> str:
    return " + ".join(source.name for source in started.sources) or started.data


def _readable(folder: RunFolder) -> bool:
    try:
        folder.read()
    except TrainerError:
        return False
    return True


def _test_accuracy(folder: RunFolder) -> float | None:
    try:
        return float(json.loads(folder.figures.read_text(encoding="utf-8"))["accuracy"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def _files(folder: Path) -> dict[str, int]:
    sizes: dict[str, int] = {}
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with suppress(OSError):
                sizes[entry.name] = entry.stat().st_size if entry.is_file() else 0
    return sizes


def _modified(folder: RunFolder) -> float:
    for path in (folder.config, folder.path):
        with suppress(OSError):
            return path.stat().st_mtime
    return 0.0


def _local(time: float) -> datetime:
    try:
        return datetime.fromtimestamp(time, UTC).astimezone()
    except (OSError, OverflowError, ValueError):
        return datetime.fromtimestamp(0, UTC)
