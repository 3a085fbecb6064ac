"""A worker on its own QThread of whose waiting requests the newest wins; base of the workers."""

import threading
from abc import abstractmethod
from typing import Generic, TypeVar

from PySide6.QtCore import QObject, QThread, Signal, Slot

Request = TypeVar("Request")


class NewestRequestWorker(QObject, Generic[Request]):
    """Handles one request at a time; a newer one replaces the one that waits.

    It lives on its own thread; its public methods may be called from any other.

    Args:
        name: The name of the thread.

    Signals: none; subclasses have their own.
    """

    _woken = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._request: Request | None = None
        self._thread = QThread()
        self._thread.setObjectName(name)
        self.moveToThread(self._thread)
        self._woken.connect(self._work)
        self._thread.start()

    def shutdown(self) -> None:
        """Drop the request that waits, and end the thread."""
        self._replace(None)
        self._thread.quit()
        self._thread.wait()

    def _submit(self, request: Request) -> None:
        """Have a request handled; call this from any thread."""
        self._replace(request)
        self._woken.emit()

    def _replace(self, request: Request | None) -> None:
        with self._lock:
            replaced, self._request = self._request, request
        if replaced is not None:
            self._on_replaced(replaced)

    def _take(self) -> Request | None:
        with self._lock:
            request, self._request = self._request, None
        return request

    @Slot()
    def _work(self) -> None:
        request = self._take()
        if request is not None:
            self._handle(request)

    @abstractmethod
    def _handle(self, request: Request) -> None:
        """Handle a request; called on the worker's thread."""

    def _on_replaced(self, request: Request) -> None:
        """A request was dropped before it was handled; called on the thread of the newer one."""
