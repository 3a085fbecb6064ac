"""Per-channel mean and standard deviation of the training images, and normalization by them."""

from collections.abc import Sequence

import torch
from torch import Tensor


def normalize(
    images: Tensor, mean: Sequence[float] | Tensor, std: Sequence[float] | Tensor
) -> Tensor:
    """Normalize uint8 images [N, 3, H, W] to float by channel mean and std (of values 0 to 1)."""
    scale = torch.as_tensor(std, device=images.device).mul(255).view(3, 1, 1)
    shift = torch.as_tensor(mean, device=images.device).mul(255).view(3, 1, 1)
    return (images.float() - shift) / scale


def mirror(images: Tensor) -> Tensor:
    """Flip images [N, C, H, W] horizontally."""
    return images.flip(-1)


SMALLEST_DEVIATION = 1e-3
"""Standard deviation of a constant channel, which avoids division by zero."""

Channels = tuple[float, float, float]


def channel_statistics(images: Tensor) -> tuple[Channels, Channels]:
    """Means and standard deviations of the channels of uint8 images, scaled to 0 to 1."""
    means, deviations = zip(*map(_mean_and_deviation, images.unbind(1)), strict=True)
    return means, deviations


def _mean_and_deviation(channel: Tensor) -> tuple[float, float]:
    # A histogram is exact and needs no float copy of the dataset.
    values = torch.arange(256, dtype=torch.float64) / 255
    counts = torch.bincount(channel.flatten(), minlength=256).double()
    share = counts / counts.sum()
    mean = (share * values).sum()
    deviation = (share * (values - mean) ** 2).sum().sqrt()
    return mean.item(), max(deviation.item(), SMALLEST_DEVIATION)
