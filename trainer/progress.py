"""Tells how far long work has come, and stops it when asked; for reading data and evaluating."""

import time
from collections.abc import Callable

from trainer.cancellation import CancelToken
from trainer.events.base import Event
from trainer.events.run_events import Preparing

OnProgress = Callable[[str, int, int | None], None]
"""Called with what is being done, how much of it is done, and of how much (if that is known)."""

SECONDS_BETWEEN_REPORTS = 0.05


class ProgressReporter:
    """Passes progress on, at most 20 times a second, and cancellation in.

    Args:
        on_progress: Called on the thread that works.
        token: Stops the work; `check` may be called from any thread.
    """

    def __init__(
        self, on_progress: OnProgress | None = None, token: CancelToken | None = None
    ) -> None:
        self._on_progress = on_progress
        self.token = token or CancelToken()
        self._last_what = ""
        self._last_time = 0.0

    def check(self) -> None:
        """Raise `Cancelled` if the person asked to stop."""
        self.token.check()

    def report(self, what: str, done: int, total: int | None) -> None:
        """Say how far it is; the first and the last report of each `what` always get through.

        Raises:
            Cancelled: If the person asked to stop.
        """
        self.check()
        if self._on_progress is None:
            return
        now = time.monotonic()
        soon = now - self._last_time < SECONDS_BETWEEN_REPORTS
        if soon and what == self._last_what and done != total:
            return
        self._last_what, self._last_time = what, now
        self._on_progress(what, done, total)


def preparing(report: Callable[[Event], None]) -> OnProgress:
    """Tell progress as events."""
    return lambda what, done, total: report(Preparing(what=what, done=done, total=total))
