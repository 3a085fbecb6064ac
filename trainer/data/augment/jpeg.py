"""JPEG compression without files: the loss of quality, not the saving, on any device.

As libjpeg and Pillow do it: rounding to whole numbers of brightness and color, cosine transform of
blocks of 8 x 8, quantization with the tables of the standard (ITU-T T.81, annex K) scaled by the
quality, colors at half the resolution, and a triangle filter to enlarge them again.
"""

import math
from functools import lru_cache

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.data.augment.colors import LUMA, luminance
from trainer.data.augment.geometry import area_weights

BLOCK = 8
_LUMINANCE = (
    (16, 11, 10, 16, 24, 40, 51, 61),
    (12, 12, 14, 19, 26, 58, 60, 55),
    (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62),
    (18, 22, 37, 56, 68, 109, 103, 77),
    (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101),
    (72, 92, 95, 98, 112, 100, 103, 99),
)
_CHROMINANCE = (
    (17, 18, 24, 47, 99, 99, 99, 99),
    (18, 21, 26, 66, 99, 99, 99, 99),
    (24, 26, 56, 99, 99, 99, 99, 99),
    (47, 66, 99, 99, 99, 99, 99, 99),
    *((99,) * 8,) * 4,
)


_RED_RANGE, _BLUE_RANGE = 2 * (1 - LUMA[0]), 2 * (1 - LUMA[2])


def compress_colors(colors: Tensor, qualities: Tensor, *, subsampled: bool) -> Tensor:
    """What becomes of images when they are saved as JPEG files and opened again.

    Args:
        colors: Float tensor of shape [N, 3, H, W], from 0 to 255.
        qualities: Quality of each image as in libjpeg, int64 of shape [N], from 1 to 100.
        subsampled: Whether color is kept at half the resolution only (4:2:0).

    Returns:
        Float tensor of shape [N, 3, H, W].
    """
    height, width = colors.shape[2:]
    brightness, differences = _to_ycc(_padded(colors.round().clamp(0, 255), 2))
    fine, coarse = (table[:, None] for table in _tables(qualities))
    if subsampled:
        differences = _doubled(_coded(F.avg_pool2d(differences, 2).round(), coarse))
    else:
        differences = _coded(differences, coarse)
    return _to_rgb(_coded(brightness, fine), differences)[:, :, :height, :width]


def _padded(planes: Tensor, multiple: int) -> Tensor:
    """Planes [N, C, H, W] whose last rows and columns are repeated up to whole multiples."""
    height, width = planes.shape[2:]
    missing = (0, -width % multiple, 0, -height % multiple)
    return F.pad(planes, missing, mode="replicate") if any(missing) else planes


def _tables(qualities: Tensor) -> Tensor:
    """Steps of the coefficients of brightness and of color, [2, N, 8, 8], transposed."""
    qualities = qualities.view(-1, 1, 1)
    percent = torch.where(qualities < 50, 5000 // qualities, 200 - 2 * qualities)
    tables = _standard_tables(qualities.device)[:, None]
    return ((tables * percent + 50) // 100).clamp(1, 255).float()


@lru_cache
def _standard_tables(device: torch.device) -> Tensor:
    return torch.tensor([_LUMINANCE, _CHROMINANCE], device=device).transpose(1, 2)


@lru_cache
def _cosines(side: int, device: torch.device) -> Tensor:
    """The cosine transform of each block along one axis, [side, side], orthonormal."""
    frequencies, places = torch.arange(BLOCK)[:, None], torch.arange(BLOCK) + 0.5
    block = (frequencies * places * (math.pi / BLOCK)).cos() * math.sqrt(2 / BLOCK)
    block[0] = math.sqrt(1 / BLOCK)
    return torch.kron(torch.eye(side // BLOCK), block).to(device)


def _to_ycc(colors: Tensor) -> tuple[Tensor, Tensor]:
    """Brightness [N, 1, H, W] and the differences of blue and red from it [N, 2, H, W], about 0."""
    brightness = luminance(colors)
    red, _, blue = torch.split(colors, 1, dim=1)
    differences = (blue - brightness) / _BLUE_RANGE, (red - brightness) / _RED_RANGE
    return brightness.round() - 128, torch.cat(differences, 1).round()


def _to_rgb(brightness: Tensor, differences: Tensor) -> Tensor:
    """The colors [N, 3, H, W] that `_to_ycc` split up."""
    brightness = brightness + 128
    blue = brightness + _BLUE_RANGE * differences[:, :1]
    red = brightness + _RED_RANGE * differences[:, 1:]
    green = (brightness - LUMA[0] * red - LUMA[2] * blue) / LUMA[1]
    return torch.cat([red, green, blue], 1)


def _doubled(planes: Tensor) -> Tensor:
    """Planes [N, C, H, W] enlarged to twice the size by linear interpolation, rounded."""
    down, across = (_doubling(side, planes.device) for side in planes.shape[2:])
    return (down @ (planes @ across.T)).round()


@lru_cache
def _doubling(side: int, device: torch.device) -> Tensor:
    """The weights of the interpolation along one axis, [2 * side, side]."""
    centers = (torch.arange(2 * side) + 0.5) / 2
    return area_weights(centers[None], torch.tensor([0.5]), side)[0].to(device)


def _coded(planes: Tensor, steps: Tensor) -> Tensor:
    """What is left of whole numbers about 0, [N, C, H, W], with coefficients in such steps.

    `steps` has the shape [N, 1, 8, 8] and is transposed.
    """
    blocks = _padded(planes, BLOCK)
    height, width = blocks.shape[2:]
    down, across = _cosines(height, planes.device), _cosines(width, planes.device)
    steps = steps.repeat(1, 1, width // BLOCK, height // BLOCK)
    # Transposed from the first half of the transform to the last half of its inverse.
    coefficients = (blocks @ across.T).transpose(2, 3) @ down.T
    halfway = ((coefficients / steps).round() * steps) @ down
    decoded = (halfway.transpose(2, 3) @ across).round().clamp(-128, 127)
    return decoded[:, :, : planes.size(2), : planes.size(3)]
