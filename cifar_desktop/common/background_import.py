"""Imports modules that will be needed soon on a thread; for tabs that are not shown yet."""

import importlib
import logging
import threading

log = logging.getLogger(__name__)

_EXIT_TIMEOUT = 5.0


class BackgroundImport:
    """Imports in the background; the interpreter lock is released every few milliseconds.

    Args:
        modules: Names of the modules; importing them must not make Qt objects.
    """

    def __init__(self, *modules: str) -> None:
        self._modules = modules
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start importing, once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="background-import", daemon=True)
            self._thread.start()

    def shutdown(self) -> None:
        """Wait for the end."""
        if self._thread is not None:
            self._thread.join(_EXIT_TIMEOUT)

    def _run(self) -> None:
        for module in self._modules:
            try:
                importlib.import_module(module)
            except ImportError:
                # Whatever needs the module will report it.
                log.warning("%s cannot be imported", module, exc_info=True)
