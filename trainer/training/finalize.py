"""Turns a trained network into a model file: calibrate, evaluate once on the test split, write.

`finalize` ends a run; `calibrated` alone is for a run still in progress
(`trainer.training.snapshot`).
"""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from msgspec.structs import replace

from trainer.cancellation import CancelToken
from trainer.errors import StorageError
from trainer.evaluation.calibration import calibrate
from trainer.evaluation.evaluate import evaluate_test_split
from trainer.evaluation.report import Report, save_report
from trainer.events.base import Event
from trainer.events.run_events import Message, RunFinished
from trainer.models.model_file import ModelCard, SourceRecord, load_model, save_model
from trainer.models.network import Network
from trainer.progress import ProgressReporter, preparing
from trainer.runs.run_folder import RunFolder
from trainer.training.best_epoch import kept_epoch
from trainer.training.run import TrainingRun


def finalize(
    run: TrainingRun,
    folder: RunFolder,
    *,
    emit: Callable[[Event], None],
    token: CancelToken,
    command: str,
) -> RunFinished:
    """Evaluate the network of a run and write its model file.

    The network is evaluated as the file stores it: half-precision weights, converted back to
    float32.

    Args:
        run: A finished run.
        folder: Receives model file, metrics and report.
        emit: Receives progress, and a warning if the report could not be saved.
        token: Cancels the work.
        command: The command line, recorded in the model file.

    Raises:
        Cancelled: If `token` was cancelled; the run can be resumed.
        StorageError: If the folder cannot be written.
    """
    progress = ProgressReporter(preparing(emit), token)
    draft = folder.path / ".draft.safetensors"
    network, card = calibrated(run, draft=draft, command=command, progress=progress)
    report = evaluate_test_split(network, card, run.dataset, device=run.device, progress=progress)
    card = replace(card, figures=card.figures | report.figures.headline())
    folder.write_text(folder.figures, json.dumps(msgspec.to_builtins(report.figures)))
    _try_to_save_report(folder, report, emit)
    # Last, because a run counts as finished once it has its model file.
    save_model(folder.model, network, card)
    return RunFinished(model=str(folder.model), figures=card.figures, seconds=run.seconds)


def _try_to_save_report(folder: RunFolder, report: Report, emit: Callable[[Event], None]) -> None:
    # Not fatal: it is far larger than the network, and can be computed again from it.
    try:
        save_report(folder.report, report)
    except StorageError as error:
        text = (
            f"{error.message} The predictions for the test images were not saved; the network is. "
            "Evaluate it to see them."
        )
        emit(Message(level="warning", text=text))


def calibrated(
    run: TrainingRun, *, draft: Path, command: str, progress: ProgressReporter
) -> tuple[Network, ModelCard]:
    """The network of a run as its model file would give it back, with a calibrated card.

    Args:
        run: The run, finished or not.
        draft: A temporary file, deleted afterwards.
        command: The command line, for the card.
        progress: Receives the number of validation images done, and cancels the work.

    Returns:
        The network on the run's device, in float32, and its card; the card's figures are the
        validation accuracy and the number of epochs that the network was trained for.

    Raises:
        Cancelled: If `progress` was cancelled.
        StorageError: If the draft cannot be written.
    """
    try:
        save_model(draft, run.network, _card(run, command))
        network, card = load_model(draft)
    finally:
        with suppress(OSError):
            draft.unlink()
    network = network.to(run.device.torch_device)
    card = calibrate(network, card, run.validation, run.none, device=run.device, progress=progress)
    return network, card


def _card(run: TrainingRun, command: str) -> ModelCard:
    config = run.config
    return ModelCard(
        architecture=config.architecture,
        widths=config.widths,
        classes=run.dataset.classes,
        input_size=run.dataset.train.images.size(-1),
        mean=run.mean,
        std=run.std,
        temperature=1.0,
        unknown_threshold=0.0,
        recipe=config.recipe,
        data=run.dataset.name,
        sources=tuple(
            SourceRecord(
                name=each.name, train_images=each.train_images, none_images=each.none_images
            )
            for each in run.dataset.sources
        ),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=command,
        seed=config.seed,
        parameters=run.parameters,
        figures={"epochs": trained_epochs(run)},
    )


def trained_epochs(run: TrainingRun) -> float:
    """Number of epochs that a run's network was trained for; fractional within an epoch."""
    return float(kept_epoch(run) or run.step / len(run.batches))
