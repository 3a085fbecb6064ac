"""The numbers behind a chart: downsampling, ranges, zoom and ticks."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Range = tuple[float, float]

_FACTORS = (1.0, 2.0, 2.5, 5.0, 10.0)
_OUTLIER = 3.0
"""The highest values are left out if they make the range this many times as tall."""
_INLIERS = 0.97
"""Fraction of the values that is always in range."""
_MAX_ZOOM = 1e-5
"""The smallest fraction of the whole that can fill a chart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewport:
    """The visible part of the x axis, its resolution, and the scale of the y axis.

    Attributes:
        start: Left end, in epochs.
        end: Right end, in epochs.
        columns: Width in device pixels.
        log: Whether y is logarithmic.
    """

    start: float
    end: float
    columns: int
    log: bool = False


def scaled(values: Floats, *, log: bool) -> Floats:
    """Values as drawn, logarithms on a log scale; NaN where a value cannot be drawn."""
    valid = np.isfinite(values)
    if log:
        valid &= values > 0
        return np.log10(values, out=np.full(len(values), np.nan), where=valid)
    return np.where(valid, values, np.nan)


def downsampled(
    x: Floats, y: Floats, viewport: Viewport, *, smooth: bool = False
) -> tuple[Floats, Floats]:
    """The visible points; if there are many, the minimum and maximum of each pixel column.

    For a smooth line, where the two hardly differ, only their midpoint. Columns start at
    multiples of their width, so a growing line does not flicker.
    """
    first = max(int(np.searchsorted(x, viewport.start)) - 1, 0)
    last = int(np.searchsorted(x, viewport.end, side="right")) + 1
    x, y = x[first:last], y[first:last]
    if len(x) <= 2 * max(viewport.columns, 1):
        return x, y
    width = (viewport.end - viewport.start) / viewport.columns
    edges = width * np.arange(viewport.start // width, viewport.end // width + 2)
    starts = np.unique(np.append(0, np.searchsorted(x, edges)))
    starts = starts[starts < len(x)]
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    if smooth:
        return x[starts], (low + high) / 2
    return np.repeat(x[starts], 2), np.column_stack((low, high)).reshape(-1)


def isolated(y: Floats) -> NDArray[np.bool_]:
    """Which points have a gap on both sides, so no line reaches them."""
    known = np.isfinite(y)
    around = np.pad(known, 1)
    lone: NDArray[np.bool_] = known & ~around[:-2] & ~around[2:]
    return lone


def value_range(y: Floats, *, ignore_outliers: bool) -> Range | None:
    """The minimum and maximum, or None without any value.

    Args:
        y: The values; NaN is ignored.
        ignore_outliers: Leave out a few values far above all others. The first losses of a run
            can be so large that the rest would become a flat line.
    """
    y = y[np.isfinite(y)]
    if not len(y):
        return None
    low, high = float(y.min()), float(y.max())
    top = float(np.quantile(y, _INLIERS, method="lower")) if ignore_outliers else high
    if top > low and high - low > _OUTLIER * (top - low):
        return low, top
    return low, high


def padded(low: float, high: float) -> Range:
    """A range with some margin, rounded so that it rarely changes during a run."""
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        margin = abs(high) * 0.1 or 0.5
        return low - margin, high + margin
    step = nice_step((high - low) / 20)
    margin = (high - low) * 0.03
    return math.floor((low - margin) / step) * step, math.ceil((high + margin) / step) * step


def follow_end(reached: float, epochs: float) -> float:
    """Where the x axis ends while it follows a run: at the whole, a half, a quarter ... of it.

    Showing the whole run from the start would squeeze the first epochs into a sliver; an end that
    moves with every point would never hold still. This way the curves fill at least half of the
    width, and the axis changes only when the run has doubled.
    """
    end = max(epochs, reached, _MAX_ZOOM)
    least = min(end, 0.25)
    while end / 2 >= max(reached, least):
        end /= 2
    return end


def zoom_span(span: Range, factor: float, at: float) -> Range:
    """A span made wider or narrower around one of its values."""
    return at - (at - span[0]) * factor, at + (span[1] - at) * factor


def clamped(span: Range, whole: Range) -> Range:
    """A span moved, and if necessary shortened, to lie within the whole."""
    room = whole[1] - whole[0]
    width = min(max(span[1] - span[0], room * _MAX_ZOOM), room)
    start = min(max(span[0], whole[0]), whole[1] - width)
    return start, start + width


def nice_step(least: float, factors: tuple[float, ...] = _FACTORS) -> float:
    """The first of 1, 2, 2.5, 5, 10, 20 ... (also 0.1 ...) that is not far below `least`."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in factors if factor * power >= least * 0.9)


def ticks(
    low: float, high: float, count: int, factors: tuple[float, ...] = _FACTORS
) -> list[float]:
    """About `count` round values in a range, at most."""
    if not high > low:
        return []
    step = nice_step((high - low) / max(count, 1), factors)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [round(index * step, 12) for index in range(first, last + 1)]


def log_ticks(low: float, high: float, count: int) -> list[float]:
    """The same for a range of logarithms; the ticks are the values themselves."""
    decades = range(math.floor(low), math.ceil(high) + 1)
    for factors in ((1, 2, 3, 5, 7), (1, 2, 5), (1, 3), (1,)):
        values = [factor * 10.0**decade for decade in decades for factor in factors]
        values = [value for value in values if low <= math.log10(value) <= high]
        if 2 <= len(values) <= count:
            return values
    if len(values) > count:
        return values[:: -(-len(values) // count)]
    return [value for value in ticks(10.0**low, 10.0**high, count) if value > 0]
