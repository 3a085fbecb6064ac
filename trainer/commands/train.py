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
from trainer.commands.console import TrainingTable
from trainer.commands.train_request import TrainRequest, train_request
from trainer.config.recipes import load_needs
from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import require_enough_images
from trainer.distributed.join import joined_process_group
from trainer.distributed.process_group import ProcessGroup
from trainer.errors import CheckpointError
from trainer.events.base import Event
from trainer.events.codec import to_line
from trainer.events.run_events import Message, Preparing
from trainer.planning.plan_text import describe_plan
from trainer.planning.plans import Plan, require_plan_within
from trainer.progress import preparing
from trainer.runs.event_recorder import EventRecorder
from trainer.runs.run_folder import RunFolder
from trainer.runs.stop_watcher import stopped_on_request

if TYPE_CHECKING:
    from trainer.data.dataset import Dataset
    from trainer.devices.device import Device


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or go on training one."""
    with joined_process_group() as group:
        plan = _shared_plan(options, group)
        report = _reporter(options, group)
        tell = EventRecorder(plan.folder, report)
        # Outermost: who finds the run free again must find on record how it ended.
        with ExitStack() as holding:
            try:
                _train(plan, tell, token, holding, group)
            except Exception as error:
                tell.failure(error)
                raise
            finally:
                if isinstance(report, TrainingTable):
                    report.close()
    return 0


def _reporter(options: argparse.Namespace, group: ProcessGroup) -> Callable[[Event], None]:
    if not group.is_main:
        return _say_nothing
    return _print_event if options.events else TrainingTable()


def _shared_plan(options: argparse.Namespace, group: ProcessGroup) -> TrainRequest:
    with group.collective_errors():
        plan = train_request(options) if group.is_main else None
    plan = group.broadcast_object(plan)
    # On another computer the data may lie elsewhere; the run's folder need not be there at all.
    return plan if group.is_main else replace(plan, data=options.data or plan.data)


def _train(
    plan: TrainRequest,
    tell: EventRecorder,
    token: CancelToken,
    holding: ExitStack,
    group: ProcessGroup,
) -> None:
    with group.collective_errors():
        if plan.resume and group.is_main:
            _take_over(plan.folder, tell, token, holding)
        load_needs(plan.config.recipe)
    # Late, so that wrong usage and a run in other hands are told at once.
    from trainer.data.loading import load_dataset
    from trainer.training.loop import train
    from trainer.training.run import TrainingRun

    device = _device(plan, group)
    if plan.queue and group.is_main:
        from trainer.devices.device_queue import exclusive_device

        holding.enter_context(exclusive_device(device, emit=tell, token=token))
    dataset = group.local_main_first(
        lambda: load_dataset(plan.data, token=token, on_progress=preparing(tell))
    )
    config, promised = _settled(plan, dataset, device, tell, token, group)
    plan = replace(plan, config=config)
    with group.collective_errors():
        if group.is_main and not plan.resume:
            plan.folder.create(plan.config, plan.data)
            _take_over(plan.folder, tell, token, holding)
            if promised:
                tell(Message(level="info", text=promised))
        resume = group.is_main and _has_checkpoint(plan, tell)
    train(
        TrainingRun(plan.config, dataset, device, group),
        plan.folder,
        emit=tell,
        token=token,
        resume=group.broadcast_object(resume if group.is_main else None),
        command=shlex.join(["cifar-trainer", *sys.argv[1:]]),
    )


def _settled(
    plan: TrainRequest,
    dataset: "Dataset",
    device: "Device",
    tell: EventRecorder,
    token: CancelToken,
    group: ProcessGroup,
) -> tuple[TrainConfig, str]:
    """What to train, and what was promised of it; nothing where no time was named."""
    # Before the run has a folder: where nothing can begin, nothing is left behind.
    with group.collective_errors():
        require_enough_images(len(dataset.train))
    if plan.minutes is None:
        return plan.config, ""
    from trainer.planning.forecast import MEASURING, dataset_size, plan_runs

    tell(Preparing(what=MEASURING, done=0, total=None))
    begun = time.monotonic()
    parameter_seconds = group.parameter_seconds(device)
    best: Plan | None = None
    with group.collective_errors():
        if group.is_main:
            plans = plan_runs(
                plan.candidates,
                dataset_size(dataset),
                device,
                token=token,
                processes=group.size,
                parameter_seconds=parameter_seconds,
            )
            best = require_plan_within(plans, 60 * plan.minutes, spent=time.monotonic() - begun)
    best = group.broadcast_object(best)
    return best.config, describe_plan(best)


def _device(plan: TrainRequest, group: ProcessGroup) -> "Device":
    from trainer.devices.discovery import find_device

    with group.collective_errors():
        group.set_device(plan.config.device)
        device = find_device(plan.config.device)
    group.use(device)
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
