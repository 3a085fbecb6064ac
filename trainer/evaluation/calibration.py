"""Calibrates networks on held-out images; used by runs and ensembles."""

import torch
from msgspec.structs import replace
from torch import Tensor

from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import channel_statistics
from trainer.data.split import split_for_training
from trainer.devices.device import Device
from trainer.errors import DataError
from trainer.evaluation.evaluate import normalized_batches
from trainer.evaluation.metrics import accuracy, fit_temperature
from trainer.evaluation.verdicts import none_threshold, verdict_figures
from trainer.inference.energy_score import energy_score
from trainer.inference.views import predict_mirrored
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import ProgressReporter


def calibrate(
    network: Network,
    card: ModelCard,
    held_out: Split,
    none: Tensor,
    *,
    device: Device,
    progress: ProgressReporter,
) -> ModelCard:
    """Fit temperature and unknown threshold on held-out images, and measure the verdicts there.

    Args:
        network: Network in eval mode, on the device, in float32.
        card: Its card, for normalization.
        held_out: Images that the network was not trained on.
        none: Pictures of other things that it was not trained on, uint8 [M, 3, S, S]; M may be 0.
        device: Device to compute on.
        progress: Receives progress; cancels the work.

    Returns:
        The card with temperature, threshold, validation accuracy, its number of images, and shares
        of verdicts added.

    Raises:
        Cancelled: If the user stopped it.
    """

    def logits_of(images: Tensor) -> Tensor:
        batches = normalized_batches(images, card, device, progress, "Calibrating")
        rows = [predict_mirrored(network, batch).cpu() for batch in batches]
        return torch.cat(rows) if rows else torch.zeros(0, len(card.classes))

    logits, others = logits_of(held_out.images), logits_of(none)
    temperature = fit_temperature(logits.clone(), held_out.labels)
    logits, others = logits / temperature, others / temperature
    threshold = none_threshold(energy_score(logits), energy_score(others))
    figures = verdict_figures(logits, held_out.labels, others, threshold)
    return replace(
        card,
        temperature=temperature,
        unknown_threshold=threshold,
        threshold_from="none" if len(none) else "validation",
        figures=card.figures
        | {
            "validation_accuracy": accuracy(logits, held_out.labels),
            "validation_images": float(len(held_out)),
        }
        | figures,
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
