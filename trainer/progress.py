"""Progress reports and cancellation of long-running work, such as loading and evaluating."""

import time
from collections.abc import Callable

from trainer.cancellation import CancelToken
from trainer.events.base import Event
from trainer.events.run_events import Preparing

OnProgress = Callable[[str, int, int | None], None]
"""Called with the name of the work, the amount done, and the total amount if known."""

REPORT_INTERVAL = 0.05


class ProgressReporter:
    """Reports progress, at most 20 times a second, and checks for cancellation.

    Args:
        on_progress: Called on the worker's thread.
        token: Cancels the work.
    """

    def __init__(
        self, on_progress: OnProgress | None = None, token: CancelToken | None = None
    ) -> None:
        self._on_progress = on_progress
        self.token = token or CancelToken()
        self._last_what = ""
        self._last_time = 0.0

    def check(self) -> None:
        """Raise `Cancelled` if the work was cancelled."""
        self.token.check()

    def report(self, what: str, done: int, total: int | None) -> None:
        """Report progress; the first and the last report of each `what` always get through.

        Raises:
            Cancelled: If the work was cancelled.
        """
        self.check()
        if self._on_progress is None:
            return
        now = time.monotonic()
        too_soon = now - self._last_time < REPORT_INTERVAL
        if too_soon and what == self._last_what and done != total:
            return
        self._last_what, self._last_time = what, now
        self._on_progress(what, done, total)


def preparing(report: Callable[[Event], None]) -> OnProgress:
    """A progress callback that reports `Preparing` events."""
    return lambda what, done, total: report(Preparing(what=what, done=done, total=total))
