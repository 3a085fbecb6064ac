"""A training run from first step to model file; driven by the command line, told as events."""

from collections.abc import Callable

from trainer.cancel import CancelToken
from trainer.checkpoint import load_checkpoint, save_checkpoint
from trainer.clock import Clock
from trainer.config import TrainConfig
from trainer.data import Dataset
from trainer.device import Device
from trainer.events import CheckpointSaved, EpochStarted, Event, RunFinished
from trainer.finishing import finish
from trainer.progress import Progress, preparing
from trainer.run_folder import RunFolder
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
        token: Stops the run between two steps, with a checkpoint.
        resume: Whether to go on from the folder's checkpoint.
        command: The command line, for the model file.

    Returns:
        The last event, which was emitted too.

    Raises:
        Cancelled: If `token` stopped it; the run can be resumed.
        CheckpointError: If there is nothing to resume.
        DataError: If the data are too few.
        StorageError: If the folder cannot be written.
        TrainingDiverged: If the loss is no longer a number.
    """
    run = TrainingRun(config, dataset, device)
    if resume:
        run.restore(load_checkpoint(folder.checkpoint, device.torch_device))
    emit(run.started())
    while run.step < run.steps:
        _train_epoch(run, folder, emit, token)
    finished = finish(run, folder, progress=Progress(preparing(emit), token), command=command)
    emit(finished)
    return finished


def _train_epoch(run: TrainingRun, folder: RunFolder, emit: Emit, token: CancelToken) -> None:
    emit(EpochStarted(epoch=run.epoch + 1))
    clock = Clock(run)
    for images, labels in run.batches.epoch(run.epoch, run.step % len(run.batches)):
        if token.cancelled:
            _save(run, folder, emit)
            token.check()
        run.take_step(images, labels)
        if clock.progress_due():
            emit(clock.progress())
        if clock.checkpoint_due():
            _save(run, folder, emit)
    emit(clock.epoch_finished())
    _save(run, folder, emit)
    token.check()


def _save(run: TrainingRun, folder: RunFolder, emit: Emit) -> None:
    save_checkpoint(folder.checkpoint, run.checkpoint())
    emit(CheckpointSaved(step=run.step, path=str(folder.checkpoint)))
