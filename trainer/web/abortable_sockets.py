"""The sockets of one request, which another thread can abort; used by `trainer.web.request`.

A thread that waits for a silent server cannot check for cancellation. Shutting its sockets down
ends the wait at once.
"""

import socket
import threading
from contextlib import suppress
from types import TracebackType
from typing import Self

from trainer.cancellation import CancelToken
from trainer.errors import FetchError


class AbortableSockets:
    """The open sockets of one request.

    Args:
        token: Tells whether the user cancelled the request.
        total: Time limit in seconds, after which the sockets are aborted; None for no limit.
    """

    def __init__(self, token: CancelToken, total: float | None) -> None:
        self._token = token
        self._total = total
        # A signal handler may cancel while this very thread is in `add`.
        self._lock = threading.RLock()
        self._sockets: list[socket.socket] = []
        self._aborted = False
        self._expired = False
        self._timer = threading.Timer(total, self._expire) if total is not None else None

    def __enter__(self) -> Self:
        if self._timer:
            self._timer.name = "web-time-limit"
            self._timer.daemon = True
            self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer.join()
        with self._lock:
            for connection in self._sockets:
                connection.close()
            self._sockets.clear()

    def add(self, connecting: socket.socket) -> None:
        """Register a socket for `abort`, before it connects.

        Raises:
            ConnectionAbortedError: If `abort` was already called.
        """
        with self._lock:
            if self._aborted:
                raise ConnectionAbortedError("aborted")
            # A duplicate stays valid when TLS wraps the original.
            self._sockets.append(connecting.dup())

    def abort(self) -> None:
        """Shut all sockets down; thread-safe."""
        with self._lock:
            self._aborted = True
            for connection in self._sockets:
                with suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Raise the reason if the sockets were aborted.

        Raises:
            Cancelled: If the user cancelled the request.
            FetchError: If the time limit was exceeded.
        """
        self._token.check()
        if self._expired:
            raise FetchError(
                f"The server did not finish within {self._total:g} seconds. Try again later, or"
                " save the picture and open the file."
            )

    def _expire(self) -> None:
        self._expired = True
        self.abort()
