"""A training run from first step to model file; driven by the command line, told as events."""

from collections.abc import Callable

from torch import Tensor

from trainer.cancel import CancelToken
from trainer.checkpoint import load_checkpoint
from trainer.clock import Clock
from trainer.config import TrainConfig
from trainer.data import Dataset
from trainer.device import Device
from trainer.errors import Cancelled
from trainer.events import EpochStarted, Event, Message, RunFinished
from trainer.finishing import finish
from trainer.memory import OutOfMemory, memory_errors_in_words
from trainer.run_folder import RunFolder
from trainer.saving import Saver
from trainer.training_run import TrainingRun

Emit = Callable[[Event], None]


def train(
    config: TrainConfig,
    dataset: Dataset,
    device: Device,
    folder: RunFolder,
    *,
    emit: Emit,
    token: CancelToken,
    resume: bool = False,
    command: str = "",
) -> RunFinished:
    """Train a network and write it, with its figures, to the run's folder.

    Args:
        config: What to train, and how.
        dataset: What on.
        device: Where.
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
        DataError: If the data are too few.
        DeviceError: If the device's memory is not enough.
        StorageError: If the folder cannot be written.
        TrainingDiverged: If the loss is no longer a number.
    """
    with memory_errors_in_words(device):
        run = TrainingRun(config, dataset, device)
        if resume:
            run.restore(load_checkpoint(folder.checkpoint, device.torch_device))
        emit(run.started())
        clock, saver = Clock(run), Saver(run, folder, emit)
        while not run.is_over:
            _train_epoch(run, clock, saver, emit, token)
        run.take_best()
        finished = finish(run, folder, emit=emit, token=token, command=command)
    emit(finished)
    return finished


def _train_epoch(
    run: TrainingRun, clock: Clock, saver: Saver, emit: Emit, token: CancelToken
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


def _end_epoch(run: TrainingRun, clock: Clock, emit: Emit) -> None:
    finished = clock.epoch_finished()
    emit(finished)
    conclusion = run.watch.note(run.epoch, finished.validation_loss, run.network)
    if conclusion:
        emit(Message(level="info", text=conclusion))
