"""Mean and spread of the training images' channels, by which a network's input is normalised."""

from collections.abc import Sequence

import torch
from torch import Tensor


def normalize(
    images: Tensor, mean: Sequence[float] | Tensor, std: Sequence[float] | Tensor
) -> Tensor:
    """uint8 images [N, 3, H, W] as float, by the mean and std that the network was trained with."""
    scale = torch.as_tensor(std, device=images.device).mul(255).view(3, 1, 1)
    shift = torch.as_tensor(mean, device=images.device).mul(255).view(3, 1, 1)
    return (images.float() - shift) / scale


def mirror(images: Tensor) -> Tensor:
    """Images [N, C, H, W], left and right exchanged."""
    return images.flip(-1)


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
