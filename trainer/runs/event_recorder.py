"""Writes the events of a run to its folder, then passes them on; used by `cifar-trainer train`."""

import traceback
from collections.abc import Callable
from contextlib import suppress

from trainer.errors import Cancelled, StorageError, TrainerError
from trainer.events.base import Event
from trainer.events.run_events import Preparing, RunFailed
from trainer.runs.run_folder import RunFolder

PREPARING_INTERVAL = 1.0


class EventLog:
    """Writes events to the event log, thinning out `Preparing` events.

    Of these it keeps one per second, and the last one of each preparation.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._written: Preparing | None = None
        self._skipped: Preparing | None = None

    def add(self, event: Event) -> None:
        """Write an event, or skip it for now.

        Raises:
            StorageError: If it cannot be written.
        """
        last = self._skipped
        if last is not None and not (isinstance(event, Preparing) and event.what == last.what):
            self._skipped = None
            self._folder.append(last)
        if isinstance(event, Preparing):
            self._add_preparing(event)
        else:
            self._folder.append(event)

    def _add_preparing(self, event: Preparing) -> None:
        if self._written is not None and _is_too_soon(event, self._written):
            self._skipped = event
            return
        self._written, self._skipped = event, None
        self._folder.append(event)


def _is_too_soon(event: Preparing, last: Preparing) -> bool:
    # Not if the clock was set back, which would suppress all further events.
    return last.what == event.what and 0 <= event.time - last.time < PREPARING_INTERVAL


class EventRecorder:
    """Passes events on, and writes them to the run folder once it is locked.

    Attributes:
        recording: Whether events are written to the folder.
    """

    def __init__(self, folder: RunFolder, report: Callable[[Event], None]) -> None:
        self._folder, self._report = folder, report
        self._log = EventLog(folder)
        self.recording = False

    def __call__(self, event: Event) -> None:
        """Record an event, then pass it on."""
        # Written first, so that the folder is never behind what was reported.
        if self.recording:
            self._log.add(event)
        self._report(event)

    def failure(self, error: Exception) -> None:
        """Record and pass on that the run ended with an error."""
        folder = self._folder
        event = RunFailed(
            reason=_reason(error),
            stopped=isinstance(error, Cancelled),
            resumable=folder.checkpoint.exists() and not folder.model.exists(),
        )
        if self.recording:
            # Even if the disk is full, the user must see the error.
            with suppress(StorageError):
                self._log.add(event)
        self._report(event)


def _reason(error: Exception) -> str:
    if isinstance(error, TrainerError):
        return error.message
    text = "".join(traceback.format_exception_only(error)).strip()
    return f"This is a bug in CIFAR Desktop; please report it: {text}"
