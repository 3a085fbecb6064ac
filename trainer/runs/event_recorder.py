"""Records what a run reports in its folder, then passes it on; used by `cifar-trainer train`."""

import traceback
from collections.abc import Callable
from contextlib import suppress

from trainer.errors import Cancelled, StorageError, TrainerError
from trainer.events.base import Event
from trainer.events.run_events import Preparing, RunFailed
from trainer.runs.run_folder import RunFolder

SECONDS_BETWEEN = 1.0


class EventLog:
    """Writes events to a run's folder; of progress in preparing no more than a reader needs.

    That is one report a second, and the last one of everything that is prepared.
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder = folder
        self._written: Preparing | None = None
        self._left_out: Preparing | None = None

    def add(self, event: Event) -> None:
        """Write an event, or leave it out.

        Raises:
            StorageError: If it cannot be written.
        """
        last = self._left_out
        if last is not None and not (isinstance(event, Preparing) and event.what == last.what):
            self._left_out = None
            self._folder.append(last)
        if isinstance(event, Preparing):
            self._add_preparing(event)
        else:
            self._folder.append(event)

    def _add_preparing(self, event: Preparing) -> None:
        if self._written is not None and _comes_soon_after(self._written, event):
            self._left_out = event
            return
        self._written, self._left_out = event, None
        self._folder.append(event)


def _comes_soon_after(last: Preparing, event: Preparing) -> bool:
    # A clock that was put back must not silence the rest.
    return last.what == event.what and 0 <= event.time - last.time < SECONDS_BETWEEN


class EventRecorder:
    """Passes events on, and records them in the folder once the run in it is ours.

    Attributes:
        records: Whether events go into the folder.
    """

    def __init__(self, folder: RunFolder, report: Callable[[Event], None]) -> None:
        self._folder, self._report = folder, report
        self._record = EventLog(folder)
        self.records = False

    def __call__(self, event: Event) -> None:
        """Record an event, then pass it on."""
        # On disk before anyone hears of it: who reads the folder never knows less.
        if self.records:
            self._record.add(event)
        self._report(event)

    def failure(self, error: Exception) -> None:
        """Record and pass on that the run ended with an error."""
        folder = self._folder
        event = RunFailed(
            reason=_reason(error),
            stopped=isinstance(error, Cancelled),
            resumable=folder.checkpoint.exists() and not folder.model.exists(),
        )
        if self.records:
            # On a full disk the person must hear of it all the same.
            with suppress(StorageError):
                self._record.add(event)
        self._report(event)


def _reason(error: Exception) -> str:
    if isinstance(error, TrainerError):
        return error.message
    what = "".join(traceback.format_exception_only(error)).strip()
    return f"Something went wrong that should not have: {what}"
