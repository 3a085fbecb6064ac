"""One window: later launches of the program hand their request to the first, and exit.

`second_launch` claims the window before anything else is made, and listens once it is shown. A lock
decides who owns the window. It ends with its process, so a crashed one blocks nobody; of two
simultaneous launches one gets it, and the other connects as soon as the first listens.
"""

import json
import logging
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile, QObject, QThread, QTimer, Signal, Slot

from cifar_desktop.shell.services.open_request import LIMIT, decode, encode, request_from
from cifar_desktop.shell.services.single_instance_paths import InstancePaths

if TYPE_CHECKING:
    # Loaded only after the window is shown.
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

LISTEN_TIMEOUT = 5.0
"""Seconds that another launch has until its window listens; the first start reads slow disks."""
ANSWER_TIMEOUT = 2.0
"""Seconds that a window has to answer."""
_PAUSE_MS = 30
_TAKEN = {"taken": True}


class SingleInstance(QObject):
    """Claims the right to the window, or hands over to the process that has it.

    Args:
        place: The paths of lock and socket; None if there are none, and launches stay separate.

    Signals:
        asked: `OpenRequest` of another launch, which exits as soon as it is accepted.
    """

    asked = Signal(object)

    def __init__(self, place: InstancePaths | None) -> None:
        super().__init__()
        self._place = place
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self.problem = "" if place else "no folder for the socket can be written"
        """Why this launch could not reach others; empty if all is well."""

    def hand_over(self, pictures: Sequence[str], model: Path | None) -> bool:
        """Whether another window has taken this over; if not, this launch is to open its own."""
        if self._place is None:
            return False
        deadline = time.monotonic() + LISTEN_TIMEOUT
        while not self._take_lock(self._place.lock):
            socket = None if self.problem else _connected(self._place.socket)
            if socket is not None:
                # One that disconnects was just closing, and releases the lock in a moment.
                with suppress(ConnectionError):
                    return self._ask(socket, pictures, model)
            if self.problem or time.monotonic() > deadline:
                self.problem = self.problem or "another process has the lock, but does not listen"
                return False
            QThread.msleep(_PAUSE_MS)
        return False

    @Slot()
    def listen(self) -> None:
        """Accept requests of other launches from now on."""
        if self._lock is None or self._place is None:
            return
        from PySide6.QtNetwork import QLocalServer

        self._server = server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # We have the lock, so an existing socket was left by a crash.
        QLocalServer.removeServer(self._place.socket)
        server.newConnection.connect(self._on_connection)
        if not server.listen(self._place.socket):
            log.warning("cannot listen for other launches: %s", server.errorString())
            self.release()

    @Slot()
    def release(self) -> None:
        """Leave the window to the next launch; safe to call twice."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _take_lock(self, path: Path) -> bool:
        lock = QLockFile(str(path))
        # It ends with its process, not after a time.
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            self._lock = lock
            return True
        if lock.error() is not QLockFile.LockError.LockFailedError:
            self.problem = f"the lock cannot be written: {lock.error().name}"
        return False

    def _ask(self, socket: "QLocalSocket", pictures: Sequence[str], model: Path | None) -> bool:
        """Whether the window at the other end takes over.

        Raises:
            ConnectionError: If it disconnected.
        """
        _allow_activation()
        try:
            until = time.monotonic() + ANSWER_TIMEOUT
            socket.write(encode(request_from(pictures, model, until)))
            taken = _is_taken(_line(socket, until))
        except ValueError as error:
            taken, self.problem = False, f"the other window sent an invalid answer: {error}"
        except TimeoutError:
            taken, self.problem = False, "the other window does not answer"
        socket.abort()
        return taken

    @Slot()
    def _on_connection(self) -> None:
        while self._server is not None and self._server.hasPendingConnections():
            caller = _Caller(self._server.nextPendingConnection(), self._server)
            caller.asked.connect(self.asked)


class _Caller(QObject):
    """Another launch, until it gets a reply.

    Args:
        socket: Its connection.
        parent: The parent in Qt's sense.

    Signals:
        asked: Its `OpenRequest`.
    """

    asked = Signal(object)

    def __init__(self, socket: "QLocalSocket", parent: QObject) -> None:
        super().__init__(parent)
        self._socket = socket
        socket.setParent(self)
        socket.setReadBufferSize(LIMIT)
        socket.disconnected.connect(self.deleteLater)
        socket.readyRead.connect(self._read)
        self._timeout = QTimer(self, singleShot=True, interval=int(1000 * ANSWER_TIMEOUT))
        self._timeout.timeout.connect(self._disconnect)
        self._timeout.start()
        self._read()

    @Slot()
    def _read(self) -> None:
        if self._socket.canReadLine():
            self._answer(bytes(self._socket.readLine().data()))
        elif self._socket.bytesAvailable() >= LIMIT:
            log.warning("the request of another launch is too long")
            self._disconnect()

    @Slot()
    def _disconnect(self) -> None:
        self._socket.abort()

    def _answer(self, line: bytes) -> None:
        try:
            request = decode(line)
        except ValueError as error:
            log.warning("the request of another launch is invalid: %s", error)
            self._reply({"error": str(error)})
            return
        if request.expires < time.monotonic():
            log.warning("the request of another launch has expired; it has opened its own window")
            self._disconnect()
            return
        self._reply(_TAKEN)
        self.asked.emit(request)

    def _reply(self, values: Mapping[str, object]) -> None:
        self._socket.write(json.dumps(values).encode() + b"\n")
        # Pending data is sent first.
        self._socket.disconnectFromServer()


def _connected(name: str) -> "QLocalSocket | None":
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    return socket if socket.waitForConnected(_PAUSE_MS) else None


def _line(socket: "QLocalSocket", until: float) -> bytes:
    """The next line from the other end.

    Raises:
        TimeoutError: If none arrives in time.
        ConnectionError: If the other end has disconnected.
        ValueError: If it is too long.
    """
    while not socket.canReadLine():
        left = round(1000 * (until - time.monotonic()))
        if left <= 0:
            raise TimeoutError
        if not socket.waitForReadyRead(left) and not _is_open(socket):
            raise ConnectionError
        if socket.bytesAvailable() > LIMIT:
            raise ValueError("the line is too long")
    return bytes(socket.readLine().data())


def _is_open(socket: "QLocalSocket") -> bool:
    return socket.state() is socket.LocalSocketState.ConnectedState


def _is_taken(line: bytes) -> bool:
    try:
        answer = json.loads(line)
    except RecursionError:
        raise ValueError("nested too deeply") from None
    if answer != _TAKEN:
        raise ValueError(str(answer)[:200])
    return True


def _allow_activation() -> None:
    """On Windows only the program that was started last may let another raise its window."""
    if sys.platform == "win32":
        import ctypes

        anyone = -1
        ctypes.windll.user32.AllowSetForegroundWindow(anyone)
