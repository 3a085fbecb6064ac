"""Everything a run has reported, merged over all its starts; for `run_follower` and summaries.

No Qt here. The event log is the truth; this is what the window knows of it.
"""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from math import inf, isnan, nextafter
from typing import TYPE_CHECKING

from trainer.events.base import Event
from trainer.events.run_events import (
    CheckpointSaved,
    EpochFinished,
    EpochStarted,
    Message,
    Preparing,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    Waiting,
)
from trainer.runs.event_history import resume_position

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class StepCurves:
    """Training metrics, several points per epoch; arrays of the same length.

    Attributes:
        x: Position of each point, in epochs.
        loss: Mean loss per image since the previous point.
        accuracy: Accuracy since the previous point, 0 to 1.
        rate: Learning rate.
    """

    x: "Numbers"
    loss: "Numbers"
    accuracy: "Numbers"
    rate: "Numbers"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EpochCurves:
    """Metrics of whole epochs; arrays of the same length.

    Attributes:
        x: The epoch, from 1.
        train_loss: Loss on the augmented training images during the epoch.
        train_accuracy: Accuracy on the same images, 0 to 1.
        validation_loss: Loss after the epoch.
        validation_accuracy: Accuracy after the epoch, 0 to 1.
    """

    x: "Numbers"
    train_loss: "Numbers"
    train_accuracy: "Numbers"
    validation_loss: "Numbers"
    validation_accuracy: "Numbers"


class _Table:
    """Columns of numbers that grow together; the first is sorted."""

    def __init__(self, columns: int) -> None:
        self._columns = tuple(array("d") for _ in range(columns))

    def __len__(self) -> int:
        return len(self._columns[0])

    def add(self, *values: float) -> None:
        self.cut(nextafter(values[0], -inf))
        for column, value in zip(self._columns, values, strict=True):
            column.append(value)

    def cut(self, last: float) -> None:
        """Remove the rows beyond a value of the first column."""
        if self._columns[0] and self._columns[0][-1] > last:
            begin = bisect_right(self._columns[0], last)
            for column in self._columns:
                del column[begin:]

    def arrays(self) -> "tuple[Numbers, ...]":
        # Late: listing runs, as at every start of the program, needs no curves.
        import numpy as np

        # Copies: an array cannot grow while numpy views its memory.
        return tuple(np.array(column, dtype=np.float64) for column in self._columns)

    def column(self, index: int) -> "array[float]":
        return self._columns[index]


