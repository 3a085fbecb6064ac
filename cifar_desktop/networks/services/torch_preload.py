"""Imports torch beside a running window without freezing it.

`import torch` holds the interpreter lock while the loader maps and relocates hundreds of
megabytes of shared libraries, and its many objects trigger the garbage collector, which holds
the lock as well: up to 340 ms in which the window is frozen, against 18 ms with this module.
`model_service` uses it on the worker's thread; `image_loader` waits for it.
"""

import ctypes
import gc
import importlib
import importlib.util
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from cifar_desktop.networks.services.deferred_modules import deferred, execute

# torch loads the first of these globally, so that the others find its symbols.
_LIBRARIES = (
    ("libtorch_global_deps.so", os.RTLD_GLOBAL if sys.platform != "win32" else 0),
    ("libtorch.so", 0),
    ("libtorch_python.so", 0),
)
# What the window imports while torch loads. The loader works on one library at a time, so such an
# import would wait for torch with the interpreter lock held, and freeze the window for that long.
_NEEDED_MEANWHILE = ("PySide6.QtNetwork",)
# Operators for tensors without data, and the exporter: they take a fifth of the time of importing
# torch, and predictions need neither.
_UNUSED = ("torch._meta_registrations", "torch.export")

_TIMEOUT = 1.0
_finished = threading.Event()
_finished.set()


def begin() -> None:
    """Announce that torch is about to be imported; call `finish` when that succeeded or failed."""
    if "torch" not in sys.modules:
        _finished.clear()


def finish() -> None:
    """Announce that the libraries are loaded, or will not be."""
    _finished.set()


def wait() -> None:
    """Wait until the libraries of an announced import are loaded; before importing an extension.

    The system's loader loads one library at a time. An import that waits for it holds the
    interpreter lock, and the window freezes after all. The timeout is for a `begin` without a
    `finish`.
    """
    _finished.wait(_TIMEOUT)


@contextmanager
def smooth_import() -> Iterator[None]:
    """Import torch inside this block; other threads hardly notice."""
    if "torch" in sys.modules:
        yield
        return
    collects = gc.isenabled()
    gc.disable()
    try:
        with _passive_threads():
            _preload()
            finish()
            with deferred(*_UNUSED):
                yield
    finally:
        # Imported modules are never garbage: no collection needs to visit their objects.
        gc.freeze()
        if collects:
            gc.enable()


def complete() -> None:
    """Execute what `smooth_import` put off; for more of torch than predictions need."""
    execute(*_UNUSED)


@contextmanager
def _passive_threads() -> Iterator[None]:
    """Let torch's threads sleep while they wait for each other.

    By default they spin, which is faster on an idle computer; but beside a training run a
    prediction then takes 180 ms instead of 8. OpenMP reads this once, when it is loaded; programs
    that are started later must not inherit it.
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

    Linux only: Windows has its own loading order, and on macOS the loader is fast. Where a
    library cannot be loaded this way, the import loads it or reports what is wrong.
    """
    folder = _library_folder() if sys.platform == "linux" else None
    if folder is None:
        return
    for module in _NEEDED_MEANWHILE:
        with suppress(ImportError):  # whoever needs it will report that
            importlib.import_module(module)
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
