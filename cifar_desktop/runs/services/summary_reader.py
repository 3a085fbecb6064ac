"""Reads of a run's record what its summary needs, and later only what was added; for `run_store`.

Nearly all of a record is progress between epochs: those lines are told by their first letters, and
only the last of them before an event that counts is decoded, for its time.
"""

from contextlib import suppress

from cifar_desktop.runs.services.event_log_tail import EventLogTail
from cifar_desktop.runs.services.run_history import RunHistory
from trainer.events.base import EventError
from trainer.events.codec import from_line
from trainer.events.run_events import CheckpointSaved, EpochStarted, Progress
from trainer.runs.run_folder import RunFolder

_PIECE = 2**18
_PASSING = tuple(
    f'{{"event": "{kind.name}"'.encode() for kind in (Progress, EpochStarted, CheckpointSaved)
)


class SummaryReader:
    """What is known of one run's record.

    Args:
        folder: The run.

    Attributes:
        history: With few of the points between epochs; for nothing but a summary.
    """

    def __init__(self, folder: RunFolder) -> None:
        self.history = RunHistory()
        self._tail = EventLogTail(folder.events)
        self._passing: bytes | None = None

    def catch_up(self) -> None:
        """Read what was added. What cannot be read is passed over: `run_follower` tells it."""
        more = True
        while more:
            more = self._read_piece()
        self._take_passing()

    def _read_piece(self) -> bool:
        try:
            piece = self._tail.read(_PIECE)
        except OSError:
            return False
        if piece.replaced:
            self.history, self._passing = RunHistory(), None
        for line in piece.lines:
            if line.startswith(_PASSING):
                self._passing = line
                if self.history.first_time is None:
                    self._take_passing()
            else:
                self._take_passing()
                self._take(line)
        return piece.more

    def _take_passing(self) -> None:
        line, self._passing = self._passing, None
        if line is not None:
            self._take(line)

    def _take(self, line: bytes) -> None:
        with suppress(EventError):
            self.history.add(from_line(line))