class RunHistory:
    """What is known of one run.

    A later start replaces what earlier ones reported beyond its first step (`resume_position`).

    Attributes:
        revision: Number of changes so far.
        started: The latest start that reached training, or None.
        training: Whether the latest start has reached training and has not ended.
        progress: The latest progress, or None.
        epoch: The current epoch, from 1; 0 before the first.
        preparing: What is being done before or after training, or None.
        waiting: Set while the run waits for its device.
        end_event: How the latest start ended; None while it is active or if it did not report that.
        checkpoint: The latest checkpoint, or None.
        finished: Set once the run has its network.
        messages: Messages for the user, of all starts.
        first_time: Time of the first event in seconds since 1970, or None.
    """

    def __init__(self) -> None:
        self.revision = 0
        self.started: RunStarted | None = None
        self.training = False
        self.progress: Progress | None = None
        self.epoch = 0
        self.preparing: Preparing | None = None
        self.waiting: Waiting | None = None
        self.end_event: RunFinished | RunFailed | None = None
        self.finished: RunFinished | None = None
        self.checkpoint: CheckpointSaved | None = None
        self.messages: list[Message] = []
        self.first_time: float | None = None
        self._steps = _Table(4)
        self._epochs = _Table(5)
        self._begin: float | None = None
        self._last = self._earlier_seconds = 0.0
        self._step_curves: StepCurves | None = None
        self._epoch_curves: EpochCurves | None = None

    def begin(self) -> None:
        """A new start is under way: the end of the previous one no longer counts."""
        self.revision += 1
        self.end_event = self.preparing = self.waiting = None
        self.training = False

    def add(self, event: Event) -> None:
        """Add the next event."""
        self.revision += 1
        self.first_time = event.time if self.first_time is None else self.first_time
        if not isinstance(event, RunFinished | RunFailed | Message):
            self.end_event = None
        if not isinstance(event, Preparing | Message):
            self.preparing = self.waiting = None
        if self._begin is not None and not isinstance(event, Preparing | Waiting):
            self._last = max(self._last, event.time)
        self._apply(event)

    def _apply(self, event: Event) -> None:
        match event:
            case Progress():
                self._add_progress(event)
            case EpochFinished():
                self._add_epoch(event)
            case EpochStarted():
                self.epoch = event.epoch
            case RunStarted():
                self._start(event)
            case Preparing():
                self._close_start()
                self.preparing, self.waiting = event, None
            case Waiting():
                self.waiting, self.training = event, False
            case CheckpointSaved():
                self.checkpoint = event
            case Message():
                self.messages.append(event)
            case RunFinished() | RunFailed():
                self._end(event)

    def _add_progress(self, event: Progress) -> None:
        self.progress = event
        self.epoch = event.epoch
        epochs = self.started.epochs if self.started else event.epoch
        x = event.step * epochs / max(1, event.steps)
        self._step_curves = None
        self._steps.add(x, event.loss, event.accuracy, event.learning_rate)

    def _add_epoch(self, event: EpochFinished) -> None:
        self._epoch_curves = None
        self._epochs.add(event.epoch, event.train_loss, event.train_accuracy,
                         event.validation_loss, event.validation_accuracy)  # fmt: skip

    def _start(self, event: RunStarted) -> None:
        self._close_start()
        self._step_curves = self._epoch_curves = None
        self._begin = self._last = event.time
        self.started, self.training = event, True
        reached = resume_position(event)
        self._steps.cut(reached)
        self._epochs.cut(reached)
        if self.progress is not None and self.progress.step > event.first_step:
            self.progress = None
        self.epoch = int(reached) + 1 if event.first_step else 0

    def _end(self, event: RunFinished | RunFailed) -> None:
        self._close_start()
        self.end_event, self.training = event, False
        if isinstance(event, RunFinished):
            self.finished = event

    def _close_start(self) -> None:
        if self._begin is not None:
            self._earlier_seconds += max(0.0, self._last - self._begin)
        self._begin = None

    @property
    def seconds(self) -> float:
        """Time spent training in seconds, over all starts, as far as it was reported."""
        running = max(0.0, self._last - self._begin) if self._begin is not None else 0.0
        return self._earlier_seconds + running

    @property
    def epochs_done(self) -> int:
        """Number of finished and validated epochs."""
        last = self._epochs.column(0)[-1:]
        return int(last[0]) if last else 0

    @property
    def share_done(self) -> float | None:
        """The share of the training steps that were taken, from 0 to 1; None before the first."""
        if self.progress is not None:
            return self.progress.step / max(1, self.progress.steps)
        return self.started.first_step / max(1, self.started.steps) if self.started else None

    @property
    def best_validation(self) -> float | None:
        """The best validation accuracy of any epoch, 0 to 1."""
        # A network that has diverged may have no accuracy at all.
        return max((each for each in self._epochs.column(4) if not isnan(each)), default=None)

    @property
    def best_epoch(self) -> int | None:
        """The epoch with the best validation accuracy, the latest of equals."""
        epochs, accuracies = self._epochs.column(0), self._epochs.column(4)
        known = [pair for pair in zip(accuracies, epochs, strict=True) if not isnan(pair[0])]
        return int(max(known)[1]) if known else None

    @property
    def kept_epoch(self) -> int | None:
        """The epoch that the finished network is from; None while there is none."""
        epochs = self.finished.figures.get("epochs") if self.finished else None
        return None if epochs is None else round(epochs)

    @property
    def step_curves(self) -> StepCurves:
        """The points within epochs; a copy, cached until something changes."""
        if self._step_curves is None:
            x, loss, accuracy, rate = self._steps.arrays()
            self._step_curves = StepCurves(x=x, loss=loss, accuracy=accuracy, rate=rate)
        return self._step_curves

    @property
    def epoch_curves(self) -> EpochCurves:
        """The points of whole epochs; a copy, cached until something changes."""
        if self._epoch_curves is None:
            self._epoch_curves = _epoch_curves(*self._epochs.arrays())
        return self._epoch_curves


def _epoch_curves(
    x: "Numbers",
    loss: "Numbers",
    accuracy: "Numbers",
    validation_loss: "Numbers",
    validation_accuracy: "Numbers",
) -> EpochCurves:
    return EpochCurves(
        x=x,
        train_loss=loss,
        train_accuracy=accuracy,
        validation_loss=validation_loss,
        validation_accuracy=validation_accuracy,
    )
