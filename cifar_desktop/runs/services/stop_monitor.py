"""Remembers which runs were asked to stop, and tells when one takes too long; for `run_manager`."""

import time
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

_TICK_MS = 1000
_PATIENCE = 20.0


class StopMonitor(QObject):
    """Runs that were asked to stop and have not ended.

    Attributes:
        patience: Seconds after which a run is slow.

    Signals:
        slow: Path of a run that has not ended long after it was asked to; told once.
        renewal_due: Path of a run that may still be starting, and then forgets old requests.
    """

    slow = Signal(object)
    renewal_due = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.patience = _PATIENCE
        self._since: dict[Path, float] = {}
        self._slow: set[Path] = set()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._look)

    def begin(self, path: Path) -> None:
        """A run was asked to stop."""
        self._since.setdefault(path, time.monotonic())
        self._timer.start()

    def watches(self, path: Path) -> bool:
        """Whether a run was asked to stop and has not ended."""
        return path in self._since

    def is_slow(self, path: Path) -> bool:
        """Whether a run has not ended long after it was asked to."""
        return path in self._slow

    def end(self, path: Path) -> None:
        """A run has ended."""
        self._since.pop(path, None)
        self._slow.discard(path)
        if not self._since:
            self._timer.stop()

    def shutdown(self) -> None:
        """Watch no longer."""
        self._since.clear()
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        now = time.monotonic()
        for path, since in list(self._since.items()):
            self.renewal_due.emit(path)
            if now - since >= self.patience and path not in self._slow:
                self._slow.add(path)
                self.slow.emit(path)
