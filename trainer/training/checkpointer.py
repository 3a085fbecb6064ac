"""When to save a checkpoint: often enough to lose little, rarely enough to cost no time."""

import time
from collections.abc import Callable

from trainer.events.base import Event
from trainer.events.run_events import CheckpointSaved
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun

MAX_INTERVAL = 60.0
"""Seconds of work that a power cut may cost."""
MIN_INTERVAL = 5.0
"""Seconds. On a GPU an epoch may take less time than writing to disk."""


class Checkpointer:
    """Saves the checkpoints of a run and reports them, in the main process only."""

    def __init__(self, run: TrainingRun, folder: RunFolder, emit: Callable[[Event], None]) -> None:
        self._run, self._folder, self._emit = run, folder, emit
        self._started = time.perf_counter()
        self._saved_time: float | None = None
        self._saved_step: int | None = None

    def after_step(self) -> None:
        """Save if the last checkpoint is old; after an epoch's last step, `after_epoch` does."""
        since = self._started if self._saved_time is None else self._saved_time
        if time.perf_counter() - since >= MAX_INTERVAL and not self._run.at_end_of_epoch:
            self.save()

    def after_epoch(self) -> None:
        """Save once an epoch is validated, unless the last checkpoint is recent."""
        saved = self._saved_time
        recent = saved is not None and time.perf_counter() - saved < MIN_INTERVAL
        if self._run.is_finished or not recent:
            self.save()

    def save(self) -> None:
        """Save a checkpoint, unless this step was saved before.

        Raises:
            StorageError: If it cannot be written; the previous checkpoint is then still there.
            TrainingDiverged: If the loss or a weight is not finite.
        """
        run = self._run
        if run.step == self._saved_step or not run.group.is_main:
            return
        save_checkpoint(self._folder.checkpoint, run.state_dict())
        run.has_checkpoint = True
        self._saved_time, self._saved_step = time.perf_counter(), run.step
        self._emit(CheckpointSaved(step=run.step, path=str(self._folder.checkpoint)))
