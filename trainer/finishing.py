"""From a trained network to a model file: calibrated, judged once on the test set, written.

`finish` ends a run; `calibrated` alone is for a run that goes on (`cifar-trainer export`).
"""

import json
from contextlib import suppress
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path

import torch

from trainer.evaluation import BATCH, answer, evaluate, normalise
from trainer.events import RunFinished
from trainer.figures import accuracy, fit_temperature, known_score
from trainer.model_file import ModelCard, load_model, save_model
from trainer.models import Network
from trainer.progress import Progress
from trainer.run_folder import RunFolder
from trainer.scores import Figures
from trainer.training_run import TrainingRun

KNOWN_SHARE = 0.95
"""Share of the validation images that pass as showing one of the classes."""


def finish(run: TrainingRun, folder: RunFolder, *, progress: Progress, command: str) -> RunFinished:
    """Write the model file of a run and judge it.

    What is judged is what the file gives back: weights as they are stored, in float32.

    Raises:
        Cancelled: If `progress` says so; the run can be resumed.
        StorageError: If it cannot be written.
    """
    network, card = calibrated(run, draft=folder.path / ".draft.safetensors", command=command)
    test = run.dataset.test
    judged = evaluate(
        network, card, test.images, test.labels, device=run.device.torch_device, progress=progress
    )
    figures = judged.figures
    card = replace(card, figures=card.figures | _headline(figures))
    folder.write_text(folder.figures, json.dumps(asdict(figures)))
    # Last, because a run that has its model is finished.
    save_model(folder.model, network, card)
    return RunFinished(model=str(folder.model), figures=card.figures, seconds=run.seconds)


def calibrated(run: TrainingRun, *, draft: Path, command: str) -> tuple[Network, ModelCard]:
    """The network of a run as its file gives it back, and a card that is honest about it.

    Args:
        run: Where it stands.
        draft: A file to write and to take away again.
        command: The command line, for the card.

    Returns:
        The network on the run's device, in float32; the card's figures are the validation accuracy
        and the epochs that the network was trained for.

    Raises:
        StorageError: If the draft cannot be written.
    """
    try:
        save_model(draft, run.network, _card(run, command))
        network, card = load_model(draft)
    finally:
        with suppress(OSError):
            draft.unlink()
    network = network.to(run.device.torch_device)
    return network, _with_calibration(run, network, card)


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
    )


def _with_calibration(run: TrainingRun, network: Network, card: ModelCard) -> ModelCard:
    validation = run.validation
    logits = torch.cat(
        [
            answer(network, normalise(images.to(run.device.torch_device), card.mean, card.std))
            for images in torch.split(validation.images, BATCH)
        ]
    ).cpu()
    temperature = fit_temperature(logits.clone(), validation.labels)
    scores = known_score(logits / temperature)
    threshold = scores.double().quantile(1 - KNOWN_SHARE).item()
    figures = {
        "epochs": trained_epochs(run),
        "validation_accuracy": accuracy(logits, validation.labels),
    }
    return replace(card, temperature=temperature, unknown_threshold=threshold, figures=figures)


def trained_epochs(run: TrainingRun) -> float:
    """Epochs that a run's network was trained for, the running one as a fraction."""
    if run.watch.best_weights:
        return float(run.watch.best_epoch)
    return run.step / len(run.batches)


def _headline(figures: Figures) -> dict[str, float]:
    names = ("accuracy", "accuracy_single", "accuracy_tta", "ece", "images")
    return {name: getattr(figures, name) for name in names}
