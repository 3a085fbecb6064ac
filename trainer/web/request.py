"""An HTTP request with limits, clear errors and immediate cancellation.

Used by `fetch_picture` and `download`. It adds to `requests`: a total time limit, cancellation
while waiting, and errors with a message for the user.
"""

import functools
import importlib.metadata
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, FetchError
from trainer.web.abortable_sockets import AbortableSockets
from trainer.web.errors import explain

if TYPE_CHECKING:
    import requests

CHUNK_BYTES = 64 * 1024
Progress = Callable[[int, int | None], None]
"""Called with the received bytes and the total, if known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """Limits of a request.

    Attributes:
        connect: Seconds to connect.
        read: Seconds without data from the server.
        total: Seconds for the whole request; None for no limit.
        size: Maximum size in bytes; None for no limit.
        redirects: Maximum number of redirects.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float | None = 30.0
    size: int | None = 32 * 1024**2
    redirects: int = 5

    def __post_init__(self) -> None:
        positive = (self.connect, self.read, self.total, self.size)
        if any(limit is not None and limit <= 0 for limit in positive) or self.redirects < 0:
            raise ValueError(f"invalid limits: {self}")


class Reply:
    """The response of a server before its body has been read."""

    def __init__(self, response: "requests.Response", sockets: AbortableSockets) -> None:
        self._response = response
        self._sockets = sockets
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.host = host_of(response.url)

    @property
    def length(self) -> int | None:
        """The number of bytes that `chunks` will yield, if known."""
        text = self.headers.get("Content-Length", "")
        compressed = self.headers.get("Content-Encoding", "identity").lower() != "identity"
        return int(text) if text.isascii() and text.isdigit() and not compressed else None

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives, however slowly.

        Raises:
            FetchError: If it is interrupted, takes too long or does not match its headers.
            Cancelled: If the user stopped it.
        """
        while chunk := self._next():
            yield chunk

    def _next(self) -> bytes:
        with _explained_errors(self._sockets, self.host):
            # Not `read`, which would wait for a full chunk from a slow server.
            chunk: bytes = self._response.raw.read1(CHUNK_BYTES, decode_content=True)
            return chunk


@contextmanager
def request(
    url: str,
    *,
    limits: FetchLimits,
    token: CancelToken | None = None,
    headers: Mapping[str, str] | None = None,
) -> Iterator[Reply]:
    """Request an http or https URL and follow redirects.

    Raises:
        FetchError: If there is no response; the caller has to check its status.
        Cancelled: If the user stopped it.
    """
    token = token or CancelToken()
    with ExitStack() as stack:
        sockets = AbortableSockets(token, limits.total)
        session = stack.enter_context(_session(sockets, headers or {}))
        stack.enter_context(sockets)  # the time limit starts here, after the imports above
        stack.enter_context(token.wakes(sockets.abort))
        with _explained_errors(sockets, host_of(url)):
            response = stack.enter_context(_follow(session, url, limits))
        yield Reply(response, sockets)


def host_of(url: str) -> str:
    """The host name in a URL, for messages."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


@contextmanager
def _explained_errors(sockets: AbortableSockets, host: str) -> Iterator[None]:
    """Turn all network errors into errors with a message for the user."""
    try:
        yield
    except (FetchError, Cancelled):
        raise
    except Exception as error:
        sockets.check()
        raise explain(error, host) from error
    # An aborted connection may look like the end of the body.
    sockets.check()


def _session(sockets: AbortableSockets, headers: Mapping[str, str]) -> "requests.Session":
    import requests

    from trainer.web.abortable_adapter import AbortableAdapter

    session = requests.Session()
    session.mount("http://", AbortableAdapter(sockets))
    session.mount("https://", AbortableAdapter(sockets))
    # Pictures and archives are already compressed.
    session.headers.update({"User-Agent": user_agent(), "Accept-Encoding": "identity", **headers})
    return session


def _follow(session: "requests.Session", url: str, limits: FetchLimits) -> "requests.Response":
    # requests would read the whole body of a redirect, however long.
    for _ in range(limits.redirects + 1):
        response = session.get(
            url, stream=True, allow_redirects=False, timeout=(limits.connect, limits.read)
        )
        target = session.get_redirect_target(response)
        if target is None:
            return response
        response.close()
        url = _redirect_target(url, target)
    host = host_of(url)
    raise FetchError(f"{host} redirects too often. Try another address.", details=url)


def _redirect_target(url: str, target: str) -> str:
    location = urljoin(url, target)
    if urlsplit(location).scheme not in ("http", "https"):
        message = f"{host_of(url)} redirects to an address that is not on the web. Try another one."
        raise FetchError(message, details=f"{url} -> {location}")
    return location


@functools.cache
def user_agent() -> str:
    """The User-Agent header of this program."""
    try:
        version = importlib.metadata.version("cifar-desktop")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        version = "development"
    return f"CIFAR-Desktop/{version}"
