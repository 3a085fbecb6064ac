"""Collects Python's garbage on the GUI thread only; `app` keeps one while the window is open.

The collector runs on whichever thread happens to allocate, and destroys the Qt objects that it
finds there; Qt objects may only be destroyed on their own thread.
"""

import gc

from PySide6.QtCore import QObject, QTimer, Slot

_EVERY_MS = 1000


class GarbageCollector(QObject):
    """Takes over from Python's automatic collection, from its making to `stop`.

    Signals: none.
    """

    def __init__(self) -> None:
        super().__init__()
        gc.disable()
        self._timer = QTimer(self, interval=_EVERY_MS)
        self._timer.timeout.connect(self._collect)

    @Slot()
    def begin(self) -> None:
        """Collect from now on: not while torch is imported, which makes a million objects."""
        self._timer.start()

    def stop(self) -> None:
        """Give the collection back."""
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
