"""Smooths a noisy line; used by the live curves."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NOTHING = 1e-12
_NONE: Floats = np.empty(0)


class Smoother:
    """Debiased exponential moving average of a line that grows; computes only the new values.

    The sum of the weights is averaged in the same way and divided by, as in Adam's bias correction:
    the first value is not drawn towards zero, and gaps, which stay gaps, do not count.
    """

    def __init__(self) -> None:
        self._weight = 0.0
        self._values: Floats = _NONE
        self._sums: Floats = _NONE
        self._weights: Floats = _NONE

    def smooth(self, values: Floats, weight: float) -> Floats:
        """The average at each point.

        Args:
            values: One value per point; NaN is a gap.
            weight: Weight of the previous average, 0 (returns `values` itself) to below 1.
        """
        if weight <= 0 or not len(values):
            return values
        if weight != self._weight or not _begins_with(values, self._values):
            self._reset(weight)
        fresh = values[len(self._values) :]
        known = np.isfinite(fresh)
        self._sums = _continued(self._sums, np.where(known, fresh, 0.0), weight)
        self._weights = _continued(self._weights, known.astype(np.float64), weight)
        self._values = values
        result = np.full(len(values), np.nan)
        allowed = np.isfinite(values) & (self._weights > 0)
        np.divide(self._sums, self._weights, out=result, where=allowed)
        return result

    def _reset(self, weight: float) -> None:
        self._weight = weight
        self._values = self._sums = self._weights = _NONE


def _begins_with(values: Floats, start: Floats) -> bool:
    # Compared as bytes, so that NaN equals NaN.
    return values[: len(start)].tobytes() == start.tobytes()


def _continued(before: Floats, fresh: Floats, weight: float) -> Floats:
    """The previous sums, followed by those of new values."""
    sums = _weighted_sums(fresh, weight)
    if len(before):
        sums += before[-1] * weight ** np.arange(1.0, len(fresh) + 1)
    return np.concatenate((before, sums))


def _weighted_sums(values: Floats, weight: float) -> Floats:
    """At each value, the sum of all values so far, each weighted by `weight` to its distance.

    Every pass doubles the distance, which is much faster than a loop over the values.
    """
    sums, reach = values.copy(), 1
    while reach < len(sums) and weight**reach > _NOTHING:
        sums[reach:] += weight**reach * sums[:-reach]
        reach *= 2
    return sums
