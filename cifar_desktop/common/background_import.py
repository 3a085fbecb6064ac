"""Imports what will be needed soon on a thread of its own; for the Training tab."""

import importlib
import logging
import threading

log = logging.getLogger(__name__)

_PATIENCE_AT_EXIT = 5.0


class BackgroundImport:
    """Imports in the background: the interpreter lock changes hands every few milliseconds.

    Args:
        modules: Their names; importing them must make no Qt objects.
    """

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Begin, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="preloading", daemon=True)
            self._thread.start()

    def shutdown(self) -> None:
        """Wait until it is done."""
        if self._thread is not None:
            self._thread.join(_PATIENCE_AT_EXIT)

    def _run(self) -> None:
        for module in self._modules:
            try:
                importlib.import_module(module)
            except ImportError:
                # Whoever really needs it will say so.
                log.warning("%s cannot be imported", module, exc_info=True)
