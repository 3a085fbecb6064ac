"""One request to a web server, with limits, plain errors and a way to stop it at any moment.

Shared by `trainer.web.fetch_picture` (pictures) and `trainer.web.download` (datasets). What `requests` alone
does not give: a total time, an end to waiting when the person cancels, and errors in words.
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
"""Called with the bytes so far and, where the server told, of how many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchLimits:
    """How long and how much is waited for.

    Attributes:
        connect: Seconds for a connection to come about.
        read: Seconds of silence from the server.
        total: Seconds for everything together; None for no limit.
        size: Bytes at most; None for no limit.
        redirects: How often the server may send us elsewhere.
    """

    connect: float = 5.0
    read: float = 10.0
    total: float | None = 30.0
    size: int | None = 32 * 1024**2
    redirects: int = 5

    def __post_init__(self) -> None:
        positive = (self.connect, self.read, self.total, self.size)
        if any(limit is not None and limit <= 0 for limit in positive) or self.redirects < 0:
            raise ValueError(f"not limits: {self}")


class Reply:
    """The answer of a server whose body has not been read yet."""

    def __init__(self, response: "requests.Response", sockets: AbortableSockets) -> None:
        self._response = response
        self._line = sockets
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.host = host_of(response.url)

    @property
    def length(self) -> int | None:
        """The bytes that `chunks` will give, if the server says so."""
        text = self.headers.get("Content-Length", "")
        packed = self.headers.get("Content-Encoding", "identity").lower() != "identity"
        return int(text) if text.isascii() and text.isdigit() and not packed else None

    def chunks(self) -> Iterator[bytes]:
        """The body as it arrives, however slowly.

        Raises:
            FetchError: If it breaks off, takes too long or is not what its headers say.
            Cancelled: If the person stopped it.
        """
        while chunk := self._next():
            yield chunk

    def _next(self) -> bytes:
        with _told(self._line, self.host):
            # Not `read`: that would wait for a full chunk from a server that trickles.
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
    """Ask for an http or https address and follow where the server sends us.

    Raises:
        FetchError: If no answer comes; what the answer is worth is for the caller to judge.
        Cancelled: If the person stopped it.
    """
    token = token or CancelToken()
    with ExitStack() as stack:
        sockets = AbortableSockets(token, limits.total)
        session = stack.enter_context(_session(sockets, headers or {}))
        stack.enter_context(sockets)  # its time runs from here, without the imports above
        stack.enter_context(token.wakes(sockets.abort))
        with _told(sockets, host_of(url)):
            response = stack.enter_context(_follow(session, url, limits))
        yield Reply(response, sockets)


def host_of(url: str) -> str:
    """The server's name in an address, for use in a sentence."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


@contextmanager
def _told(sockets: AbortableSockets, host: str) -> Iterator[None]:
    """Turn whatever goes wrong in here into an error for a person."""
    try:
        yield
    except (FetchError, Cancelled):
        raise
    except Exception as error:
        sockets.check()
        raise explain(error, host) from error
    # A connection that was cut from our side may look like the end of a body.
    sockets.check()


def _session(sockets: AbortableSockets, headers: Mapping[str, str]) -> "requests.Session":
    import requests

    from trainer.web.abortable_adapter import AbortableAdapter

    session = requests.Session()
    session.mount("http://", AbortableAdapter(sockets))
    session.mount("https://", AbortableAdapter(sockets))
    # Pictures and archives are packed already.
    session.headers.update({"User-Agent": user_agent(), "Accept-Encoding": "identity", **headers})
    return session


def _follow(session: "requests.Session", url: str, limits: FetchLimits) -> "requests.Response":
    # Followed by hand: requests would read the whole body of a redirect, however long.
    for _ in range(limits.redirects + 1):
        response = session.get(
            url, stream=True, allow_redirects=False, timeout=(limits.connect, limits.read)
        )
        target = session.get_redirect_target(response)
        if target is None:
            return response
        response.close()
        url = _redirected(url, target)
    host = host_of(url)
    raise FetchError(f"{host} sends us in a circle. Try another address for this.", details=url)


def _redirected(url: str, target: str) -> str:
    there = urljoin(url, target)
    if urlsplit(there).scheme not in ("http", "https"):
        message = f"{host_of(url)} sends us to something that is not on the web. Try another one."
        raise FetchError(message, details=f"{url} -> {there}")
    return there


@functools.cache
def user_agent() -> str:
    """How this program names itself to servers."""
    try:
        version = importlib.metadata.version("cifar-desktop")
    except importlib.metadata.PackageNotFoundError:  # run from a checkout
        version = "development"
    return f"CIFAR-Desktop/{version}"
