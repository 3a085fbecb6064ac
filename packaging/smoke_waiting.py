"""Polling until a condition holds; used by all parts of the smoke test."""

import time
from collections.abc import Callable
from typing import TypeVar

PAUSE = 0.1
"""Seconds between two polls."""

Found = TypeVar("Found")


class Failed(Exception):
    """A failure that a user would notice; the message is a sentence."""


def until(what: str, look: Callable[[], Found | None], seconds: float) -> Found:
    """Poll until something is found, and return it.

    Args:
        what: The state while waiting, such as "no window".
        look: Returns something truthy once it is found.
        seconds: Timeout.

    Raises:
        Failed: On timeout.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise Failed(f"After {seconds:g} s there is still {what}.")
        time.sleep(PAUSE)
    return found
