"""Trains a network from the first step to the model file, reporting events."""

from collections.abc import Callable

from trainer.cancellation import CancelToken
from trainer.devices.memory import out_of_memory_as_device_error
from trainer.errors import Cancelled
from trainer.events.base import Event
from trainer.events.run_events import EpochStarted, Message, RunFinished
from trainer.runs.run_folder import RunFolder
from trainer.training.best_epoch import load_kept_weights
from trainer.training.checkpoint import load_checkpoint
from trainer.training.checkpointer import Checkpointer
from trainer.training.finalize import finalize
from trainer.training.initial_weights import load_initial_weights
from trainer.training.progress_meter import ProgressMeter
from trainer.training.run import TrainingRun
from trainer.training.step import take_fitting_step

Emit = Callable[[Event], None]


def train(
    run: TrainingRun,
    folder: RunFolder,
    *,
    emit: Emit,
    token: CancelToken,
    resume: bool = False,
    command: str = "",
) -> RunFinished:
    """Train a network and write the model file with its metrics to the run folder.

    All processes of a process group call this together; only the main one uses `folder` and has
    its events reported.

    Args:
        run: A run at its first step.
        folder: Holds the checkpoint and receives the model file.
        emit: Receives all events.
        token: Cancels the run at once, saving a checkpoint of the last step.
        resume: Whether to continue from the folder's checkpoint.
        command: The command line, recorded in the model file.

    Returns:
        The last event, which was emitted as well.

    Raises:
        Cancelled: If `token` was cancelled; the run can be resumed.
        CheckpointError: If there is nothing to resume.
        DeviceError: If the device's memory is full.
        StorageError: If the folder cannot be written.
        TrainerError: If another process of the group failed.
        TrainingDiverged: If the loss or a weight is not finite.
    """
    with out_of_memory_as_device_error(run.device):
        if resume:
            _load(run, folder)
        elif sentence := load_initial_weights(run):
            emit(Message(level="info", text=sentence))
        emit(run.started())
        meter, checkpointer = ProgressMeter(run), Checkpointer(run, folder, emit)
        while not run.is_finished:
            _train_epoch(run, meter, checkpointer, emit, token)
        if sentence := load_kept_weights(run):
            emit(Message(level="info", text=sentence))
        finished = run.group.run_on_main(
            lambda: finalize(run, folder, emit=emit, token=token, command=command)
        )
    emit(finished)
    return finished


def _load(run: TrainingRun, folder: RunFolder) -> None:
    checkpoint = run.group.run_on_main(lambda: load_checkpoint(folder.checkpoint))
    with run.group.collective_errors():
        run.load_state_dict(checkpoint)


def _train_epoch(
    run: TrainingRun,
    meter: ProgressMeter,
    checkpointer: Checkpointer,
    emit: Emit,
    token: CancelToken,
) -> None:
    emit(EpochStarted(epoch=run.epoch + 1))
    meter.begin_epoch()
    try:
        for images, labels in run.remaining_batches():
            take_fitting_step(run, images, labels, emit=emit, token=token)
            if meter.is_due:
                emit(meter.progress())
            checkpointer.after_step()
        _validate(run, meter, emit)
        checkpointer.after_epoch()
        run.group.check(token)
    except Cancelled:
        checkpointer.save()
        raise


def _validate(run: TrainingRun, meter: ProgressMeter, emit: Emit) -> None:
    finished = meter.finish_epoch()
    emit(finished)
    run.best_epoch.update(run.epoch, finished.validation_accuracy, run.network)
    decision = run.monitor.update(run.epoch, finished.validation_loss, run.network)
    if decision:
        emit(Message(level="info", text=decision))
