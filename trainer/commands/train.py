"""`cifar-trainer train`: train a network, or go on training one."""

import argparse
import shlex
import sys
import time
import traceback
from collections.abc import Callable
from contextlib import ExitStack, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from trainer.cancellation import CancelToken
from trainer.commands.console import LiveTable
from trainer.config.recipes import load_needs, recipe
from trainer.config.train_config import EarlyStopping, ReduceOnPlateau, TrainConfig
from trainer.distributed.process_group import World, joined_world
from trainer.errors import Cancelled, CheckpointError, ConfigError, StorageError, TrainerError
from trainer.events.run_events import Event, Message, Preparing, RunFailed, to_line
from trainer.planning.duration import require_enough
from trainer.planning.plans import Plan, in_words, reference_curves, require_fitting
from trainer.progress import preparing
from trainer.runs.event_recorder import Record
from trainer.runs.run_folder import RunFolder
from trainer.runs.stop_watcher import stopped_on_request

if TYPE_CHECKING:
    from trainer.data.dataset import Dataset
    from trainer.devices.device import Device

SETTINGS = (
    "epochs",
    "batch_size",
    "hardest_share",
    "learning_rate",
    "label_smoothing",
    "validation_images",
    "seed",
    "device",
)
AUGMENTATION = ("flip", "translate", "cutout", "zoom", "color_jitter")
PATIENCE = ("early_stopping", "plateau")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What the command line asks for.

    Attributes:
        folder: Of the run.
        config: Its settings.
        candidates: Those to choose from by time, if there is a time.
        minutes: The time it may take; None for as long as it takes.
        data: What to train on.
        resume: Whether the run is there already.
        queue: Whether to wait for runs of other processes on the same device.
    """

    folder: RunFolder
    config: TrainConfig
    candidates: tuple[TrainConfig, ...] = ()
    minutes: float | None = None
    data: str
    resume: bool
    queue: bool


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or go on training one."""
    with joined_world() as world:
        plan = _shared_plan(options, world)
        report = _reporter(options, world)
        tell = _Teller(plan.folder, report)
        # Outermost: who finds the run free again must find on record how it ended.
        with ExitStack() as holding:
            try:
                _train(plan, tell, token, holding, world)
            except Exception as error:
                tell.failure(error)
                raise
            finally:
                if isinstance(report, LiveTable):
                    report.close()
    return 0


def _reporter(options: argparse.Namespace, world: World) -> Callable[[Event], None]:
    if not world.leads:
        return _say_nothing
    return _print_event if options.events else LiveTable()


def _shared_plan(options: argparse.Namespace, world: World) -> _Plan:
    with world.agreeing():
        plan = _planned(options) if world.leads else None
    plan = world.share(plan)
    # On another computer the data may lie elsewhere; the run's folder need not be there at all.
    return plan if world.leads else replace(plan, data=options.data or plan.data)


def _planned(options: argparse.Namespace) -> _Plan:
    if options.resume is not None:
        return _planned_resumption(options)
    if options.out is None:
        raise ConfigError("Name a folder for the run: --out RUN_DIR.")
    # At once, and not after a download or hours of waiting for another run.
    folder = RunFolder(Path(options.out))
    folder.require_new()
    candidates = tuple(
        config.with_changes(_changes(config, options)) for config in _candidates(options)
    )
    return _Plan(
        folder=folder,
        config=candidates[0],
        candidates=candidates,
        minutes=options.minutes,
        data=options.data or "cifar10",
        resume=False,
        queue=options.queue,
    )


def _candidates(options: argparse.Namespace) -> list[TrainConfig]:
    if options.minutes is not None and options.recipe is None:
        return [recipe(name) for name in reference_curves()]
    return [recipe(options.recipe or "sprint")]


def _planned_resumption(options: argparse.Namespace) -> _Plan:
    changes = _given(options, ("recipe", "out", "minutes", *SETTINGS, *AUGMENTATION, *PATIENCE))
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


def _train(
    plan: _Plan, tell: "_Teller", token: CancelToken, holding: ExitStack, world: World
) -> None:
    with world.agreeing():
        if plan.resume and world.leads:
            _take_over(plan.folder, tell, token, holding)
        load_needs(plan.config.recipe)
    # Late, so that wrong usage and a run in other hands are told at once.
    from trainer.data.loading import load_dataset
    from trainer.training.loop import train
    from trainer.training.run import TrainingRun

    device = _device(plan, world)
    if plan.queue and world.leads:
        from trainer.devices.device_queue import device_to_ourselves

        holding.enter_context(device_to_ourselves(device, emit=tell, token=token))
    dataset = world.in_turn(
        lambda: load_dataset(plan.data, token=token, on_progress=preparing(tell))
    )
    config, promised = _settled(plan, dataset, device, tell, token, world)
    plan = replace(plan, config=config)
    with world.agreeing():
        if world.leads and not plan.resume:
            plan.folder.create(plan.config, plan.data)
            _take_over(plan.folder, tell, token, holding)
            if promised:
                tell(Message(level="info", text=promised))
        resume = world.leads and _has_checkpoint(plan, tell)
    train(
        TrainingRun(plan.config, dataset, device, world),
        plan.folder,
        emit=tell,
        token=token,
        resume=world.share(resume if world.leads else None),
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )


def _settled(
    plan: _Plan,
    dataset: "Dataset",
    device: "Device",
    tell: "_Teller",
    token: CancelToken,
    world: World,
) -> tuple[TrainConfig, str]:
    """What to train, and what was promised of it; nothing where no time was named."""
    # Before the run has a folder: where nothing can begin, nothing is left behind.
    with world.agreeing():
        require_enough(len(dataset.train))
    if plan.minutes is None:
        return plan.config, ""
    from trainer.planning.forecast import MEASURING, planned, sizes_of

    tell(Preparing(what=MEASURING, done=0, total=None))
    begun = time.monotonic()
    parameter_seconds = world.parameter_seconds(device)
    best: Plan | None = None
    with world.agreeing():
        if world.leads:
            plans = planned(
                plan.candidates,
                sizes_of(dataset),
                device,
                token=token,
                processes=world.size,
                parameter_seconds=parameter_seconds,
            )
            best = require_fitting(plans, 60 * plan.minutes, spent=time.monotonic() - begun)
    best = world.share(best)
    return best.config, in_words(best)


def _device(plan: _Plan, world: World) -> "Device":
    from trainer.devices.device import find_device

    with world.agreeing():
        world.take_card(plan.config.device)
        device = find_device(plan.config.device)
    world.use(device)
    return device


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


def _say_nothing(_event: Event) -> None:
    """What happens is told by the process that leads."""
