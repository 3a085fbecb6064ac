"""A heartbeat in Qt's event loop, which measures how long the loop was ever blocked."""

import time

from PySide6.QtCore import Qt, QTimer

BEAT_MS = 5


class Heartbeat(QTimer):
    """Beats as long as the event loop of its thread runs.

    Signals: none of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setTimerType(Qt.TimerType.PreciseTimer)
        self.setInterval(BEAT_MS)
        self.timeout.connect(self._beat)
        self._longest, self._beaten = 0.0, time.perf_counter()

    def stall(self) -> float:
        """Longest time without a beat since the last call, minus the interval, in seconds."""
        longest, self._longest = self._longest, 0.0
        return max(0.0, longest - BEAT_MS / 1e3)

    def _beat(self) -> None:
        now = time.perf_counter()
        self._longest, self._beaten = max(self._longest, now - self._beaten), now
