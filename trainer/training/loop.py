"""A training run from first step to model file; driven by the command line, told as events."""

from collections.abc import Callable

from torch import Tensor

from trainer.cancellation import CancelToken
from trainer.devices.memory import OutOfMemory, out_of_memory_as_device_error
from trainer.errors import Cancelled
from trainer.events.base import Event
from trainer.events.run_events import EpochStarted, Message, RunFinished
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import load_checkpoint
from trainer.training.checkpointer import Checkpointer
from trainer.training.finalize import finish
from trainer.training.progress_meter import ProgressMeter
from trainer.training.run import TrainingRun
from trainer.training.run_state import restore

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
    """Train a network and write it, with its figures, to the run's folder.

    Args:
        run: At its first step. All processes of its world call this together; only the one that
            leads needs a folder, and only its `emit` hears of the run.
        folder: Holds the run's checkpoint; the model file ends up there.
        emit: Told everything that happens.
        token: Stops the run at once, with a checkpoint of its last step.
        resume: Whether to go on from the folder's checkpoint.
        command: The command line, for the model file.

    Returns:
        The last event, which was emitted too.

    Raises:
        Cancelled: If `token` stopped it; the run can be resumed.
        CheckpointError: If there is nothing to resume.
        DeviceError: If the device's memory is not enough.
        StorageError: If the folder cannot be written.
        TrainerError: If another process of its world failed.
        TrainingDiverged: If the loss is no longer a number.
    """
    with out_of_memory_as_device_error(run.device):
        if resume:
            _restore(run, folder)
        emit(run.started())
        clock, saver = ProgressMeter(run), Checkpointer(run, folder, emit)
        while not run.is_over:
            _train_epoch(run, clock, saver, emit, token)
        run.take_best()
        finished = _finish(run, folder, emit=emit, token=token, command=command)
    emit(finished)
    return finished


def _restore(run: TrainingRun, folder: RunFolder) -> None:
    with run.group.collective_errors():
        checkpoint = load_checkpoint(folder.checkpoint) if run.group.is_main else None
    checkpoint = run.group.broadcast_object(checkpoint)
    with run.group.collective_errors():
        restore(run, checkpoint)


def _finish(
    run: TrainingRun, folder: RunFolder, *, emit: Emit, token: CancelToken, command: str
) -> RunFinished:
    finished = None
    with run.group.collective_errors():
        if run.group.is_main:
            finished = finish(run, folder, emit=emit, token=token, command=command)
    return run.group.broadcast_object(finished)


def _train_epoch(
    run: TrainingRun, clock: ProgressMeter, saver: Checkpointer, emit: Emit, token: CancelToken
) -> None:
    emit(EpochStarted(epoch=run.epoch + 1))
    clock.begin_epoch()
    try:
        for images, labels in run.batches.epoch(run.epoch, run.step % len(run.batches)):
            _take_step(run, images, labels, emit, token)
            if clock.progress_due():
                emit(clock.progress())
            saver.after_step()
        _end_epoch(run, clock, emit)
        saver.after_epoch()
        with run.group.collective_errors():
            token.check()
    except Cancelled:
        saver.save()
        raise


def _take_step(
    run: TrainingRun, images: Tensor, labels: Tensor, emit: Emit, token: CancelToken
) -> None:
    while not _fits(run, images, labels, token):
        emit(Message(level="warning", text=run.use_less_memory()))


def _fits(run: TrainingRun, images: Tensor, labels: Tensor, token: CancelToken) -> bool:
    # What the error refers to can be freed only once this has returned.
    try:
        run.take_step(images, labels, token)
    except OutOfMemory:
        return False
    return True


def _end_epoch(run: TrainingRun, clock: ProgressMeter, emit: Emit) -> None:
    finished = clock.epoch_finished()
    emit(finished)
    conclusion = run.watch.note(run.epoch, finished.validation_loss, run.network)
    if conclusion:
        emit(Message(level="info", text=conclusion))
