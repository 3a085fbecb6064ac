"""A requests adapter whose connections can be aborted; used by `trainer.web.request`.

A separate module because importing requests takes longer than the rest of the program's start.
"""

import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager, ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from trainer.web.abortable_sockets import AbortableSockets


class AbortableAdapter(HTTPAdapter):
    """Registers every socket of a session with `sockets`, which can then abort it at any time."""

    def __init__(self, sockets: AbortableSockets) -> None:
        self._pools = _pools_for(sockets)
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Called by requests."""
        super().init_poolmanager(*args, **kwargs)
        self._use_pools(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> ProxyManager:
        """Called by requests."""
        manager: ProxyManager = super().proxy_manager_for(*args, **kwargs)
        self._use_pools(manager)
        return manager

    def _use_pools(self, manager: PoolManager) -> None:
        manager.pool_classes_by_scheme = self._pools


def _pools_for(sockets: AbortableSockets) -> dict[str, type[HTTPConnectionPool]]:
    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, sockets)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _connect(self, sockets)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


def _connect(connection: HTTPConnection, sockets: AbortableSockets) -> socket.socket:
    """Connect to the first server address that accepts.

    urllib3 hands out its socket only once it is connected, which is too late to abort it.
    """
    try:
        addresses = socket.getaddrinfo(
            connection.host.strip("[]"), connection.port, type=socket.SOCK_STREAM
        )
    except (socket.gaierror, UnicodeError) as error:
        raise NameResolutionError(
            connection.host, connection, socket.gaierror(str(error))
        ) from error
    failure: Exception = OSError("no address")
    for family, kind, protocol, _, address in addresses:
        try:
            return _connect_to(connection, sockets, socket.socket(family, kind, protocol), address)
        except OSError as error:
            failure = error
    if isinstance(failure, TimeoutError):
        raise ConnectTimeoutError(connection, str(failure)) from failure
    raise NewConnectionError(connection, str(failure)) from failure


def _connect_to(
    connection: HTTPConnection, sockets: AbortableSockets, attempt: socket.socket, address: Any
) -> socket.socket:
    try:
        for option in connection.socket_options or ():
            attempt.setsockopt(*option)
        if isinstance(connection.timeout, int | float):
            attempt.settimeout(connection.timeout)
        sockets.add(attempt)
        attempt.connect(address)
    except BaseException:
        attempt.close()
        raise
    return attempt
