"""Runs Python's garbage collection on the GUI thread only; made by `app`.

Python runs it on whichever thread happens to allocate, and destroys there the Qt objects that it
finds; but Qt objects may be destroyed on their own thread only.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 1000


class GarbageCollector(QObject):
    """Replaces Python's automatic collection until `stop` is called.

    Signals: none.
    """

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._collect)

    @Slot()
    def begin(self) -> None:
        """Start collecting; not while torch is imported, which makes a million objects."""
        self._timer.start()

    def stop(self) -> None:
        """Return to automatic collection."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def _collect(self) -> None:
        """Collect the oldest generation that has reached its threshold, as Python would."""
        due = [
            generation
            for generation, (count, threshold) in enumerate(
                zip(gc.get_count(), gc.get_threshold(), strict=True)
            )
            if count > threshold > 0
        ]
        if due:
            gc.collect(due[-1])
