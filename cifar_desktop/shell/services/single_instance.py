"""One window: later starts of the program hand what they were asked for to the first, and end.

`other_starts` asks for a claim before anything else is built, listens once the window is shown, and
opens what is asked for. A lock decides who has the window. It ends with its process, so one that
crashed is in nobody's way, and of two starts at once one gets it; the other finds the socket as
soon as the first listens.
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
    # Loading it is left until the window is shown.
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

log = logging.getLogger(__name__)

PATIENCE_TO_LISTEN = 5.0
"""Seconds that another start gets until its window listens; disks are slow at the first start."""
PATIENCE_TO_ANSWER = 2.0
"""Seconds that a window gets to answer."""
_PAUSE_MS = 30
_TAKEN = {"taken": True}


class SingleInstance(QObject):
    """Claims the place of the one window, or hands over to whoever has it.

    Args:
        place: Where the starts meet; None where there is no such place, and every start is alone.

    Signals:
        asked: `OpenRequest` of another start; that start ends as soon as this is known.
    """

    asked = Signal(object)

    def __init__(self, place: InstancePaths | None) -> None:
        super().__init__()
        self._place = place
        self._lock: QLockFile | None = None
        self._server: QLocalServer | None = None
        self.problem = "" if place else "nowhere to meet other starts: nothing can be written"
        """Why this start is alone although it might not be; empty if all is well."""

    def hand_over(self, pictures: Sequence[str], model: Path | None) -> bool:
        """Whether another window has taken this over; if not, this start is to open its own."""
        if self._place is None:
            return False
        deadline = time.monotonic() + PATIENCE_TO_LISTEN
        while not self._take_lock(self._place.lock):
            socket = None if self.problem else _connected(self._place.socket)
            if socket is not None:
                # One that hangs up was just closing, and leaves the lock in a moment.
                with suppress(ConnectionError):
                    return self._ask(socket, pictures, model)
            if self.problem or time.monotonic() > deadline:
                self.problem = self.problem or "another start has the lock, but does not listen"
                return False
            QThread.msleep(_PAUSE_MS)
        return False

    @Slot()
    def listen(self) -> None:
        """Hear from other starts from now on."""
        if self._lock is None or self._place is None:
            return
        from PySide6.QtNetwork import QLocalServer

        self._server = server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        # We have the lock, so this is what a crash left.
        QLocalServer.removeServer(self._place.socket)
        server.newConnection.connect(self._on_connection)
        if not server.listen(self._place.socket):
            log.warning("cannot listen for other starts: %s", server.errorString())
            self.release()

    @Slot()
    def release(self) -> None:
        """Leave the place to the next start; safe to call twice."""
        if self._server is not None:
            self._server.close()
            self._server = None
        if self._lock is not None:
            self._lock.unlock()
            self._lock = None

    def _take_lock(self, path: Path) -> bool:
        lock = QLockFile(str(path))
        # It ends with its process, not after some time.
        lock.setStaleLockTime(0)
        if lock.tryLock(0):
            self._lock = lock
            return True
        if lock.error() is not QLockFile.LockError.LockFailedError:
            self.problem = f"no lock can be kept: {lock.error().name}"
        return False

    def _ask(self, socket: "QLocalSocket", pictures: Sequence[str], model: Path | None) -> bool:
        """Whether the window at the other end takes over.

        Raises:
            ConnectionError: If it hung up.
        """
        _allow_to_come_forward()
        try:
            until = time.monotonic() + PATIENCE_TO_ANSWER
            socket.write(encode(request_from(pictures, model, until)))
            taken = _is_taken(_line(socket, until))
        except ValueError as error:
            taken, self.problem = False, f"the other window did not understand: {error}"
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
    """Another start, until it has its answer.

    Args:
        socket: Its connection.
        parent: As for every QObject.

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
        self._patience = QTimer(self, singleShot=True, interval=int(1000 * PATIENCE_TO_ANSWER))
        self._patience.timeout.connect(self._hang_up)
        self._patience.start()
        self._read()

    @Slot()
    def _read(self) -> None:
        if self._socket.canReadLine():
            self._answer(bytes(self._socket.readLine().data()))
        elif self._socket.bytesAvailable() >= LIMIT:
            log.warning("another start asks too much")
            self._hang_up()

    @Slot()
    def _hang_up(self) -> None:
        self._socket.abort()

    def _answer(self, line: bytes) -> None:
        try:
            request = decode(line)
        except ValueError as error:
            log.warning("another start asks what cannot be understood: %s", error)
            self._reply({"error": str(error)})
            return
        if request.expires < time.monotonic():
            log.warning("another start asked too long ago, and has opened a window of its own")
            self._hang_up()
            return
        self._reply(_TAKEN)
        self.asked.emit(request)

    def _reply(self, values: Mapping[str, object]) -> None:
        self._socket.write(json.dumps(values).encode() + b"\n")
        # What is written goes out first.
        self._socket.disconnectFromServer()


def _connected(name: str) -> "QLocalSocket | None":
    from PySide6.QtNetwork import QLocalSocket

    socket = QLocalSocket()
    socket.connectToServer(name)
    return socket if socket.waitForConnected(_PAUSE_MS) else None


def _line(socket: "QLocalSocket", until: float) -> bytes:
    """The next line that the other end says.

    Raises:
        TimeoutError: If none has come in time.
        ConnectionError: If the other end has closed.
        ValueError: If it is too long.
    """
    while not socket.canReadLine():
        left = round(1000 * (until - time.monotonic()))
        if left <= 0:
            raise TimeoutError
        if not socket.waitForReadyRead(left) and not _is_open(socket):
            raise ConnectionError
        if socket.bytesAvailable() > LIMIT:
            raise ValueError("it says too much")
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


def _allow_to_come_forward() -> None:
    """Windows lets a program raise itself only with leave of the one that was started last."""
    if sys.platform == "win32":
        import ctypes

        anyone = -1
        ctypes.windll.user32.AllowSetForegroundWindow(anyone)
