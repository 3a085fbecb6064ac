"""Makes a network's card honest, by images that were put aside; for runs and ensembles."""

from dataclasses import replace

import torch
from torch import Tensor

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import channel_statistics, normalize
from trainer.data.split import train_validation_split
from trainer.data.validation_size import validation_size
from trainer.devices.device import Device
from trainer.errors import DataError
from trainer.evaluation.metrics import accuracy, fit_temperature
from trainer.inference.energy_score import energy_score
from trainer.inference.views import answer
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import ProgressReporter

KNOWN_SHARE = 0.95
"""Share of the images put aside that pass as showing one of the classes."""


def calibrate(
    network: Network, card: ModelCard, aside: Split, *, device: Device, progress: ProgressReporter
) -> ModelCard:
    """A card with temperature, threshold and accuracy as the images put aside tell them.

    Args:
        network: In eval mode, on the device, in float32.
        card: Its card, for normalisation.
        aside: Images that were not trained on.
        device: Where to compute.
        progress: Told how many images are done; stops it.

    Returns:
        The card with its other figures as they were, and the accuracy of the images put aside.

    Raises:
        Cancelled: If `progress` says so.
    """
    logits = _logits(network, card, aside, device, progress)
    temperature = fit_temperature(logits.clone(), aside.labels)
    scores = energy_score(logits / temperature)
    return replace(
        card,
        temperature=temperature,
        unknown_threshold=scores.double().quantile(1 - KNOWN_SHARE).item(),
        figures=card.figures | {"validation_accuracy": accuracy(logits, aside.labels)},
    )


def held_out_split(dataset: Dataset, config: TrainConfig, card: ModelCard) -> Split:
    """The images that the run of a network did not train on.

    Args:
        dataset: What it learned from.
        config: Its settings.
        card: What its file says, by which it is seen whether the data are the same.

    Raises:
        DataError: If they are not.
    """
    count = validation_size(config, len(dataset.train))
    training, aside = train_validation_split(dataset.train, count, config.seed)
    if (card.mean, card.std) != channel_statistics(training.images):
        raise DataError(
            "The data are no longer those that the runs learned from. Name their folder, if they "
            "were moved (--data)."
        )
    return aside


def _logits(
    network: Network, card: ModelCard, aside: Split, device: Device, progress: ProgressReporter
) -> Tensor:
    parts = []
    for first in range(0, len(aside), device.evaluation_batch):
        progress.report("Calibrating", first, len(aside))
        some = aside.images[first : first + device.evaluation_batch].to(device.torch_device)
        parts.append(answer(network, normalize(some, card.mean, card.std)))
    progress.report("Calibrating", len(aside), len(aside))
    return torch.cat(parts).cpu()
