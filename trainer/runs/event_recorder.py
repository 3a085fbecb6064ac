"""What a run tells, on its way into the run's folder; used by `train`."""

from trainer.events.run_events import Event, Preparing
from trainer.runs.run_folder import RunFolder

SECONDS_BETWEEN = 1.0


class Record:
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
