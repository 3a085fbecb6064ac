"""What a chart shows of its numbers: which points, which range, which ticks; used by the charts."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Range = tuple[float, float]

_FACTORS = (1.0, 2.0, 2.5, 5.0, 10.0)
_OUTLIER = 3.0
"""So many times the height of the rest, the highest values are left out."""
_USUAL = 0.97
"""The share of the values that are always in."""
_CLOSEST = 1e-5
"""The least part of the whole that can be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The part of a chart's x axis that is looked at, how it is shown, and which scale y has."""

    start: float
    end: float
    pixels: int
    """The screen's, of which there may be several to one of Qt's."""
    density: float = 1.0
    """How many."""
    log: bool = False


def scaled(values: Floats, *, log: bool) -> Floats:
    """Values as they are drawn; what has no place on the scale becomes a gap."""
    allowed = np.isfinite(values)
    if log:
        allowed &= values > 0
        return np.log10(values, out=np.full(len(values), np.nan), where=allowed)
    return np.where(allowed, values, np.nan)


def thinned(x: Floats, y: Floats, window: Window, *, calm: bool = False) -> tuple[Floats, Floats]:
    """The visible points; where they are many, the lowest and highest of each column of pixels.

    Of a calm line, in which the two hardly differ, only their middle. The columns lie at multiples
    of their width, so that a line which grows does not flicker.
    """
    first = max(int(np.searchsorted(x, window.start)) - 1, 0)
    last = int(np.searchsorted(x, window.end, side="right")) + 1
    x, y = x[first:last], y[first:last]
    if len(x) <= 2 * max(window.pixels, 1):
        return x, y
    width = (window.end - window.start) / window.pixels
    edges = width * np.arange(window.start // width, window.end // width + 2)
    starts = np.unique(np.append(0, np.searchsorted(x, edges)))
    starts = starts[starts < len(x)]
    low, high = np.fmin.reduceat(y, starts), np.fmax.reduceat(y, starts)
    if calm:
        return x[starts], (low + high) / 2
    return np.repeat(x[starts], 2), np.column_stack((low, high)).reshape(-1)


def alone(y: Floats) -> NDArray[np.bool_]:
    """Which points have a gap on either side, so that no line leads to them."""
    known = np.isfinite(y)
    around = np.pad(known, 1)
    lone: NDArray[np.bool_] = known & ~around[:-2] & ~around[2:]
    return lone


def value_range(y: Floats, *, usual: bool) -> Range | None:
    """The lowest and highest value.

    Args:
        y: The values; gaps do not count.
        usual: Leave out a few that lie far above all others. The first losses of a run can be so
            large that the rest of it would become a flat line.
    """
    y = y[np.isfinite(y)]
    if not len(y):
        return None
    low, high = float(y.min()), float(y.max())
    most = float(np.quantile(y, _USUAL, method="lower")) if usual else high
    if most > low and high - low > _OUTLIER * (most - low):
        return low, most
    return low, high


def roomy(low: float, high: float) -> Range:
    """A range with some air, rounded so that it seldom moves while a run goes on."""
    if high - low < 1e-9 * max(abs(low), abs(high), 1e-9):
        air = abs(high) * 0.1 or 0.5
        return low - air, high + air
    step = nice_step((high - low) / 20)
    air = (high - low) * 0.03
    return math.floor((low - air) / step) * step, math.ceil((high + air) / step) * step


def follow_end(reached: float, epochs: float) -> float:
    """Where the x axis ends while it follows a run: at the whole, a half, a quarter ... of it.

    The whole from the start would squeeze what there is into a sliver; an end that moves with
    every point would keep the curves in motion. So they fill at least half of the width, and the
    axis changes only when the run has doubled.
    """
    end = max(epochs, reached, _CLOSEST)
    least = min(end, 0.25)
    while end / 2 >= max(reached, least):
        end /= 2
    return end


def zoom_images(span: Range, factor: float, at: float) -> Range:
    """A span made wider or narrower, with one of its values staying in place."""
    return at - (at - span[0]) * factor, at + (span[1] - at) * factor


def kept_within(span: Range, whole: Range) -> Range:
    """A span, moved and if need be shortened until it lies in the whole."""
    room = whole[1] - whole[0]
    width = min(max(span[1] - span[0], room * _CLOSEST), room)
    start = min(max(span[0], whole[0]), whole[1] - width)
    return start, start + width


def nice_step(least: float, factors: tuple[float, ...] = _FACTORS) -> float:
    """The first of 1, 2, 2.5, 5, 10, 20 ... (also 0.1 ...) that is not far below the least."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in factors if factor * power >= least * 0.9)


def ticks(
    low: float, high: float, count: int, factors: tuple[float, ...] = _FACTORS
) -> list[float]:
    """At most about `count` round values of a range."""
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
