"""Keeps freed memory in the process instead of returning it to Linux; used by `trainer.cli`.

Each training step allocates the same large blocks as the one before. glibc returns each of them to
the system as soon as it is freed, and the system has to clear and map every page again: more than a
tenth of a step of a wide network. Other systems are not affected.
"""

import ctypes
import sys
from contextlib import suppress

# From glibc's malloc.h; a threshold of -1 is never reached.
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
NEVER = -1


def keep_freed_memory() -> None:
    """Have this process keep freed memory for later allocations."""
    with suppress(OSError, AttributeError):
        library = _glibc()
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, NEVER)


def give_back_freed_memory() -> None:
    """Return free memory to the system."""
    with suppress(OSError, AttributeError):
        _glibc().malloc_trim(0)


def _glibc() -> ctypes.CDLL:
    # macOS has neither function; Windows has no library without a name.
    if sys.platform != "linux":
        raise OSError
    return ctypes.CDLL(None)
