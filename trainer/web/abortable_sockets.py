"""The sockets of one request, to be cut from outside; made by `trainer.web.request`.

A thread that waits for a silent server cannot look at a cancel button. Cutting its connection
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
    """What is connected for one request.

    Args:
        token: Asked when the line is down, to tell who cut it.
        total: Seconds after which the line cuts itself; None for never.
    """

    def __init__(self, token: CancelToken, total: float | None) -> None:
        self._token = token
        self._total = total
        # A signal handler may cancel while this very thread is in `add`.
        self._lock = threading.RLock()
        self._sockets: list[socket.socket] = []
        self._cut = False
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
            for held in self._sockets:
                held.close()
            self._sockets.clear()

    def add(self, connecting: socket.socket) -> None:
        """Have `abort` cut this socket too; from any moment on, TLS handshake included.

        Raises:
            ConnectionAbortedError: If the line was cut already.
        """
        with self._lock:
            if self._cut:
                raise ConnectionAbortedError("hung up")
            # A duplicate stays valid when TLS takes the original over.
            self._sockets.append(connecting.dup())

    def abort(self) -> None:
        """Cut everything; called from any thread."""
        with self._lock:
            self._cut = True
            for held in self._sockets:
                with suppress(OSError):
                    held.shutdown(socket.SHUT_RDWR)

    def check(self) -> None:
        """Say why the line is down, if it was cut from this side.

        Raises:
            Cancelled: If the person did it.
            FetchError: If time was up.
        """
        self._token.check()
        if self._expired:
            raise FetchError(
                f"The server takes too long: it was not done after {self._total:g} seconds."
                " Try again later, or save the picture and open the file."
            )

    def _expire(self) -> None:
        self._expired = True
        self.abort()
