"""Keeps all threads together below a limit of memory while they decode pictures."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class MemoryBudget:
    """A number of bytes shared by threads: whoever needs more than is left waits.

    Args:
        total: Bytes to share.
    """

    def __init__(self, total: int) -> None:
        self.total = total
        self._used = 0
        self._changed = threading.Condition()

    @contextmanager
    def reserved(self, size: int) -> Iterator[None]:
        """Hold `size` bytes, at most all, while the block runs; waits until they are free."""
        size = min(size, self.total)
        with self._changed:
            self._changed.wait_for(lambda: self._used + size <= self.total)
            self._used += size
        try:
            yield
        finally:
            with self._changed:
                self._used -= size
                self._changed.notify_all()
