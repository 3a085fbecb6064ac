"""Logits of many images, and the figures made of them; used by training, CLI and predictor."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import torch
from torch import Tensor

from trainer.data.dataset import Dataset, Split
from trainer.data.normalization import normalize
from trainer.devices.device import PLAIN_CPU, Device
from trainer.evaluation.metrics import (
    accuracy,
    calibration,
    confusion_matrix,
    expected_calibration_error,
)
from trainer.evaluation.report import Report, SplitName
from trainer.evaluation.results import EvaluationMetrics
from trainer.inference.views import predict_tta
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import ProgressReporter


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """A network judged.

    Attributes:
        figures: How good it is.
        probabilities: Its answers, calibrated, float32 [N, classes] on the CPU.
    """

    figures: EvaluationMetrics
    probabilities: Tensor


def evaluate(
    network: Network,
    card: ModelCard,
    images: Tensor,
    labels: Tensor,
    *,
    device: Device = PLAIN_CPU,
    progress: ProgressReporter | None = None,
) -> Evaluation:
    """Everything that `cifar-trainer evaluate` tells of a network.

    Args:
        network: In eval mode.
        card: Its card, for normalisation and temperature.
        images: uint8 [N, 3, H, W].
        labels: int64 [N].
        device: Where to compute.
        progress: Told how many images are done; stops it.

    Raises:
        Cancelled: If `progress` says so.
    """
    start = time.perf_counter()
    progress = progress or ProgressReporter()
    network = network.to(device.torch_device).to(memory_format=device.memory_format)
    parts = []
    for first in range(0, len(images), device.evaluation_batch):
        progress.report("Evaluating", first, len(images))
        some = images[first : first + device.evaluation_batch].to(device.torch_device)
        batch = normalize(some, card.mean, card.std)
        batch = batch.contiguous(memory_format=device.memory_format)
        parts.append(predict_tta(network, batch, device))
    progress.report("Evaluating", len(images), len(images))
    single, answered, tta = (torch.cat(each).cpu() for each in zip(*parts, strict=True))
    probabilities = (answered / card.temperature).softmax(1)
    bins = calibration(probabilities, labels)
    # Of the probabilities, in which logits that nearly tie are equal: whoever looks for the images
    # that a cell counts has nothing else to go by.
    confusion = confusion_matrix(probabilities, labels)
    right = confusion.diag()
    figures = EvaluationMetrics(
        accuracy=accuracy(probabilities, labels),
        accuracy_single=accuracy(single, labels),
        accuracy_tta=accuracy(tta, labels),
        per_class=_shares(card.classes, right, confusion.sum(1)),
        precision=_shares(card.classes, right, confusion.sum(0)),
        confusion=confusion.tolist(),
        calibration=bins,
        ece=expected_calibration_error(bins),
        images=len(labels),
        seconds=time.perf_counter() - start,
    )
    return Evaluation(figures=figures, probabilities=probabilities)


def _shares(classes: Sequence[str], parts: Tensor, wholes: Tensor) -> dict[str, float | None]:
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
    """What a network answers to the test images of a dataset.

    Raises:
        Cancelled: If `progress` says so.
    """
    return evaluate_split(
        network,
        card,
        dataset.test,
        kind="test",
        data=dataset.name,
        files=dataset.test_files,
        device=device,
        progress=progress,
    )


def evaluate_split(
    network: Network,
    card: ModelCard,
    split: Split,
    *,
    kind: SplitName,
    data: str,
    files: tuple[str, ...],
    device: Device,
    progress: ProgressReporter,
) -> Report:
    """What a network answers to images.

    Args:
        network: In eval mode.
        card: Its card.
        split: The images, and what they show.
        kind: Which images of the dataset they are.
        data: Name of the dataset.
        files: What each image is called; empty where they have no names.
        device: Where to compute.
        progress: Told how many images are done; stops it.

    Raises:
        Cancelled: If `progress` says so.
    """
    result = evaluate(network, card, split.images, split.labels, device=device, progress=progress)
    return Report(
        subject=card.recipe or card.architecture,
        data=data,
        split=kind,
        classes=card.classes,
        epochs=card.figures.get("epochs", 0.0),
        date=datetime.now(UTC).isoformat(timespec="seconds"),
        figures=result.figures,
        images=split.images.permute(0, 2, 3, 1).numpy(),
        labels=split.labels.numpy(),
        probabilities=result.probabilities.numpy(),
        files=files,
    )
