"""When a run tells how it goes and saves itself, and what it tells; used by `trainer.training`."""

import time

from trainer.events import EpochFinished, Progress
from trainer.training_run import TrainingRun

CHECKPOINT_SECONDS = 60.0
PROGRESS_SECONDS = 0.25


class Clock:
    """Follows one epoch of a run, or what is left of it: speed, time left, sums since last told."""

    def __init__(self, run: TrainingRun) -> None:
        self._run = run
        self._start = self._told = self._saved = time.perf_counter()
        self._first_step = run.step
        self._told_sums = run.epoch_sums.tolist() if run.step % len(run.batches) else [0.0] * 3

    def progress_due(self) -> bool:
        """Whether the person has waited long enough for news."""
        return time.perf_counter() - self._told >= PROGRESS_SECONDS

    def checkpoint_due(self) -> bool:
        """Whether enough work would be lost by now; asking resets it."""
        now = time.perf_counter()
        due = now - self._saved >= CHECKPOINT_SECONDS
        self._saved = now if due else self._saved
        return due

    def progress(self) -> Progress:
        """How the steps since the last telling went.

        Raises:
            TrainingDiverged: If the loss is no longer a number.
        """
        run = self._run
        sums = run.epoch_sums.tolist()
        loss, correct, images = (a - b for a, b in zip(sums, self._told_sums, strict=True))
        run.require_finite()
        now = time.perf_counter()
        speed = (run.step - self._first_step) / (now - self._start)
        told = Progress(
            epoch=(run.step - 1) // len(run.batches) + 1,
            step=run.step,
            steps=run.steps,
            loss=loss / images,
            accuracy=correct / images,
            images_per_second=images / (now - self._told),
            learning_rate=run.optimizer.learning_rate,
            seconds_left=(run.steps - run.step) / speed,
        )
        self._told, self._told_sums = now, sums
        return told

    def epoch_finished(self) -> EpochFinished:
        """Validate, and sum up the epoch.

        Raises:
            TrainingDiverged: If the loss is no longer a number.
        """
        run = self._run
        loss, correct, images = run.epoch_sums.tolist()
        run.require_finite()
        trained = time.perf_counter() - self._start
        validation_loss, validation_accuracy = run.validate()
        steps = run.step - self._first_step
        return EpochFinished(
            epoch=run.epoch,
            train_loss=loss / images,
            train_accuracy=correct / images,
            validation_loss=validation_loss,
            validation_accuracy=validation_accuracy,
            learning_rate=run.optimizer.learning_rate,
            seconds=time.perf_counter() - self._start,
            images_per_second=steps * run.batches.batch_size / trained,
        )
