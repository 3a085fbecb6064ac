"""Brings samples of any depth to 8 bits; used by `color_modes`, `png` and `tiff`."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

Samples = npt.NDArray[Any]

_DEEP_WHITES = (1023, 4095, 16383)
"""Largest values of 10, 12 and 14 bits, which cameras and scanners store in 16."""
_WHITES = (1, 255, *_DEEP_WHITES, 65535)
_MOST_FLOAT_LIGHT = 16.0
"""Floats up to here exceed 1 because the scene did, not because white is 255."""
ROWS = 64
"""Rows that are converted at a time, as a whole picture of floats is several times its size."""
_ROUNDING = 1e-3
"""Keeps the largest value at 255 where the factor to it was rounded down."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """How samples become 8 bits: `(value - black) * scale`.

    Attributes:
        black: The value of black.
        scale: Factor to the range from 0 to 255.
        note: What was assumed, in a few words; empty if samples already have 8 bits.
    """

    black: float
    scale: float
    note: str = ""


def span_of(
    samples: Samples, bits: int, given: tuple[float, float] | None = None, *, exact: bool = False
) -> Span:
    """The range that samples use, by what the file says or else by what they reach.

    Args:
        samples: Array of any shape and number type.
        bits: Bits per sample in the file.
        given: Smallest and largest value by the file; ignored if the samples contradict it.
        exact: Whether the file says that all of its bits are used.
    """
    if given is not None and _is_plausible(given, samples):
        return _stretch(*given)
    low, high = _extremes(samples)
    if samples.dtype.kind == "f":
        return _float_span(low, high)
    if low < 0:
        return _stretch(low, high)
    if exact or bits not in (16, 32, 64):
        return _integers(2.0**bits - 1)
    if bits == 16:
        most = 2.0**15 - 1 if samples.dtype.kind == "i" else 2.0**16 - 1
        return _integers(next((w for w in _DEEP_WHITES if 255 < high <= w), most))
    white = next((white for white in _WHITES if high <= white), None)
    return _stretch(low, high) if white is None else _integers(white)


def span_of_alpha(alpha: Samples, colors: Span, bits: int) -> Span:
    """The range of alpha: opaque is the white of the colors, unless alpha exceeds it."""
    if alpha.dtype.kind != "f" and alpha.size and float(alpha.max()) * colors.scale < 256:
        return Span(black=0.0, scale=colors.scale)
    return span_of(alpha, bits, exact=True) if alpha.size else colors


def to_8_bit(samples: Samples, span: Span) -> npt.NDArray[np.uint8]:
    """Scale samples; what is not a number becomes black.

    Args:
        samples: Array of shape [H, ...] of any number type.
        span: Result of `span_of`.

    Returns:
        uint8 array of the same shape.
    """
    kind = np.float64 if samples.dtype.itemsize > 4 or samples.dtype.kind in "iu" else np.float32
    with np.errstate(all="ignore"):
        floats: npt.NDArray[np.floating[Any]] = samples.astype(kind)
        scaled = (floats - span.black) * span.scale + _ROUNDING
    plain: npt.NDArray[np.uint8] = np.clip(np.nan_to_num(scaled, nan=0.0), 0, 255).astype(np.uint8)
    return plain


def painted(size: tuple[int, int], strips: Iterable[Image.Image]) -> Image.Image:
    """A picture made of strips from top to bottom."""
    image: Image.Image | None = None
    top = 0
    for strip in strips:
        if image is None:
            image = Image.new(strip.mode, size)
        image.paste(strip, (0, top))
        top += strip.height
    if image is None:
        raise ValueError("no pixels")
    return image


def image_of(
    colors: npt.NDArray[np.uint8],
    alpha: npt.NDArray[np.uint8] | None = None,
    *,
    mode: str | None = None,
) -> Image.Image:
    """A picture of gray (L, LA) or color (RGB, RGBA, or `mode`) samples.

    Args:
        colors: uint8 array of shape [H, W, channels].
        alpha: uint8 array of shape [H, W], 0 for transparent.
        mode: Mode of Pillow without alpha, unless it is L or RGB.
    """
    mode = mode or ("L" if colors.shape[-1] == 1 else "RGB")
    # Of memory without gaps, as arrays are views of parts of wider ones.
    image = Image.frombytes(mode, colors.shape[1::-1], np.ascontiguousarray(colors).tobytes())
    if alpha is not None:
        image.putalpha(Image.fromarray(alpha))
    return image


def _extremes(samples: Samples) -> tuple[float, float]:
    if samples.dtype.kind != "f":
        return float(samples.min()), float(samples.max())
    finite = np.isfinite(samples)
    if not finite.any():
        return 0.0, 1.0
    return (
        float(samples.min(where=finite, initial=np.inf)),
        float(samples.max(where=finite, initial=-np.inf)),
    )


def _is_plausible(given: tuple[float, float], samples: Samples) -> bool:
    low, high = given
    if not (np.isfinite(low) and np.isfinite(high) and low < high):
        return False
    outside = np.count_nonzero(samples > high) + np.count_nonzero(samples < low)
    return bool(outside <= samples.size // 100)


def _float_span(low: float, high: float) -> Span:
    if low >= 0:
        if 1 < high <= _MOST_FLOAT_LIGHT:
            return _stretch(0.0, high)
        white = next((white for white in _WHITES if high <= white), None)
        if white is not None:
            note = f"floating-point values up to {white}, scaled to 8 bits"
            return Span(black=0.0, scale=_scale_to(white), note=note)
    return _stretch(low, high)


def _integers(white: float) -> Span:
    bits = int(white + 1).bit_length() - 1
    note = f"{bits} bits per channel, scaled to 8" if bits > 8 else ""
    return Span(black=0.0, scale=_scale_to(white), note=note)


def _scale_to(white: float) -> float:
    # Of eight bits and more, the upper eight; fewer are spread over the full range.
    return 256 / (white + 1) if white >= 255 else 255 / white


def _number(value: float) -> str:
    """A number as people write it, unless it has more zeros than they can read."""
    if value and not 1e-4 <= abs(value) < 1e9:
        return f"{value:.3g}"
    return f"{value:,.0f}" if abs(value) >= 9999 else f"{value:.4g}"


def _stretch(low: float, high: float) -> Span:
    note = f"values from {_number(low)} to {_number(high)}, scaled to 8 bits"
    # Two halves, as the difference of two large floats may be infinite.
    width = (high / 255 - low / 255) or 1.0
    return Span(black=low, scale=1 / width, note=note)
