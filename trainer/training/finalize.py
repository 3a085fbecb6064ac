"""From a trained network to a model file: calibrated, judged once on the test set, written.

`finish` ends a run; `calibrated` alone is for a run that goes on (`trainer.training.snapshot`).
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.errors import StorageError
from trainer.evaluation.calibration import calibrate
from trainer.evaluation.evaluate import evaluate_test_split
from trainer.evaluation.report import Report, save_report
from trainer.events.base import Event
from trainer.events.run_events import Message, RunFinished
from trainer.models.model_file import ModelCard, load_model, save_model
from trainer.models.network import Network
from trainer.progress import ProgressReporter, preparing
from trainer.runs.run_folder import RunFolder
from trainer.training.run import TrainingRun


def finish(
    run: TrainingRun,
    folder: RunFolder,
    *,
    emit: Callable[[Event], None],
    token: CancelToken,
    command: str,
) -> RunFinished:
    """Write the model file of a run and judge it.

    What is judged is what the file gives back: weights as they are stored, in float32.

    Args:
        run: At its end.
        folder: Where model file, figures and report go.
        emit: Told how far it is, and what could not be kept.
        token: Stops it.
        command: The command line, for the model file.

    Raises:
        Cancelled: If `token` stopped it; the run can be resumed.
        StorageError: If it cannot be written.
    """
    progress = ProgressReporter(preparing(emit), token)
    draft = folder.path / ".draft.safetensors"
    network, card = calibrated(run, draft=draft, command=command, progress=progress)
    report = evaluate_test_split(network, card, run.dataset, device=run.device, progress=progress)
    card = replace(card, figures=card.figures | report.figures.headline())
    folder.write_text(folder.figures, json.dumps(asdict(report.figures)))
    _keep_report(folder, report, emit)
    # Last, because a run that has its model is finished.
    save_model(folder.model, network, card)
    return RunFinished(model=str(folder.model), figures=card.figures, seconds=run.seconds)


def _keep_report(folder: RunFolder, report: Report, emit: Callable[[Event], None]) -> None:
    # It is many times as large as the network, and can be made again from it.
    try:
        save_report(folder.report, report)
    except StorageError as error:
        text = (
            f"{error.message} The answers to the single images were not kept; the network is. "
            "Evaluate it to see them."
        )
        emit(Message(level="warning", text=text))


def calibrated(
    run: TrainingRun, *, draft: Path, command: str, progress: ProgressReporter
) -> tuple[Network, ModelCard]:
    """The network of a run as its file gives it back, and a card that is honest about it.

    Args:
        run: Where it stands.
        draft: A file to write and to take away again.
        command: The command line, for the card.
        progress: Told how many validation images are done; stops it.

    Returns:
        The network on the run's device, in float32; the card's figures are the validation accuracy
        and the epochs that the network was trained for.

    Raises:
        Cancelled: If `progress` says so.
        StorageError: If the draft cannot be written.
    """
    try:
        save_model(draft, run.network, _card(run, command))
        network, card = load_model(draft)
    finally:
        with suppress(OSError):
            draft.unlink()
    network = network.to(run.device.torch_device)
    return network, calibrate(network, card, run.validation, device=run.device, progress=progress)


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
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        command=command,
        seed=config.seed,
        parameters=run.parameters,
        figures={"epochs": trained_epochs(run)},
    )


def trained_epochs(run: TrainingRun) -> float:
    """Epochs that a run's network was trained for, the running one as a fraction."""
    if run.watch.best_weights:
        return float(run.watch.best_epoch)
    return run.step / len(run.batches)
