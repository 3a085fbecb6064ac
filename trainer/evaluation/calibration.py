"""Calibrates networks on held-out images; used by runs and ensembles."""

import torch
from msgspec.structs import replace

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import channel_statistics
from trainer.data.split import split_for_training
from trainer.devices.device import Device
from trainer.errors import DataError
from trainer.evaluation.evaluate import normalized_batches
from trainer.evaluation.metrics import accuracy, fit_temperature
from trainer.inference.energy_score import energy_score
from trainer.inference.views import predict_mirrored
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import ProgressReporter

KNOWN_FRACTION = 0.95
"""Share of the held-out images that must be recognized as one of the classes."""


def calibrate(
    network: Network,
    card: ModelCard,
    held_out: Split,
    *,
    device: Device,
    progress: ProgressReporter,
) -> ModelCard:
    """Fit temperature and unknown threshold on held-out images.

    Args:
        network: Network in eval mode, on the device, in float32.
        card: Its card, for normalization.
        held_out: Images that the network was not trained on.
        device: Device to compute on.
        progress: Receives progress; cancels the work.

    Returns:
        The card with temperature, threshold, validation accuracy and number of images added.

    Raises:
        Cancelled: If the user stopped it.
    """
    batches = normalized_batches(held_out.images, card, device, progress, "Calibrating")
    logits = torch.cat([predict_mirrored(network, batch) for batch in batches]).cpu()
    temperature = fit_temperature(logits.clone(), held_out.labels)
    scores = energy_score(logits / temperature)
    return replace(
        card,
        temperature=temperature,
        unknown_threshold=scores.double().quantile(1 - KNOWN_FRACTION).item(),
        figures=card.figures
        | {
            "validation_accuracy": accuracy(logits, held_out.labels),
            "validation_images": float(len(held_out)),
        },
    )


def held_out_split(dataset: Dataset, config: TrainConfig, card: ModelCard) -> Split:
    """The images that the run of a network held out for validation.

    Args:
        dataset: The dataset it was trained on.
        config: Settings of the run.
        card: Card of the network, which tells whether the dataset is still the same.

    Raises:
        DataError: If the dataset has changed.
    """
    training, held_out = split_for_training(dataset, config)
    if (card.mean, card.std) != channel_statistics(training.images):
        raise DataError(
            "The dataset is not the one that the network was trained on. If it was moved, choose "
            "its new folder (--data)."
        )
    return held_out
