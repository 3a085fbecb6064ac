"""Logits of many images, and the figures made of them; used by training, CLI and predictor."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.devices.device import PLAIN_CPU, Device
from trainer.evaluation.metrics import (
    accuracy,
    calibration,
    confusion_matrix,
    expected_calibration_error,
)
from trainer.evaluation.results import Figures
from trainer.models.model_file import ModelCard
from trainer.models.network import Network
from trainer.progress import Progress

SHIFTS = ((0, 0), (-1, -1), (1, 1))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Evaluation:
    """A network judged.

    Attributes:
        figures: How good it is.
        probabilities: Its answers, calibrated, float32 [N, classes] on the CPU.
    """

    figures: Figures
    probabilities: Tensor


def normalise(
    images: Tensor, mean: Sequence[float] | Tensor, std: Sequence[float] | Tensor
) -> Tensor:
    """uint8 images [N, 3, H, W] as float, by the mean and std that the network was trained with."""
    scale = torch.as_tensor(std, device=images.device).mul(255).view(3, 1, 1)
    shift = torch.as_tensor(mean, device=images.device).mul(255).view(3, 1, 1)
    return (images.float() - shift) / scale


def mirror(images: Tensor) -> Tensor:
    """Images [N, C, H, W], left and right exchanged."""
    return images.flip(-1)


@torch.inference_mode()
def answer(network: Network, images: Tensor) -> Tensor:
    """Logits of normalised images as the program answers: the mean over image and mirror image.

    Args:
        network: In eval mode, on the images' device.
        images: Float [N, 3, H, W].

    Returns:
        Float32 [N, classes], not yet divided by a temperature.
    """
    both: Tensor = network(torch.cat([images, mirror(images)])).float()
    return both.view(2, len(images), -1).mean(0)


@torch.inference_mode()
def six_views(network: Network, images: Tensor, device: Device) -> tuple[Tensor, Tensor, Tensor]:
    """Logits with one forward pass, with the mirror image, and with shifts by a pixel as well.

    The six views are those by which the speed records are judged: half the weight on the image and
    its mirror image, half on both of them shifted by a pixel up and left, and down and right. Image
    and mirror image are what the program answers by, and computed in float32 as there; the shifted
    ones serve the comparison alone, and are computed as fast as the device can.

    Args:
        network: In eval mode, on the device.
        images: Float [N, 3, H, W], normalised, on the device.
        device: Where to compute.

    Returns:
        Three float32 tensors [N, classes] on the device.
    """
    side = images.size(-1)
    padded = F.pad(images, (1,) * 4, mode="reflect")
    views = [padded[..., 1 + y : 1 + y + side, 1 + x : 1 + x + side] for y, x in SHIFTS]
    single = network(images).float()
    centre = (single + network(mirror(images)).float()) / 2
    with device.autocast():
        shifted = torch.stack([answer(network, view) for view in views[1:]]).mean(0)
    return single, centre, (centre + shifted) / 2


def evaluate(
    network: Network,
    card: ModelCard,
    images: Tensor,
    labels: Tensor,
    *,
    device: Device = PLAIN_CPU,
    progress: Progress | None = None,
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
    progress = progress or Progress()
    network = network.to(device.torch_device).to(memory_format=device.memory_format)
    parts = []
    for first in range(0, len(images), device.evaluation_batch):
        progress.report("Evaluating", first, len(images))
        some = images[first : first + device.evaluation_batch].to(device.torch_device)
        batch = normalise(some, card.mean, card.std)
        batch = batch.contiguous(memory_format=device.memory_format)
        parts.append(six_views(network, batch, device))
    progress.report("Evaluating", len(images), len(images))
    single, answered, tta = (torch.cat(each).cpu() for each in zip(*parts, strict=True))
    probabilities = (answered / card.temperature).softmax(1)
    bins = calibration(probabilities, labels)
    # Of the probabilities, in which logits that nearly tie are equal: whoever looks for the images
    # that a cell counts has nothing else to go by.
    confusion = confusion_matrix(probabilities, labels)
    right = confusion.diag()
    figures = Figures(
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
