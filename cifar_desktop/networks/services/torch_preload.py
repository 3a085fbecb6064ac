"""Lets torch be imported beside a running window without making it stand still.

`import torch` holds the interpreter lock while the loader maps and relocates hundreds of
megabytes of shared libraries, and its many objects set off the garbage collector, which holds
the lock as well: together up to 340 ms in which nothing moves, against 18 ms with this.
`model_service` uses it on the worker's thread; `image_loader` waits for it.
"""

import ctypes
import gc
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# torch loads the first of these globally, so that the others find its symbols there.
_LIBRARIES = (
    ("libtorch_global_deps.so", os.RTLD_GLOBAL if sys.platform != "win32" else 0),
    ("libtorch.so", 0),
    ("libtorch_python.so", 0),
)


_PATIENCE = 1.0
_settled = threading.Event()
_settled.set()


def announce() -> None:
    """Say that torch is about to be imported; call `settle` when that was done or has failed."""
    if "torch" not in sys.modules:
        _settled.clear()


def settle() -> None:
    """Say that the libraries are loaded."""
    _settled.set()


def wait_until_settled() -> None:
    """Wait for an announced import to have its libraries, before importing anything compiled.

    The system's loader does one thing at a time. An import that waits for it holds the interpreter
    lock, and the window stands still after all. The limit is for an announcement without a sequel.
    """
    _settled.wait(_PATIENCE)


@contextmanager
def smooth_import() -> Iterator[None]:
    """Import torch inside this block; the other threads hardly notice."""
    if "torch" in sys.modules:
        yield
        return
    collects = gc.isenabled()
    gc.disable()
    try:
        with _passive_threads():
            _preload()
            settle()
            yield
    finally:
        # What was imported stays for good; there is no garbage to find in it, now or later.
        gc.freeze()
        if collects:
            gc.enable()


@contextmanager
def _passive_threads() -> Iterator[None]:
    """Have torch's threads sleep while they wait for each other.

    By default they spin, which is quicker on an idle computer; but beside a training run an answer
    then takes 180 ms instead of 8. OpenMP reads this once, when it is loaded; programs that this
    one starts later must not inherit it.
    """
    chosen = "OMP_WAIT_POLICY" in os.environ
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")
    try:
        yield
    finally:
        if not chosen:
            del os.environ["OMP_WAIT_POLICY"]


def _preload() -> None:
    """Load the shared libraries by a foreign call, which releases the interpreter lock.

    Linux only: Windows has its own order of loading, and on macOS the loader is quick. Where a
    library cannot be loaded this way, the import does it or says what is wrong.
    """
    folder = _library_folder() if sys.platform == "linux" else None
    if folder is None:
        return
    try:
        dlopen = ctypes.CDLL(None).dlopen
    except (OSError, AttributeError):
        return
    dlopen.argtypes = (ctypes.c_char_p, ctypes.c_int)
    dlopen.restype = ctypes.c_void_p
    for name, mode in _LIBRARIES:
        dlopen(os.fsencode(folder / name), os.RTLD_NOW | mode)


def _library_folder() -> Path | None:
    spec = importlib.util.find_spec("torch")
    places = spec.submodule_search_locations if spec else None
    return Path(places[0]) / "lib" if places else None
