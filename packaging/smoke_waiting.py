"""Waiting until something is as it should be; used by all parts of the smoke test."""

import time
from collections.abc import Callable
from typing import TypeVar

PAUSE = 0.1
"""Seconds between two looks."""

Found = TypeVar("Found")


class Failed(Exception):
    """What a person would complain about; the message is the sentence."""


def until(what: str, look: Callable[[], Found | None], seconds: float) -> Found:
    """Look again and again until something is found, and give that back.

    Args:
        what: What is waited for, as in "no window".
        look: Gives something that is true once it is there.
        seconds: How long that may take.

    Raises:
        Failed: If it does not come.
    """
    end = time.monotonic() + seconds
    while not (found := look()):
        if time.monotonic() > end:
            raise Failed(f"After {seconds:g} s there is still {what}.")
        time.sleep(PAUSE)
    return found
