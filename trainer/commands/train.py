"""`cifar-trainer train`: train a network, or go on training one."""

import argparse
import shlex
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import TYPE_CHECKING

from trainer.cancellation import CancelToken
from trainer.commands.console import LiveTable
from trainer.commands.train_request import TrainRequest, train_request
from trainer.config.recipes import load_needs
from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import require_enough
from trainer.distributed.join import joined_world
from trainer.distributed.process_group import World
from trainer.errors import CheckpointError
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.events.run_events import Message, Preparing
from trainer.planning.plans import Plan, in_words, require_fitting
from trainer.progress import preparing
from trainer.runs.event_recorder import EventRecorder
from trainer.runs.run_folder import RunFolder
from trainer.runs.stop_watcher import stopped_on_request

if TYPE_CHECKING:
    from trainer.data.dataset import Dataset
    from trainer.devices.device import Device


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or go on training one."""
    with joined_world() as world:
        plan = _shared_plan(options, world)
        report = _reporter(options, world)
        tell = EventRecorder(plan.folder, report)
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


def _shared_plan(options: argparse.Namespace, world: World) -> TrainRequest:
    with world.agreeing():
        plan = train_request(options) if world.leads else None
    plan = world.share(plan)
    # On another computer the data may lie elsewhere; the run's folder need not be there at all.
    return plan if world.leads else replace(plan, data=options.data or plan.data)


def _train(
    plan: TrainRequest, tell: EventRecorder, token: CancelToken, holding: ExitStack, world: World
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
    plan: TrainRequest,
    dataset: "Dataset",
    device: "Device",
    tell: EventRecorder,
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


def _device(plan: TrainRequest, world: World) -> "Device":
    from trainer.devices.discovery import find_device

    with world.agreeing():
        world.take_card(plan.config.device)
        device = find_device(plan.config.device)
    world.use(device)
    return device


def _take_over(
    folder: RunFolder, tell: EventRecorder, token: CancelToken, holding: ExitStack
) -> None:
    holding.enter_context(folder.held())
    if folder.model.exists():
        raise CheckpointError(f"The run in “{folder.path}” is finished already.")
    tell.records = True
    holding.enter_context(stopped_on_request(folder, token))


def _has_checkpoint(plan: TrainRequest, tell: EventRecorder) -> bool:
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


def _print_event(event: Event) -> None:
    print(to_line(event), flush=True)


def _say_nothing(_event: Event) -> None:
    """What happens is told by the process that leads."""
