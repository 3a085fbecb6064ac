"""The numbers of a run as the live curves take them, and what they are at a place."""

from dataclasses import dataclass

import numpy as np

from cifar_desktop.training.widgets.curves.axis_math import Floats

WHOLE_EPOCH = 1.0
"""How near a value of a whole epoch counts as near: the latest one does until the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunCurves:
    """One run's numbers, ready to be drawn.

    Epochs are the x axis, so that runs with other batch sizes compare. What is missing or not a
    number is a gap.
    """

    name: str
    epochs: float
    """Of the whole run."""
    x: Floats
    """Where each point of progress lies, in epochs, ascending."""
    loss: Floats
    """Of the training images since the last point."""
    accuracy: Floats
    """Likewise, from 0 to 1."""
    rate: Floats
    """The learning rate."""
    epoch_x: Floats
    """Where each finished epoch lies."""
    train_loss: Floats
    train_accuracy: Floats
    validation_loss: Floats
    validation_accuracy: Floats

    @property
    def reached(self) -> float:
        """How far the run has come, in epochs."""
        return max((float(x[-1]) for x in (self.x, self.epoch_x) if len(x)), default=0.0)

    def continues(self, before: "RunCurves") -> bool:
        """Whether this can be the same run, a little later; its name may have changed."""
        same_start = self.loss[: len(before.loss)][:1].tobytes() == before.loss[:1].tobytes()
        return self.epochs == before.epochs and self.reached >= before.reached and same_start


def latest(values: Floats) -> float | None:
    """The last value that is a number."""
    # The last few tell; only a run that consists of gaps is searched as a whole.
    for part in (values[-16:], values):
        known = part[np.isfinite(part)]
        if len(known):
            return float(known[-1])
    return None


def nearest(x: Floats, at: float, within: float = 0.5) -> int | None:
    """Which point lies closest to a place; None where none is near.

    Args:
        x: Where the points lie, ascending.
        at: The place.
        within: How far a point may be away, in epochs; always half as far as the next one.
    """
    if not len(x):
        return None
    after = int(np.searchsorted(x, at))
    around = [index for index in (after - 1, after) if 0 <= index < len(x)]
    index = min(around, key=lambda each: abs(float(x[each]) - at))
    gap = float(x[1] - x[0]) / 2 if len(x) > 1 else 0.0
    return index if abs(float(x[index]) - at) <= max(within, gap) else None


def value_at(x: Floats, y: Floats, at: float, within: float = 0.5) -> float | None:
    """The value of the point closest to a place, if one is near and it is a number."""
    index = nearest(x, at, within)
    if index is None or index >= len(y) or not np.isfinite(y[index]):
        return None
    return float(y[index])
