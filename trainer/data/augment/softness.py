"""What cameras and other people's programs do to a picture: blur and noise."""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.data.augment.geometry import weighted
from trainer.data.augment.rounding import to_uint8

NOISE_VALUES = 2**20
"""Length of the noise that all images share; each starts somewhere else in it."""


def blur_images(images: Tensor, sigmas: Tensor) -> Tensor:
    """Blur images with a Gaussian, which is cut off at the border.

    Args:
        images: uint8 tensor of shape [N, 3, H, W].
        sigmas: Standard deviation of each image's Gaussian in pixels, shape [N]; 0 changes nothing.

    Returns:
        uint8 tensor of shape [N, 3, H, W] in channels-last memory.
    """
    rows, columns = (_gaussian(sigmas, side) for side in images.shape[2:])
    return weighted(images.permute(0, 2, 3, 1).contiguous(), rows, columns).permute(0, 3, 1, 2)


def _gaussian(sigmas: Tensor, side: int) -> Tensor:
    steps = torch.arange(side, device=sigmas.device)
    distances = (steps[:, None] - steps).square() / -2
    # A standard deviation of 0 would give no number; below 0.05, neighbors weigh nothing anyway.
    weights = (distances / sigmas.clamp(min=0.05).square()[:, None, None]).exp()
    # Numbers too small for 24 significant bits are ten times as slow, and change nothing.
    weights = F.threshold(weights, 1e-6, 0)
    return weights / weights.sum(2, keepdim=True)


def gaussian_noise(seed: int) -> Tensor:
    """Random numbers with a normal distribution, float32 [NOISE_VALUES]."""
    return torch.randn(NOISE_VALUES, generator=torch.Generator().manual_seed(seed))


def add_noise(images: Tensor, deviations: Tensor, starts: Tensor, noise: Tensor) -> Tensor:
    """Add Gaussian noise to images, other noise to every pixel and channel.

    Args:
        images: uint8 tensor of shape [N, 3, H, W] in channels-last memory.
        deviations: Standard deviation of each image's noise, from 0 to 255, shape [N].
        starts: Where in `noise` the noise of each image starts, from 0 to 1, shape [N].
        noise: What `gaussian_noise` returned, on the device of the images. Sharing it gives the
            same numbers on every device, and is faster than drawing as many.

    Returns:
        uint8 tensor of shape [N, 3, H, W] in channels-last memory.
    """
    pixels = images.permute(0, 2, 3, 1)
    windows = noise.unfold(0, pixels[0].numel(), 1)
    first = (starts * len(windows)).long().clamp(max=len(windows) - 1)
    added = windows[first].view(pixels.shape) * deviations.view(-1, 1, 1, 1)
    return to_uint8(added + pixels).permute(0, 3, 1, 2)
