"""`cifar-trainer train`: train a network, or resume a run."""

import argparse
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from trainer.cancellation import CancelToken
from trainer.commands.arguments import command_line
from trainer.commands.console import TrainingTable, print_json
from trainer.commands.train_request import TrainRequest, train_request
from trainer.config.recipes import load_needs
from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import require_enough_images
from trainer.distributed.join import joined_process_group
from trainer.distributed.process_group import ProcessGroup
from trainer.errors import CheckpointError
from trainer.events.base import Event
from trainer.events.run_events import Message, Preparing, RunStarted
from trainer.files.dataset_place import run_datasets
from trainer.planning.plan_text import describe_plan
from trainer.planning.plans import Plan, require_plan_within
from trainer.progress import preparing
from trainer.runs.event_recorder import EventRecorder
from trainer.runs.run_folder import RunFolder
from trainer.runs.stop_request import cancelled_on_request

if TYPE_CHECKING:
    from trainer.data.dataset import Dataset
    from trainer.devices.device import Device


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Train a network, or resume a run."""
    with joined_process_group() as group:
        request = _shared_request(options, group)
        report = _reporter(options, group)
        emit = EventRecorder(request.folder, report)
        # Released last: once others can take over the run, its log must say how it ended.
        with ExitStack() as resources:
            try:
                _Training(request, emit, token, group, resources).run()
            except Exception as error:
                emit.failure(error)
                raise
            finally:
                if isinstance(report, TrainingTable):
                    report.close()
    return 0


def _shared_request(options: argparse.Namespace, group: ProcessGroup) -> TrainRequest:
    request = group.run_on_main(lambda: train_request(options))
    # On another computer the dataset may be elsewhere, and the run folder need not exist.
    return request if group.is_main else replace(request, data=tuple(options.data or request.data))


def _reporter(options: argparse.Namespace, group: ProcessGroup) -> Callable[[Event], None]:
    if not group.is_main:
        return _ignore
    return print_json if options.events else TrainingTable()


def _ignore(_event: Event) -> None:
    """Only the main process reports events."""


@dataclass(frozen=True, slots=True)
class _Training:
    """One call of `cifar-trainer train`; its methods are in the order in which they run."""

    request: TrainRequest
    emit: EventRecorder
    token: CancelToken
    group: ProcessGroup
    resources: ExitStack

    def run(self) -> None:
        """Load everything, then train."""
        self._resume_run()
        device = self._find_device()
        self._wait_for(device)
        dataset, crops_from = self._load_datasets()
        config, plan_text = self._choose_config(dataset, device)
        self._create_run(config, plan_text)
        self._describe(dataset)
        resume = self.group.run_on_main(self._has_checkpoint)
        device = self._choose_mode(config, dataset, device)
        # Late, as all imports below: wrong usage and a run in use must not wait for torch.
        from trainer.training.loop import train
        from trainer.training.run import TrainingRun

        train(
            TrainingRun(config, dataset, device, self.group, crops_from),
            self.request.folder,
            emit=self._on_event,
            token=self.token,
            resume=resume,
            command=command_line(),
        )

    def _on_event(self, event: Event) -> None:
        # By then the checkpoint has shown that the dataset is the one of the run.
        if isinstance(event, RunStarted) and self.request.resume and self.group.is_main:
            self.request.folder.move_data(self.request.data)
        self.emit(event)

    def _resume_run(self) -> None:
        with self.group.collective_errors():
            if self.request.resume and self.group.is_main:
                self._acquire_folder()
            load_needs(self.request.config.recipe)

    def _acquire_folder(self) -> None:
        folder = self.request.folder
        self.resources.enter_context(folder.held())
        if folder.model.exists():
            raise CheckpointError(
                f"The run in “{folder.path}” is already finished, so there is nothing to resume. "
                "Evaluate it, export its network or classify with it; to train for longer, start "
                "a new run (--out) with more epochs (--epochs)."
            )
        self.emit.recording = True
        self.resources.enter_context(cancelled_on_request(folder, self.token))

    def _find_device(self) -> "Device":
        from trainer.devices.discovery import find_device

        name = self.request.config.device
        with self.group.collective_errors():
            self.group.set_device(name)
            device = find_device(name)
        self.group.use(device)
        return device

    def _wait_for(self, device: "Device") -> None:
        if self.request.queue and self.group.is_main:
            from trainer.devices.device_queue import exclusive_device

            turn = exclusive_device(device, emit=self.emit, token=self.token)
            self.resources.enter_context(turn)

    def _load_datasets(self) -> "tuple[Dataset, Dataset | None]":
        from trainer.training.run_data import load_run_data

        def load() -> "tuple[Dataset, Dataset | None]":
            places = self.request.data
            if self.request.resume:
                places = run_datasets(places, None)
            return load_run_data(
                self.request.config, places, token=self.token, on_progress=preparing(self.emit)
            )

        dataset, crops_from = self.group.local_main_first(load)
        # Before the run folder is created: a run that cannot start must not leave one behind.
        with self.group.collective_errors():
            require_enough_images(len(dataset.train))
        return dataset, crops_from

    def _choose_config(self, dataset: "Dataset", device: "Device") -> tuple[TrainConfig, str]:
        """The settings, and a sentence about them if they were chosen to fit a time limit."""
        if self.request.minutes is None:
            return self.request.config, ""
        plan = self._plan_within(60 * self.request.minutes, dataset, device)
        return plan.config, describe_plan(plan)

    def _plan_within(self, seconds: float, dataset: "Dataset", device: "Device") -> Plan:
        from trainer.planning.forecast import MEASURING, dataset_counts, plan_runs

        self.emit(Preparing(what=MEASURING, done=0, total=None))
        started = time.monotonic()
        parameter_seconds = self.group.parameter_seconds(device)

        def choose() -> Plan:
            plans = plan_runs(
                self.request.candidates,
                dataset_counts(dataset),
                device,
                token=self.token,
                processes=self.group.size,
                parameter_seconds=parameter_seconds,
            )
            return require_plan_within(plans, seconds, spent=time.monotonic() - started)

        return self.group.run_on_main(choose)

    def _choose_mode(self, config: TrainConfig, dataset: "Dataset", device: "Device") -> "Device":
        """The device, computing as is fastest for this network or as the user wants."""
        from trainer.devices.compute_mode import is_slow
        from trainer.planning.mode_trial import choose_mode

        if self.group.is_main and is_slow(device.torch_device, config.precision):
            text = (
                f"On this processor, training in {config.precision} is many times slower than in "
                "float32. The precision “auto” picks the fastest one; a run keeps the precision "
                "that it was started with, so start another."
            )
            self.emit(Message(level="warning", text=text))
        self.emit(Preparing(what="Comparing precisions", done=0, total=None))
        choice = self.group.run_on_main(
            lambda: choose_mode(config, device, classes=len(dataset.classes), token=self.token)
        )
        if choice.speeds:
            self.emit(Message(level="detail", text=str(choice)))
        return device.in_mode(choice.device.mode)

    def _create_run(self, config: TrainConfig, plan_text: str) -> None:
        with self.group.collective_errors():
            if self.group.is_main and not self.request.resume:
                self.request.folder.create(config, self.request.data)
                self._acquire_folder()
                if plan_text:
                    self.emit(Message(level="info", text=plan_text))

    def _describe(self, dataset: "Dataset") -> None:
        """Say what of the dataset is not used, and how it was read."""
        from trainer.data.inspection.summary import start_messages

        if self.group.is_main:
            for message in start_messages(dataset):
                self.emit(message)
            if self.request.expects_none and not dataset.none_counts[0]:
                text = f"{dataset.name} has no pictures of other things to train on, in folders "
                text += "named none, so --none-fraction and --none-weight change nothing."
                self.emit(Message(level="warning", text=text))

    def _has_checkpoint(self) -> bool:
        folder = self.request.folder
        exists = folder.checkpoint.exists()
        if self.request.resume and not exists and _was_started(folder):
            text = "The run has no checkpoint yet, so it starts from the beginning."
            self.emit(Message(level="info", text=text))
        return exists


def _was_started(folder: RunFolder) -> bool:
    # The window creates the folder of a new run itself, then starts it with --resume.
    try:
        return b'"event": "run_started"' in folder.events.read_bytes()
    except OSError:
        return False
