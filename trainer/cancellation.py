"""Cancellation of long-running work from another thread or a signal handler."""

import threading
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trainer.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator


class CancelToken:
    """Checked by the worker, cancelled by anyone; safe to use from any thread."""

    def __init__(self) -> None:
        # Reentrant: a signal handler may call `cancel` while the same thread is inside `wakes`.
        self._lock = threading.RLock()
        self._cancelled = False
        self._callbacks: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Ask the work to stop, and wake it if it is waiting."""
        with self._lock:
            self._cancelled = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()

    def check(self) -> None:
        """Raise `Cancelled` if the work was asked to stop."""
        if self._cancelled:
            raise Cancelled

    @contextmanager
    def wakes(self, callback: Callable[[], None]) -> "Iterator[None]":
        """Let `cancel` call `callback`, on the thread that cancels, while the block runs.

        Raises:
            Cancelled: If the work was already asked to stop.
        """
        with self._lock:
            self.check()
            self._callbacks.append(callback)
        try:
            yield
        finally:
            with self._lock:
                if callback in self._callbacks:
                    self._callbacks.remove(callback)
