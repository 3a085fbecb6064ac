"""Mean and spread of the training images' channels, by which a network's input is normalised."""

import torch
from torch import Tensor

SMALLEST_DEVIATION = 1e-3
"""Of a channel that never varies, so that normalising it does not divide by nothing."""

Channels = tuple[float, float, float]


def channel_statistics(images: Tensor) -> tuple[Channels, Channels]:
    """Means and standard deviations of the channels of uint8 images, of values from 0 to 1."""
    means, deviations = zip(*map(_mean_and_deviation, images.unbind(1)), strict=True)
    return means, deviations


def _mean_and_deviation(channel: Tensor) -> tuple[float, float]:
    # Counting values is exact, and needs no float copy of the dataset.
    values = torch.arange(256, dtype=torch.float64) / 255
    counts = torch.bincount(channel.flatten(), minlength=256).double()
    share = counts / counts.sum()
    mean = (share * values).sum()
    deviation = (share * (values - mean) ** 2).sum().sqrt()
    return mean.item(), max(deviation.item(), SMALLEST_DEVIATION)
