"""When a run saves itself: often enough that little is lost, not so often that it costs time."""

import time
from collections.abc import Callable

from trainer.events.base import Event
from trainer.events.run_events import CheckpointSaved
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.run_state import state_of

LONGEST_WITHOUT = 60.0
"""Seconds of work that a power cut may cost."""
SHORTEST_BETWEEN = 5.0
"""Seconds. On a graphics card an epoch may take less time than writing to the disk."""


class Checkpointer:
    """Writes a run's checkpoints and says so, in the process that leads; for `trainer.training.loop`."""

    def __init__(self, run: TrainingRun, folder: RunFolder, emit: Callable[[Event], None]) -> None:
        self._run, self._folder, self._emit = run, folder, emit
        self._begun = time.perf_counter()
        self._saved: float | None = None
        self._step: int | None = None

    def after_step(self) -> None:
        """Save if much would be lost by now; never after an epoch's last step: see there."""
        since = self._begun if self._saved is None else self._saved
        if time.perf_counter() - since >= LONGEST_WITHOUT and not self._run.at_end_of_epoch:
            self.save()

    def after_epoch(self) -> None:
        """Save after an epoch was validated, unless it was a short one."""
        young = self._saved is not None and time.perf_counter() - self._saved < SHORTEST_BETWEEN
        if self._run.is_over or not young:
            self.save()

    def save(self) -> None:
        """Save, if there is anything new.

        Raises:
            StorageError: If it cannot be written; the one before is then still there.
            TrainingDiverged: If it is not worth keeping.
        """
        run = self._run
        if run.step == self._step or not run.group.is_main:
            return
        save_checkpoint(self._folder.checkpoint, state_of(run))
        run.saved = True
        self._saved, self._step = time.perf_counter(), run.step
        self._emit(CheckpointSaved(step=run.step, path=str(self._folder.checkpoint)))
