"""Follows the event log of one run on the GUI thread, a few milliseconds at a time."""

import logging
import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.runs.services.event_log_tail import CHUNK_BYTES, EventLogTail
from cifar_desktop.runs.services.run_history import RunHistory
from cifar_desktop.runs.services.run_launcher import RunChild, kill_process
from cifar_desktop.trainer_process.outcome import Ending, Outcome, outcome_of_exit
from trainer.events.base import EventError
from trainer.events.codec import from_line
from trainer.events.run_events import RunFailed, RunFinished
from trainer.runs.event_history import is_torn
from trainer.runs.run_folder import RunFolder

log = logging.getLogger(__name__)

_POLL_MS = 100
_BUDGET = 0.006
"""Seconds that reading may take on the GUI thread at a time."""
_PAUSE_MS = 4
_LOG_BYTES = 16_000
_BY_FORCE = "The run was killed. Progress since its last checkpoint is lost."
_DAMAGED = "Part of this run's event log cannot be read, so its curves may have gaps."


class RunFollower(QObject):
    """Reads the event log of a run, and keeps reading while a process trains the run.

    A run that is not active costs nothing once its log was read.

    Args:
        path: The run's folder.
        parent: The Qt parent.

    Attributes:
        path: The run's folder.
        history: What the run has reported so far; another object after the log was replaced.
        caught_up: Whether everything that was in the log at the last check is in the history.

    Signals:
        advanced: The history has changed; at most ten times a second.
        finished: `Outcome` of the process that was followed.
        damaged: A sentence: part of the log cannot be read. Emitted once.
    """

    advanced = Signal()
    finished = Signal(object)
    damaged = Signal(str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.path = path
        self.history = RunHistory()
        self.caught_up = False
        self._folder = RunFolder(path)
        self._tail = EventLogTail(self._folder.events)
        self._live = self._by_force = self._is_damaged = False
        self._child: RunChild | None = None
        self._mark: int | None = None
        self._reported_revision = 0
        self._reported_time = 0.0
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tick)

    @property
    def live(self) -> bool:
        """Whether a process trains the run, as of the last check."""
        return self._live

    def read(self) -> None:
        """Read the log once, without waiting for more."""
        if not self._timer.isActive():
            self._timer.start(0)

    def follow(self, child: RunChild | None = None) -> None:
        """Keep reading until the process that trains the run has ended.

        Args:
            child: The process if this window started it; None if another one holds the run.
        """
        self._live, self._by_force, self._child = True, False, child
        self._mark = child.record_size if child is not None else None
        self._timer.start(0)

    def kill(self) -> None:
        """Kill the process; progress since the last checkpoint is lost."""
        self._by_force = True
        if self._child is not None:
            self._child.kill()
        elif (pid := self._folder.process) is not None:
            kill_process(pid)

    def stop(self) -> None:
        """Stop following; the run continues."""
        self._timer.stop()
        self._live = False
        child, self._child = self._child, None
        if child is not None:
            child.leave()

    @Slot()
    def _tick(self) -> None:
        # Checked before reading: what a process wrote before its end must be read after that.
        lives = self._lives()
        self.caught_up = not self._read()
        over = self.caught_up and self._live and not lives
        self._report_advance(at_once=over or (self.caught_up and not self._live))
        if over:
            self._end()
        elif not self.caught_up:
            self._timer.start(_PAUSE_MS)
        elif self._live:
            self._timer.start(_POLL_MS)

    def _lives(self) -> bool:
        if not self._live:
            return False
        return self._child.poll() is None if self._child is not None else self._folder.is_held

    def _read(self) -> bool:
        """Read for a while; returns whether there is more."""
        deadline = time.perf_counter() + _BUDGET
        more = True
        while more and time.perf_counter() < deadline:
            more = self._read_chunk()
        return more

    def _read_chunk(self) -> bool:
        try:
            chunk = self._tail.read(self._limit())
        except OSError as error:
            self._report_damage(repr(error))
            return False
        if chunk.replaced:
            self.history, self._reported_revision, self._mark = RunHistory(), 0, None
        if chunk.endless:
            self._report_damage("an endless line")
        for line in chunk.lines:
            self._add(line)
        return self._pass_mark() or chunk.more

    def _limit(self) -> int:
        return (
            CHUNK_BYTES
            if self._mark is None
            else max(1, min(CHUNK_BYTES, self._mark - self._tail.offset))
        )

    def _pass_mark(self) -> bool:
        """Tell the history where the events of the new start begin."""
        if self._mark is None or self._tail.offset < self._mark:
            return False
        self._mark = None
        self.history.begin()
        return True

    def _add(self, line: bytes) -> None:
        try:
            self.history.add(from_line(line))
        except EventError as error:
            # A power cut leaves half a line; no complete event is missing.
            if not is_torn(line):
                self._report_damage(f"{error.message}\n{error.details[:1000]}")

    def _report_damage(self, details: str) -> None:
        if not self._is_damaged:
            self._is_damaged = True
            log.warning("%s: %s\n%s", self._folder.events, _DAMAGED, details)
            self.damaged.emit(_DAMAGED)

    def _report_advance(self, *, at_once: bool) -> None:
        now = time.monotonic()
        # While an old log is being read, redrawing often would only slow that down.
        pause = _POLL_MS * (0.9 if self.caught_up else 4) / 1000
        due = at_once or now - self._reported_time >= pause
        if due and self._reported_revision != self.history.revision:
            self._reported_revision, self._reported_time = self.history.revision, now
            self.advanced.emit()

    def _end(self) -> None:
        outcome = self._outcome()
        self._live, self._child = False, None
        self.finished.emit(outcome)

    def _outcome(self) -> Outcome:
        match self.history.end_event:
            case RunFinished():
                return Outcome(ending=Ending.DONE)
            case RunFailed(stopped=True, reason=reason):
                return Outcome(ending=Ending.STOPPED, reason=reason)
            case RunFailed(reason=reason):
                return Outcome(ending=Ending.FAILED, reason=reason, details=self._last_log())
        if self._by_force:
            return Outcome(ending=Ending.KILLED, reason=_BY_FORCE)
        code = self._child.poll() if self._child is not None else None
        # A process that finishes a run reports that.
        if not code:
            return Outcome(ending=Ending.VANISHED, details=self._last_log())
        return outcome_of_exit(code, self._last_log())

    def _last_log(self) -> str:
        try:
            with self._folder.log.open("rb") as file:
                file.seek(max(0, self._folder.log.stat().st_size - _LOG_BYTES))
                return file.read(_LOG_BYTES).decode("utf-8", "replace")
        except OSError:
            return ""
