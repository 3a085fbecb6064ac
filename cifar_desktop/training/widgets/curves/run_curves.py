"""The metrics of a run as the live curves draw them, and their values at a position."""

from dataclasses import dataclass

import numpy as np

from cifar_desktop.training.widgets.curves.axis_math import Floats

WHOLE_EPOCH = 1.0
"""How far away a per-epoch value may be: the latest one counts until the next."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RunCurves:
    """The metrics of one run.

    The x axis counts epochs, so that runs with different batch sizes can be compared. NaN is a gap.

    Attributes:
        name: Name of the run.
        epochs: Number of epochs of the whole run.
        x: Position of each progress event in epochs, ascending.
        loss: Training loss since the previous event.
        accuracy: Training accuracy since the previous event, 0 to 1.
        rate: Learning rate.
        epoch_x: Position of each finished epoch.
        train_loss: Training loss of each epoch.
        train_accuracy: Training accuracy of each epoch, 0 to 1.
        validation_loss: Validation loss after each epoch.
        validation_accuracy: Validation accuracy after each epoch, 0 to 1.
        validation_digits: Decimals of a validation accuracy in percent; 0 for few images.
        best: The epoch of the best validation accuracy, or None.
    """

    name: str
    epochs: float
    x: Floats
    loss: Floats
    accuracy: Floats
    rate: Floats
    epoch_x: Floats
    train_loss: Floats
    train_accuracy: Floats
    validation_loss: Floats
    validation_accuracy: Floats
    validation_digits: int = 1
    best: float | None = None

    @property
    def reached(self) -> float:
        """How many epochs the run has reached."""
        return max((float(x[-1]) for x in (self.x, self.epoch_x) if len(x)), default=0.0)

    def continues(self, before: "RunCurves") -> bool:
        """Whether this may be the same run at a later time; its name may have changed."""
        same_start = self.loss[: len(before.loss)][:1].tobytes() == before.loss[:1].tobytes()
        return self.epochs == before.epochs and self.reached >= before.reached and same_start


def latest(values: Floats) -> float | None:
    """The last finite value."""
    # Usually one of the last few is finite.
    for part in (values[-16:], values):
        known = part[np.isfinite(part)]
        if len(known):
            return float(known[-1])
    return None


def nearest(x: Floats, at: float, within: float = 0.5) -> int | None:
    """The index of the nearest point, or None if none is near.

    Args:
        x: Positions of the points, ascending.
        at: The position to look at.
        within: Maximum distance in epochs; at least half the distance between two points.
    """
    if not len(x):
        return None
    after = int(np.searchsorted(x, at))
    around = [index for index in (after - 1, after) if 0 <= index < len(x)]
    index = min(around, key=lambda each: abs(float(x[each]) - at))
    gap = float(x[1] - x[0]) / 2 if len(x) > 1 else 0.0
    return index if abs(float(x[index]) - at) <= max(within, gap) else None


def value_at(x: Floats, y: Floats, at: float, within: float = 0.5) -> float | None:
    """The value of the nearest point, if one is near and its value is finite."""
    index = nearest(x, at, within)
    if index is None or index >= len(y) or not np.isfinite(y[index]):
        return None
    return float(y[index])
