"""`cifar-trainer train`: train a network, or go on training one."""

import argparse
import shlex
import sys
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from trainer.cancel import CancelToken
from trainer.config import EarlyStopping, ReduceOnPlateau, TrainConfig
from trainer.errors import Cancelled, CheckpointError, ConfigError, StorageError, TrainerError
from trainer.events import Event, Message, RunFailed, to_line
from trainer.progress import preparing
from trainer.recipes import load_needs, recipe
from trainer.record import Record
from trainer.reporting import LiveTable
from trainer.run_folder import RunFolder
from trainer.stopping import stopped_on_request

SETTINGS = (
    "epochs",
    "batch_size",
    "learning_rate",
    "label_smoothing",
    "validation_images",
    "seed",
    "device",
)
AUGMENTATION = ("flip", "translate", "cutout")
PATIENCE = ("early_stopping", "plateau")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What the command line asks for.

    Attributes:
        folder: Of the run.
        config: Its settings.
        data: What to train on.
        resume: Whether the run is there already.
        queue: Whether to wait for runs of other processes on the same device.
    """

    folder: RunFolder
    config: TrainConfig
    data: str
    resume: bool
    queue: bool


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or go on training one."""
    plan = _planned(options)
    report: Callable[[Event], None] = _print_event if options.events else LiveTable()
    tell = _Teller(plan.folder, report)
    # Outermost: who finds the run free again must find on record how it ended.
    with ExitStack() as holding:
        try:
            _train(plan, tell, token, holding)
        except Exception as error:
            tell.failure(error)
            raise
        finally:
            if isinstance(report, LiveTable):
                report.close()
    return 0


def _planned(options: argparse.Namespace) -> _Plan:
    if options.resume is not None:
        return _planned_resumption(options)
    if options.out is None:
        raise ConfigError("Name a folder for the run: --out RUN_DIR.")
    config = recipe(options.recipe or "sprint")
    return _Plan(
        folder=RunFolder(Path(options.out)),
        config=config.with_changes(_changes(config, options)),
        data=options.data or "cifar10",
        resume=False,
        queue=options.queue,
    )


def _planned_resumption(options: argparse.Namespace) -> _Plan:
    changes = _given(options, ("recipe", "out", *SETTINGS, *AUGMENTATION, *PATIENCE))
    if changes.keys() - {"device"}:
        raise ConfigError("A resumed run keeps its settings; only --data and --device may change.")
    folder = RunFolder(Path(options.resume))
    config, data = folder.read()
    return _Plan(
        folder=folder,
        config=config.with_changes(changes),
        data=options.data or data,
        resume=True,
        queue=options.queue,
    )


def _changes(config: TrainConfig, options: argparse.Namespace) -> dict[str, Any]:
    changes = _given(options, SETTINGS)
    augmentation = _given(options, AUGMENTATION)
    if augmentation:
        changes["augmentation"] = replace(config.augmentation, **augmentation)
    if options.early_stopping is not None:
        changes["early_stopping"] = EarlyStopping(patience=options.early_stopping)
    if options.plateau is not None:
        plateau = config.plateau or ReduceOnPlateau()
        changes["plateau"] = replace(plateau, patience=options.plateau)
    return changes


def _given(options: argparse.Namespace, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: value for name in names if (value := getattr(options, name)) is not None}


def _train(plan: _Plan, tell: "_Teller", token: CancelToken, holding: ExitStack) -> None:
    if plan.resume:
        _take_over(plan.folder, tell, token, holding)
    load_needs(plan.config.recipe)
    # Late, so that wrong usage and a run in other hands are told at once.
    from trainer.data import load_dataset
    from trainer.device import find_device
    from trainer.training import train

    device = find_device(plan.config.device)
    if plan.queue:
        from trainer.device_lock import device_to_ourselves

        holding.enter_context(device_to_ourselves(device, emit=tell, token=token))
    dataset = load_dataset(plan.data, token=token, on_progress=preparing(tell))
    if not plan.resume:
        plan.folder.create(plan.config, plan.data)
        _take_over(plan.folder, tell, token, holding)
    train(
        plan.config,
        dataset,
        device,
        plan.folder,
        emit=tell,
        token=token,
        resume=_has_checkpoint(plan, tell),
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )


def _take_over(folder: RunFolder, tell: "_Teller", token: CancelToken, holding: ExitStack) -> None:
    holding.enter_context(folder.held())
    if folder.model.exists():
        raise CheckpointError(f"The run in “{folder.path}” is finished already.")
    tell.records = True
    holding.enter_context(stopped_on_request(folder, token))


def _has_checkpoint(plan: _Plan, tell: "_Teller") -> bool:
    there = plan.folder.checkpoint.exists()
    if plan.resume and not there and _was_begun(plan.folder):
        text = "The run has no checkpoint yet, so it begins with its first step."
        tell(Message(level="info", text=text))
    return there


def _was_begun(folder: RunFolder) -> bool:
    # The window makes the folder of a new run itself and then has it "resumed".
    try:
        return b'"event": "run_started"' in folder.events.read_bytes()
    except OSError:
        return False


class _Teller:
    """Passes events on, and records them in the folder once the run in it is ours.

    Attributes:
        records: Whether events go into the folder.
    """

    def __init__(self, folder: RunFolder, report: Callable[[Event], None]) -> None:
        self._folder, self._report = folder, report
        self._record = Record(folder)
        self.records = False

    def __call__(self, event: Event) -> None:
        # On disk before anyone hears of it: who reads the folder never knows less.
        if self.records:
            self._record.add(event)
        self._report(event)

    def failure(self, error: Exception) -> None:
        folder = self._folder
        event = RunFailed(
            reason=_reason(error),
            stopped=isinstance(error, Cancelled),
            resumable=folder.checkpoint.exists() and not folder.model.exists(),
        )
        if self.records:
            # On a full disk the person must hear of it all the same.
            with suppress(StorageError):
                self._record.add(event)
        self._report(event)


def _reason(error: Exception) -> str:
    if isinstance(error, TrainerError):
        return error.message
    what = "".join(traceback.format_exception_only(error)).strip()
    return f"Something went wrong that should not have: {what}"


def _print_event(event: Event) -> None:
    print(to_line(event), flush=True)
