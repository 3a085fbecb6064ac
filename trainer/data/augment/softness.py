"""What lenses and sensors do to a picture: blur and noise."""

import torch
from torch import Tensor

from trainer.data.augment.geometry import weighted

NOISE_VALUES = 2**20
"""Length of the noise that all images share; each starts somewhere else in it."""


def blur_colors(colors: Tensor, sigmas: Tensor) -> Tensor:
    """Blur images with a Gaussian, which is cut off at the border.

    Args:
        colors: Float tensor of shape [N, 3, H, H].
        sigmas: Standard deviation of each image's Gaussian in pixels, shape [N]; 0 changes nothing.

    Returns:
        Float tensor of shape [N, 3, H, H].
    """
    weights = _gaussian(sigmas, colors.size(2))
    return weighted(colors, weights, weights)


def _gaussian(sigmas: Tensor, side: int) -> Tensor:
    steps = torch.arange(side, device=sigmas.device)
    distances = (steps[:, None] - steps).square() / -2
    # A standard deviation of 0 would give no number; below 0.05, neighbors weigh nothing anyway.
    exponents = distances / sigmas.clamp(min=0.05).square()[:, None, None]
    # Below e^-20 nothing changes, but numbers too small for all their bits are slow.
    weights = exponents.clamp(min=-20).exp()
    return weights / weights.sum(2, keepdim=True)


def gaussian_noise(seed: int) -> Tensor:
    """Random numbers with a normal distribution, float32 [NOISE_VALUES]."""
    return torch.randn(NOISE_VALUES, generator=torch.Generator().manual_seed(seed))


def add_noise(colors: Tensor, deviations: Tensor, starts: Tensor, noise: Tensor) -> Tensor:
    """Add Gaussian noise to images, other noise to every pixel and channel.

    Args:
        colors: Float tensor of shape [N, 3, H, W].
        deviations: Standard deviation of each image's noise, shape [N].
        starts: Where in `noise` the noise of each image starts, from 0 to 1, shape [N].
        noise: What `gaussian_noise` returned, on the device of the images. Sharing it gives the
            same numbers on every device, and is faster than drawing as many.

    Returns:
        Float tensor of shape [N, 3, H, W].
    """
    windows = noise.unfold(0, colors[0].numel(), 1)
    first = (starts * len(windows)).long().clamp(max=len(windows) - 1)
    return torch.addcmul(colors, windows[first].view_as(colors), deviations.view(-1, 1, 1, 1))
