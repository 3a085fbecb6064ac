"""Keeps None, True and False alive under PySide6 on Python 3.11; run when the package is imported.

From Python 3.12 on these objects are immortal, and PySide6 6.12 is built to rely on it: each call
of a function without a result gives up a reference to None that it never took. On 3.11 they run
out after some ten thousand calls, and the interpreter aborts with "deallocating None". So there
they get more references than could ever run out.
"""

import ctypes
import sys

_PLENTY = 1 << 40


def keep_constants_alive() -> None:
    """Do what Python 3.12 does by itself; nothing where it is not needed."""
    if sys.version_info >= (3, 12) or sys.implementation.name != "cpython":
        return
    for constant in (None, True, False, NotImplemented, Ellipsis):
        # The count is the first field of every object of a release build.
        if ctypes.sizeof(ctypes.c_ssize_t) == 8 and not hasattr(sys, "gettotalrefcount"):
            ctypes.c_ssize_t.from_address(id(constant)).value += _PLENTY
