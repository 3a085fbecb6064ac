"""Fetching pictures, from a real server on this computer that misbehaves in every way."""

import base64
import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from tests.server import Served, Server
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, FetchError
from trainer.web.fetch_picture import FetchLimits, fetch, read_data_uri, web_address
from trainer.web.request import user_agent

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20
QUICK = FetchLimits(connect=0.3, read=0.3, size=256 * 1024)
BRIEF = FetchLimits(total=0.4)


@pytest.fixture
def full_port() -> Iterator[int]:
    """A port with a full backlog, so that connecting neither succeeds nor fails."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.settimeout(0)
            each.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]
        for each in waiting:
            each.close()


def failure(url: str, limits: FetchLimits = QUICK) -> FetchError:
    with pytest.raises(FetchError) as caught:
        fetch(url, limits=limits)
    assert caught.value.message.endswith((".", ".jpg"))
    return caught.value


def test_fetches_the_bytes_with_a_user_agent(server: Server) -> None:
    url = server.serve("/cat.png", Served(body=PICTURE, kind="image/png"))
    assert fetch(url) == PICTURE
    assert server.requests[0].headers["User-Agent"] == user_agent()
    assert user_agent().startswith("CIFAR-Desktop/")


def test_reports_progress_up_to_the_whole(server: Server) -> None:
    url = server.serve("/big.png", Served(body=PICTURE * 40))
    seen: list[tuple[int, int | None]] = []
    fetch(url, on_progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (len(PICTURE) * 40, len(PICTURE) * 40)
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)


def test_a_body_without_a_length_is_read_to_its_end(server: Server) -> None:
    packed = gzip.compress(PICTURE)
    server.serve("/ok", Served(body=packed))
    assert fetch(server.url("/ok")) == packed


def test_follows_five_redirects_but_not_six(server: Server) -> None:
    server.serve("/ok", Served(body=PICTURE))
    assert fetch(server.url("/hops/5")) == PICTURE
    assert "redirects too often" in failure(server.url("/hops/6")).message


def test_a_redirect_circle_ends(server: Server) -> None:
    assert "redirects too often" in failure(server.url("/circle")).message
    assert len(server.requests) == 6


@pytest.mark.parametrize("target", ["ftp://example.org/cat.png", "file:///etc/passwd"])
def test_a_redirect_away_from_the_web_is_refused(server: Server, target: str) -> None:
    assert "not on the web" in failure(server.url(f"/to/{target}")).message


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/nowhere", "nothing at this address"),
        ("/status/410", "nothing at this address"),
        ("/status/403", "does not allow access"),
        ("/status/500", "has a problem"),
        ("/status/418", "418"),
        ("/page/", "Open the picture itself"),
        ("/silent/", "did not respond"),
        ("/silent-body/", "did not respond"),
        ("/endless/", "larger than"),
        ("/huge/", "larger than"),
        ("/short/", "was interrupted"),
        ("/short-chunks/", "was interrupted"),
        ("/hang-up/", "was interrupted"),
        ("/nonsense/", "was interrupted"),
        ("/bad-gzip/", "cannot be decompressed"),
    ],
)
def test_every_bad_response_has_a_message(server: Server, path: str, words: str) -> None:
    assert words in failure(server.url(path)).message


@pytest.mark.parametrize("path", ["/trickle/", "/trickle-headers/"])
def test_a_trickle_does_not_outwit_the_time_limit(server: Server, path: str) -> None:
    assert "0.4 seconds" in failure(server.url(path), BRIEF).message


def test_an_empty_response_is_an_error(server: Server) -> None:
    assert "sent nothing" in failure(server.serve("/empty", Served(body=b""))).message


def test_a_picture_called_html_by_its_server_is_a_picture(server: Server) -> None:
    url = server.serve("/odd", Served(body=PICTURE, kind="text/html"))
    assert fetch(url) == PICTURE


def test_an_unknown_host_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*args: object, **kwargs: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    assert "No server named cats.invalid" in failure("http://cats.invalid/cat.png").message


def test_a_closed_port_refuses() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert "refused" in failure(f"http://127.0.0.1:{port}/cat.png").message


def test_a_server_that_does_not_take_the_call_times_out(full_port: int) -> None:
    assert "cannot be reached" in failure(f"http://127.0.0.1:{full_port}/cat.png").message


def test_a_server_without_tls_is_not_trusted(server: Server) -> None:
    assert "secure connection" in failure(f"https://{server.host}/cat.png").message


@pytest.mark.parametrize("path", ["/silent/", "/silent-body/", "/trickle-headers/", "/trickle/"])
def test_cancel_is_immediate_whatever_the_server_does(server: Server, path: str) -> None:
    assert _seconds_to_cancel(server.url(path), server.asked.wait) < 1


def test_cancel_is_immediate_while_connecting(full_port: int) -> None:
    assert _seconds_to_cancel(f"http://127.0.0.1:{full_port}/", lambda: None) < 1


def test_cancel_is_immediate_in_a_tls_handshake() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"https://127.0.0.1:{listener.getsockname()[1]}/"
        accepted: list[socket.socket] = []
        assert _seconds_to_cancel(url, lambda: accepted.append(listener.accept()[0])) < 1
        accepted[0].close()


def _seconds_to_cancel(url: str, until: Callable[[], object]) -> float:
    token, stopped = CancelToken(), threading.Event()

    def work() -> None:
        with pytest.raises(Cancelled):
            fetch(url, token=token)
        stopped.set()

    thread = threading.Thread(target=work)
    thread.start()
    until()
    start = time.monotonic()
    token.cancel()
    assert stopped.wait(4)
    thread.join()
    return time.monotonic() - start


def test_a_cancelled_token_sends_no_request(server: Server) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        fetch(server.url("/cat.png"), token=token)
    assert not server.requests


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("https://a.org/cat.jpg", "https://a.org/cat.jpg"),
        ("  <http://a.org/x>\n", "http://a.org/x"),
        ('"http://a.org/x"', "http://a.org/x"),
        ("a.org/cat.jpg", "https://a.org/cat.jpg"),
        ("www.a.org", "https://www.a.org"),
        ("//a.org/cat.jpg", "https://a.org/cat.jpg"),
        ("localhost:8000/cat.jpg", "http://localhost:8000/cat.jpg"),
        ("HTTP://a.org/Ä", "HTTP://a.org/Ä"),
    ],
)
def test_an_address_is_completed(typed: str, address: str) -> None:
    assert web_address(typed) == address


@pytest.mark.parametrize(
    "typed",
    ["", "cat", "cat.jpg", r"C:\cats\cat.jpg", "/home/cat.jpg", "http://", "https:///cat.jpg",
     "http://a.org:cat/", "http://[::1/cat.jpg", "http://a b.org/cat.jpg"],
)  # fmt: skip
def test_what_is_not_an_address_is_refused(typed: str) -> None:
    assert "web address" in failure(typed).message


@pytest.mark.parametrize("typed", ["ftp://a.org/cat.jpg", "file:///home/cat.jpg"])
def test_other_schemes_are_named(typed: str) -> None:
    assert typed.partition("/")[0] in failure(typed).message


@pytest.mark.parametrize("typed", ["http://a..b/", "http://" + "a" * 64 + ".org/", "http://\x80/"])
def test_a_host_that_cannot_exist_is_a_fetch_error(typed: str) -> None:
    failure(typed)


def test_data_uris_give_their_bytes() -> None:
    packed = base64.b64encode(PICTURE).decode()
    assert read_data_uri(f"data:image/png;base64,{packed}") == PICTURE
    assert (
        read_data_uri(f"  DATA:image/png;charset=x;BASE64,{packed[:20]} \n{packed[20:]}") == PICTURE
    )
    assert read_data_uri("data:image/x-portable-pixmap,P1%201%201%201") == b"P1 1 1 1"


@pytest.mark.parametrize(
    "uri",
    ["", "data:image/png;base64", "http://a.org", "data:text/html,<p>", "data:image/png;base64,%%",
     "data:image/png;base64,AAA", "data:image/png;base64," + "A" * (50 * 1024**2)],
    ids=range(7),
)  # fmt: skip
def test_bad_data_uris_are_fetch_errors(uri: str) -> None:
    with pytest.raises(FetchError):
        read_data_uri(uri)


@pytest.mark.parametrize("wrong", [{"connect": 0}, {"size": -1}, {"redirects": -1}])
def test_limits_must_make_sense(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="invalid limits"):
        FetchLimits(**wrong)
