"""Weights in eight bits, which halves a model file again; used by `trainer.models.model_file`.

Each filter of a convolution, and each row of a linear layer, is stored as int8 numbers with one
scale, as usual for quantization per channel (Nagel et al., "A White Paper on Neural Network
Quantization", 2021). They are only stored so: computation stays in float32.
"""

from collections.abc import Mapping

import torch
from torch import Tensor

SCALE = ".scale"
"""Added to the name of a tensor, it names the scales of its filters."""
LARGEST = 127
CLIPPINGS = torch.linspace(1, 0.5, 26)
"""Fractions of a filter's largest weight beyond which weights may be clipped."""


def quantized(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Store all tensors of two or more dimensions as int8, with their scales.

    Args:
        tensors: Finite tensors by name; those of two or more dimensions are float weights, filter
            by filter.

    Returns:
        The same tensors; weights as int8 of the same shape, and float32 [filters] of scales under
        their name and `SCALE`. A weight is about its int8 number times the scale of its filter.
    """
    stored: dict[str, Tensor] = {}
    for name, value in tensors.items():
        if value.ndim > 1:
            scales = _best_scales(value.float().flatten(1))
            stored[name] = _rounded(value.float().flatten(1), scales).view_as(value).to(torch.int8)
            stored[name + SCALE] = scales
        else:
            stored[name] = value
    return stored


def dequantized(stored: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """What `quantized` stored, with float32 weights.

    Raises:
        ValueError: If a weight is not int8, or its scales are missing or impossible.
    """
    tensors = dict(stored)
    for name, value in stored.items():
        if value.ndim > 1:
            scales = tensors.pop(name + SCALE, None)
            if scales is None or not _are_scales(scales, len(value)) or value.dtype != torch.int8:
                raise ValueError(f"{name}: {value.dtype} with the scales {scales}")
            tensors[name] = value.float().mul_(scales.view(-1, *[1] * (value.ndim - 1)))
    return tensors


def _best_scales(filters: Tensor) -> Tensor:
    """The scale of each filter [F, N], float32 [F], with the smallest squared error."""
    peaks = filters.abs().amax(1)
    # A filter of zeros needs a scale, too.
    candidates = torch.where(peaks > 0, peaks, 1) / LARGEST * CLIPPINGS[:, None]
    errors = torch.stack([
        (_rounded(filters, scales) * scales[:, None] - filters).square().sum(1)
        for scales in candidates
    ])  # fmt: skip
    return candidates.gather(0, errors.argmin(0)[None])[0]


def _rounded(filters: Tensor, scales: Tensor) -> Tensor:
    return (filters / scales[:, None]).round().clamp(-LARGEST, LARGEST)


def _are_scales(scales: Tensor, filters: int) -> bool:
    right_kind = scales.dtype == torch.float32 and scales.shape == (filters,)
    return right_kind and bool((scales.isfinite() & (scales > 0)).all())
