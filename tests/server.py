"""A real web server on this computer, good and bad; started by the `server` fixture.

`serve` puts a file on it; the other addresses misbehave, each in one way (see `_Handler.pages`).
Waiting handlers wait for the server's end, so that closing it leaves no thread behind.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self, cast


@dataclass(slots=True, kw_only=True)
class Served:
    """A file on the server, and what goes wrong with it.

    Attributes:
        body: Its bytes.
        kind: Its Content-Type.
        ranges: Whether parts of it are given out.
        breaks: After how many bytes of an answer the connection breaks; one entry an answer,
            and when they are used up it breaks no more.
    """

    body: bytes
    kind: str = "application/octet-stream"
    ranges: bool = True
    breaks: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Request:
    """What the server was asked."""

    path: str
    headers: dict[str, str]


class Server:
    """A server in threads of its own; everything it was asked is in `requests`."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.files: dict[str, Served] = {}
        self.asked = threading.Event()
        self.stopping = threading.Event()
        self._server = _HTTPServer(("127.0.0.1", 0), _Handler)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    @property
    def host(self) -> str:
        """Name and port, as in an address."""
        return f"127.0.0.1:{self._server.server_port}"

    def url(self, path: str) -> str:
        """The address of a path that begins with a slash."""
        return f"http://{self.host}{path}"

    def serve(self, path: str, served: Served) -> str:
        """Put a file on the server and give its address."""
        self.files[path] = served
        return self.url(path)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop, and wait for every thread of it; safe to call twice."""
        self.stopping.set()
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()


class _HTTPServer(ThreadingHTTPServer):
    daemon_threads = False  # so that closing waits for them
    owner: Server

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    timeout = 10  # for a client that connects and says nothing

    def do_GET(self) -> None:
        owner = self.owner
        owner.requests.append(Request(self.path, dict(self.headers)))
        owner.asked.set()
        if served := owner.files.get(self.path):
            self._give(served)
        else:
            name, _, argument = self.path[1:].partition("/")
            self.pages().get(name, self._missing)(argument)

    @property
    def owner(self) -> Server:
        return cast("_HTTPServer", self.server).owner

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # as inherited
        """Print nothing."""

    def pages(self) -> dict[str, Callable[[str], None]]:
        return {
            "status": lambda code: self._answer(b"", status=int(code)),
            "page": lambda _: self._answer(b"<!DOCTYPE html><p>A cat</p>", kind="text/html"),
            "to": self._redirect,
            "circle": lambda _: self._redirect("/circle"),
            "hops": lambda left: self._redirect(f"/hops/{int(left) - 1}" if left != "1" else "/ok"),
            "silent": lambda _: self._wait(),
            "silent-body": lambda _: self._silent_body(),
            "trickle": lambda _: self._trickle(),
            "trickle-headers": lambda _: self._trickle(b"HTTP/1.1 200 OK\r\nX-Slow: "),
            "endless": lambda _: self._endless(),
            "huge": lambda _: self._start(length=10**12),
            "short": lambda _: self._short(),
            "short-chunks": lambda _: self._short_chunks(),
            "bad-gzip": lambda _: self._answer(b"not gzip", encoding="gzip"),
            "nonsense": lambda _: self._send(b"220 mail.example ESMTP\r\n"),
            "hang-up": lambda _: None,
        }

    def _missing(self, _: str) -> None:
        self._answer(b"<html>nothing here</html>", status=404, kind="text/html")

    def _answer(
        self, body: bytes, *, status: int = 200, kind: str = "image/png", encoding: str = ""
    ) -> None:
        self._start(status=status, length=len(body), kind=kind, encoding=encoding)
        self._send(body)

    def _start(
        self,
        *,
        status: int = 200,
        length: int | None = None,
        kind: str = "image/png",
        encoding: str = "",
        content_range: str = "",
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if length is not None:
            self.send_header("Content-Length", str(length))
        if encoding:
            self.send_header("Content-Encoding", encoding)
        if content_range:
            self.send_header("Content-Range", content_range)
        self.end_headers()

    def _send(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()

    def _wait(self) -> None:
        self.owner.stopping.wait()

    def _redirect(self, target: str) -> None:
        self.send_response(302)
        self.send_header("Location", target)
        self.end_headers()

    def _silent_body(self) -> None:
        self._start(length=1000)
        self._send(b"\x89PNG")
        self._wait()

    def _trickle(self, first: bytes = b"HTTP/1.1 200 OK\r\n\r\n") -> None:
        self._send(first)
        while not self.owner.stopping.wait(0.01):
            self._send(b"x")

    def _endless(self) -> None:
        self._start()
        while not self.owner.stopping.is_set():
            self._send(bytes(64 * 1024))

    def _short(self) -> None:
        self._start(length=1000)
        self._send(bytes(400))

    def _short_chunks(self) -> None:
        self._send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n")

    def _give(self, served: Served) -> None:
        start = self._expected_start() if served.ranges else 0
        total = len(served.body)
        if start >= total > 0:
            self._start(status=416, length=0, content_range=f"bytes */{total}")
            return
        body = served.body[start:]
        reported = f"bytes {start}-{total - 1}/{total}" if start else ""
        self._start(
            status=206 if start else 200, length=len(body), kind=served.kind, content_range=reported
        )
        self._send(body[: served.breaks.pop(0)] if served.breaks else body)

    def _expected_start(self) -> int:
        return int(self.headers.get("Range", "bytes=0-").removeprefix("bytes=").rstrip("-"))
