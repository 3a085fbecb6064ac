"""From colors as numbers back to pixels."""

import torch
from torch import Tensor


def to_uint8(colors: Tensor) -> Tensor:
    """The nearest pixels of shape and memory format of `colors`, which are from 0 to 255."""
    return colors.round().clamp(0, 255).to(torch.uint8)
