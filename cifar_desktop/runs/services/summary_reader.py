"""Reads what a summary needs from an event log, and later only what was added; for `run_store`.

Most of a log is progress between epochs. Such lines are recognized by their beginning, and only the
last one before any other event is decoded, for its time.
"""

from contextlib import suppress

from cifar_desktop.runs.services.event_log_tail import EventLogTail
from cifar_desktop.runs.services.run_history import RunHistory
from trainer.events.base import EventError
from trainer.events.codec import from_line
from trainer.events.run_events import CheckpointSaved, EpochStarted, Progress
from trainer.runs.run_folder import RunFolder

_CHUNK_BYTES = 2**18
_SKIPPED = tuple(
    f'{{"event": "{kind.name}"'.encode() for kind in (Progress, EpochStarted, CheckpointSaved)
)


class SummaryReader:
    """The history of one run, as far as a summary needs it.

    Args:
        folder: The run.

    Attributes:
        history: The history, without most of the points within epochs.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.history = RunHistory()
        self._tail = EventLogTail(folder.events)
        self._skipped: bytes | None = None

    def catch_up(self) -> None:
        """Read what was added. Unreadable lines are skipped: `run_follower` reports them."""
        more = True
        while more:
            more = self._read_chunk()
        self._add_skipped()

    def _read_chunk(self) -> bool:
        try:
            chunk = self._tail.read(_CHUNK_BYTES)
        except OSError:
            return False
        if chunk.replaced:
            self.history, self._skipped = RunHistory(), None
        for line in chunk.lines:
            if line.startswith(_SKIPPED):
                self._skipped = line
                if self.history.first_time is None:
                    self._add_skipped()
            else:
                self._add_skipped()
                self._add(line)
        return chunk.more

    def _add_skipped(self) -> None:
        line, self._skipped = self._skipped, None
        if line is not None:
            self._add(line)

    def _add(self, line: bytes) -> None:
        with suppress(EventError):
            self.history.add(from_line(line))
