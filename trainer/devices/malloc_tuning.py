"""How the C library hands out memory; set by the command line before a command runs.

A step asks for the same large blocks as the step before. The C library of most Linux systems
(glibc) gives each of them back to the system as soon as it is free, and the system clears and maps
every page again: more than a tenth of a step of a wide network. Elsewhere nothing is done here.
"""

import ctypes
import sys
from contextlib import suppress

# From glibc's malloc.h; -1 as a threshold is never reached.
M_TRIM_THRESHOLD, M_MMAP_MAX = -1, -4
NEVER = -1


def keep_freed_memory() -> None:
    """Have this process keep memory that it frees, for what it asks for next."""
    with suppress(OSError, AttributeError):
        library = _glibc()
        library.mallopt(M_MMAP_MAX, 0)
        library.mallopt(M_TRIM_THRESHOLD, NEVER)


def give_back_freed_memory() -> None:
    """Let the system have what is free at present."""
    with suppress(OSError, AttributeError):
        _glibc().malloc_trim(0)


def _glibc() -> ctypes.CDLL:
    # macOS has neither function; Windows has no library without a name.
    if sys.platform != "linux":
        raise OSError
    return ctypes.CDLL(None)
