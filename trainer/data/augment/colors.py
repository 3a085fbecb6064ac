"""Changes of color: saturation, contrast, brightness, gray."""

import torch
from torch import Tensor

from trainer.data.augment.rounding import to_uint8

LUMA = (0.299, 0.587, 0.114)
"""Luminance weights of red, green and blue (ITU-R BT.601)."""


def jitter_colors(images: Tensor, factors: Tensor) -> Tensor:
    """Change saturation, contrast and brightness of images.

    Args:
        images: uint8 tensor of shape [N, 3, H, W].
        factors: Float tensor of shape [N, 3], the factors of saturation, contrast and brightness;
            1 leaves an image unchanged.

    Returns:
        uint8 tensor of shape [N, 3, H, W], in contiguous memory.
    """
    saturation, contrast, brightness = factors.view(-1, 3, 1, 1, 1).unbind(1)
    colors = images.contiguous().float()
    gray = luminance(colors)
    colors = torch.lerp(gray, colors, saturation)
    colors = torch.lerp(gray.mean((2, 3), keepdim=True), colors, contrast)
    return to_uint8(colors * brightness)


def luminance(colors: Tensor) -> Tensor:
    """Luminance, shape [N, 1, H, W], of colors of shape [N, 3, H, W]."""
    # Python floats, as a tensor would have to be transferred to the device for every batch.
    channels = zip(LUMA, torch.split(colors, 1, dim=1), strict=True)
    return torch.stack([weight * channel for weight, channel in channels]).sum(0)
