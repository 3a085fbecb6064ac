"""Evaluates networks on many images; used by training and by `cifar-trainer evaluate`."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import torch
from msgspec.structs import replace
from torch import Tensor

from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import normalize
from trainer.devices.device import PLAIN_CPU, Device
from trainer.evaluation.metrics import (
    accuracy,
    auroc,
    calibration,
    confusion_matrix,
    expected_calibration_error,
)
from trainer.evaluation.report import Report, SplitName
from trainer.evaluation.results import EvaluationMetrics, UnknownMetrics
from trainer.inference.energy_score import energy_score
from trainer.inference.two_precisions import TwoPrecisions
from trainer.inference.views import predict_mirrored, predict_shifted
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import ProgressReporter


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """The result of evaluating a network.

    Attributes:
        figures: The metrics.
        probabilities: Calibrated probabilities, float32 of shape [N, classes] on the CPU.
        scores: Energy scores, float32 of shape [N] on the CPU.
    """

    figures: EvaluationMetrics
    probabilities: Tensor
    scores: Tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvaluationImages:
    """Images to evaluate a network on, and where they are from.

    Attributes:
        split: The images and their labels.
        kind: Which split of the dataset they are.
        data: Name of the dataset.
        files: Name of each image; empty if images have no names.
        unknown: Images of other things than the network's classes, uint8 of shape [M, 3, H, W].
        notes: What to know about the data, in sentences.
    """

    split: Split
    kind: SplitName
    data: str
    files: tuple[str, ...]
    unknown: Tensor | None = None
    notes: tuple[str, ...] = ()


def evaluate(
    network: Network,
    card: ModelCard,
    images: Tensor,
    labels: Tensor,
    *,
    device: Device = PLAIN_CPU,
    progress: ProgressReporter | None = None,
    six_views: bool = False,
) -> Evaluation:
    """Compute all metrics of a network.

    Args:
        network: Network in eval mode.
        card: Its card, for normalization and temperature.
        images: uint8 tensor of shape [N, 3, H, W].
        labels: int64 tensor of shape [N].
        device: Device to compute on.
        progress: Receives progress; cancels the work.
        six_views: Whether to compute the accuracy with six views as well, which takes long.

    Raises:
        Cancelled: If the user stopped it.
    """
    start = time.perf_counter()
    progress = progress or ProgressReporter()
    network = network.to(device.torch_device).to(memory_format=device.memory_format)
    predictor = TwoPrecisions(network, device, card.temperature, images=len(images))
    batches = normalized_batches(
        images, card, device, progress, "Evaluating", predictor.batch_factor
    )
    logits = [predictor.predict(batch) for batch in batches]
    single, mirrored = (torch.cat(each).cpu() for each in zip(*logits, strict=True))
    tta = None
    if six_views:
        batches = normalized_batches(images, card, device, progress, "Evaluating four more views")
        shifted = torch.cat([predict_shifted(network, batch, device) for batch in batches]).cpu()
        tta = accuracy(mirrored + shifted, labels)
    probabilities = (mirrored / card.temperature).softmax(1)
    bins = calibration(probabilities, labels)
    # From the probabilities, where nearly tied logits are equal, as that is what a report finds the
    # images of a cell by.
    confusion = confusion_matrix(probabilities, labels)
    correct = confusion.diag()
    figures = EvaluationMetrics(
        accuracy=accuracy(probabilities, labels),
        accuracy_single=accuracy(single, labels),
        accuracy_tta=tta,
        recall=_ratios(card.classes, correct, confusion.sum(1)),
        precision=_ratios(card.classes, correct, confusion.sum(0)),
        confusion=confusion.tolist(),
        calibration=bins,
        ece=expected_calibration_error(bins),
        images=len(labels),
        seconds=time.perf_counter() - start,
    )
    scores = energy_score(mirrored / card.temperature)
    return Evaluation(figures=figures, probabilities=probabilities, scores=scores)


def evaluate_unknown(
    network: Network,
    card: ModelCard,
    images: Tensor,
    known_scores: Tensor,
    *,
    device: Device = PLAIN_CPU,
    progress: ProgressReporter | None = None,
) -> UnknownMetrics:
    """Compute how well a network tells other images from those of its classes.

    Args:
        network: Network in eval mode, on the device.
        card: Its card, for normalization, temperature and threshold.
        images: Images of other classes, uint8 of shape [M, 3, H, W]; at least one.
        known_scores: Energy scores of images of its classes, float of shape [N].
        device: Device to compute on.
        progress: Receives progress; cancels the work.

    Raises:
        Cancelled: If the user stopped it.
    """
    scores = _scores(network, card, images, device, progress or ProgressReporter())
    found, mistaken = (
        (each < card.unknown_threshold).double().mean().item() for each in (scores, known_scores)
    )
    return UnknownMetrics(
        images=len(images), found=found, mistaken=mistaken, auroc=auroc(known_scores, scores)
    )


def count_unknown(
    network: Network,
    card: ModelCard,
    images: Tensor,
    *,
    device: Device = PLAIN_CPU,
    progress: ProgressReporter | None = None,
) -> int:
    """How many images a network says are none of its classes; arguments as `evaluate_unknown`.

    Raises:
        Cancelled: If the user stopped it.
    """
    scores = _scores(network, card, images, device, progress or ProgressReporter())
    return int((scores < card.unknown_threshold).sum())


def _scores(
    network: Network, card: ModelCard, images: Tensor, device: Device, progress: ProgressReporter
) -> Tensor:
    """Energy scores, float32 of shape [M] on the CPU, of images of other classes."""
    network = network.to(device.torch_device).to(memory_format=device.memory_format)
    batches = normalized_batches(images, card, device, progress, "Evaluating other images")
    logits = torch.cat([predict_mirrored(network, batch) for batch in batches]).cpu()
    return energy_score(logits / card.temperature)


def normalized_batches(
    images: Tensor,
    card: ModelCard,
    device: Device,
    progress: ProgressReporter,
    task: str,
    factor: int = 1,
) -> Iterator[Tensor]:
    """Batches of uint8 images [N, 3, H, W] as a network expects them, on the device.

    Each has `factor` times as many images as the device computes at once.

    Raises:
        Cancelled: If the user stopped it.
    """
    count = factor * device.evaluation_batch(images.size(-1))
    for first in range(0, len(images), count):
        progress.report(task, first, len(images))
        batch = images[first : first + count].to(device.torch_device)
        batch = normalize(batch, card.mean, card.std)
        yield batch.contiguous(memory_format=device.memory_format)
    progress.report(task, len(images), len(images))


def _ratios(classes: Sequence[str], parts: Tensor, wholes: Tensor) -> dict[str, float | None]:
    return {
        name: part / whole if whole else None
        for name, part, whole in zip(classes, parts.tolist(), wholes.tolist(), strict=True)
    }


def evaluate_test_split(
    network: Network,
    card: ModelCard,
    dataset: Dataset,
    *,
    device: Device,
    progress: ProgressReporter,
) -> Report:
    """Evaluate a network on the test images of a dataset.

    Raises:
        Cancelled: If the user stopped it.
    """
    images = EvaluationImages(
        split=dataset.test,
        kind="test",
        data=dataset.name,
        files=dataset.test_files,
        unknown=None if dataset.none is None else dataset.none.test,
    )
    return evaluate_images(network, card, images, device=device, progress=progress)


def evaluate_images(
    network: Network,
    card: ModelCard,
    images: EvaluationImages,
    *,
    device: Device,
    progress: ProgressReporter,
    six_views: bool = False,
) -> Report:
    """Evaluate a network on images, and keep every prediction.

    Args:
        network: Network in eval mode.
        card: Its card.
        images: The images, and where they are from.
        device: Device to compute on.
        progress: Receives progress; cancels the work.
        six_views: Whether to compute the accuracy with six views as well.

    Raises:
        Cancelled: If the user stopped it.
    """
    split, unknown = images.split, images.unknown
    result = evaluate(
        network,
        card,
        split.images,
        split.labels,
        device=device,
        progress=progress,
        six_views=six_views,
    )
    figures = result.figures
    if unknown is not None and len(unknown):
        others = evaluate_unknown(
            network, card, unknown, result.scores, device=device, progress=progress
        )
        figures = replace(figures, unknown=others)
    return Report(
        subject=card.recipe or card.architecture,
        data=images.data,
        split=images.kind,
        classes=card.classes,
        epochs=card.figures.get("epochs", 0.0),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        figures=figures,
        notes=images.notes,
        images=split.images.permute(0, 2, 3, 1).numpy(),
        labels=split.labels.numpy(),
        probabilities=result.probabilities.numpy(),
        files=images.files,
    )
