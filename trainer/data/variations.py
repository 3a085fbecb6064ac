"""Images enlarged or shrunk, and in other colours; used by `trainer.data.augmentation`."""

import torch
from torch import Tensor
from torch.nn import functional as F

LUMA = (0.299, 0.587, 0.114)
"""How bright red, green and blue are to the eye (ITU-R BT.601)."""


def zoomed(images: Tensor, scales: Tensor) -> Tensor:
    """Images in other sizes about their centres; beyond the border they go on mirrored.

    Args:
        images: uint8 [N, 3, H, W].
        scales: Float [N]; above 1 enlarges.

    Returns:
        uint8 [N, 3, H, W] in channels-last memory.
    """
    shrink = torch.zeros(len(images), 2, 3, device=images.device)
    shrink[:, 0, 0] = shrink[:, 1, 1] = 1 / scales
    grid = F.affine_grid(shrink, list(images.shape), align_corners=False)
    sampled = F.grid_sample(images.float(), grid, padding_mode="reflection", align_corners=False)
    return _whole(sampled).contiguous(memory_format=torch.channels_last)


def recoloured(images: Tensor, factors: Tensor) -> Tensor:
    """Images with other saturation, contrast and brightness.

    Args:
        images: uint8 [N, 3, H, W].
        factors: Float [N, 3], of saturation, contrast and brightness in this order; 1 leaves all.

    Returns:
        uint8 [N, 3, H, W].
    """
    saturation, contrast, brightness = factors.view(-1, 3, 1, 1, 1).unbind(1)
    colours = images.float()
    # Numbers, not a tensor of them: that would be brought over to the device for every batch.
    parts = zip(LUMA, torch.split(colours, 1, dim=1), strict=True)
    grey = torch.stack([weight * part for weight, part in parts]).sum(0)
    colours = torch.lerp(grey, colours, saturation)
    colours = torch.lerp(grey.mean((2, 3), keepdim=True), colours, contrast)
    return _whole(colours * brightness)


def _whole(colours: Tensor) -> Tensor:
    return colours.round().clamp(0, 255).to(torch.uint8)
