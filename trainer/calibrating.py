"""Makes a network's card honest, by images that were put aside; for runs and ensembles."""

from dataclasses import replace

import torch
from torch import Tensor

from trainer.data import Split
from trainer.device import Device
from trainer.evaluation import answer, normalise
from trainer.figures import accuracy, fit_temperature, known_score
from trainer.model_file import ModelCard
from trainer.models import Network
from trainer.progress import Progress

KNOWN_SHARE = 0.95
"""Share of the images put aside that pass as showing one of the classes."""


def calibrate(
    network: Network, card: ModelCard, aside: Split, *, device: Device, progress: Progress
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
    scores = known_score(logits / temperature)
    return replace(
        card,
        temperature=temperature,
        unknown_threshold=scores.double().quantile(1 - KNOWN_SHARE).item(),
        figures=card.figures | {"validation_accuracy": accuracy(logits, aside.labels)},
    )


def _logits(
    network: Network, card: ModelCard, aside: Split, device: Device, progress: Progress
) -> Tensor:
    parts = []
    for first in range(0, len(aside), device.evaluation_batch):
        progress.report("Calibrating", first, len(aside))
        some = aside.images[first : first + device.evaluation_batch].to(device.torch_device)
        parts.append(answer(network, normalise(some, card.mean, card.std)))
    progress.report("Calibrating", len(aside), len(aside))
    return torch.cat(parts).cpu()
