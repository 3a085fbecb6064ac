"""Remembers which runs were asked to stop, and reports when one takes too long."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_TICK_MS = 1000
_SLOW_AFTER_SECONDS = 20.0


class StopMonitor(QObject):
    """Runs that were asked to stop and have not stopped yet.

    Attributes:
        slow_after: Seconds after which a run is slow.

    Signals:
        slow: Path of a run that is slow to stop; emitted once.
        renewal_due: Path of a run that may still be starting, and ignores older requests then.
    """

    slow = Signal(object)
    renewal_due = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.slow_after = _SLOW_AFTER_SECONDS
        self._since: dict[Path, float] = {}
        self._slow: set[Path] = set()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._check)

    def begin(self, path: Path) -> None:
        """A run was asked to stop."""
        self._since.setdefault(path, time.monotonic())
        self._timer.start()

    def watches(self, path: Path) -> bool:
        """Whether a run was asked to stop and has not stopped yet."""
        return path in self._since

    def is_slow(self, path: Path) -> bool:
        """Whether a run is slow to stop."""
        return path in self._slow

    def end(self, path: Path) -> None:
        """A run has stopped."""
        self._since.pop(path, None)
        self._slow.discard(path)
        if not self._since:
            self._timer.stop()

    def shutdown(self) -> None:
        """Stop watching."""
        self._since.clear()
        self._timer.stop()

    @Slot()
    def _check(self) -> None:
        now = time.monotonic()
        for path, since in list(self._since.items()):
            self.renewal_due.emit(path)
            if now - since >= self.slow_after and path not in self._slow:
                self._slow.add(path)
                self.slow.emit(path)
