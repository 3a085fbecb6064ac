"""Resumable downloads, from a real server on this computer."""

import hashlib
import socket
import threading
from pathlib import Path

import pytest

from tests.server import Served, Server
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, DataError, FetchError, StorageError
from trainer.web.download import Retries, download
from trainer.web.request import FetchLimits

BODY = hashlib.shake_256(b"dataset").digest(400_000)
SHA256 = hashlib.sha256(BODY).hexdigest()
LIMITS = FetchLimits(connect=1, read=0.5, total=None, size=None)
AT_ONCE = Retries(tries=3, pause=0.001)


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "Zoë" / "图片" / "data.tar.gz"


def part_of(target: Path) -> Path:
    return target.with_name("data.tar.gz.part")


def put_part(target: Path, content: bytes) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).write_bytes(content)


def get(
    url: str, target: Path, *, sha256: str = SHA256, size: int | None = len(BODY),
    token: CancelToken | None = None,
) -> list[tuple[int, int | None]]:  # fmt: skip
    seen: list[tuple[int, int | None]] = []
    download(
        url, target, size=size, sha256=sha256, token=token, limits=LIMITS, retries=AT_ONCE,
        on_progress=lambda done, total: seen.append((done, total)),
    )  # fmt: skip
    return seen


def ranges(server: Server) -> list[str]:
    return [request.headers.get("Range", "") for request in server.requests]


@pytest.mark.parametrize("size", [len(BODY), None])
def test_a_download_arrives_whole_and_reports_its_progress(
    server: Server, target: Path, size: int | None
) -> None:
    seen = get(server.serve("/data", Served(body=BODY)), target, size=size)
    assert target.read_bytes() == BODY
    assert not part_of(target).exists()
    assert seen[-1] == (len(BODY), len(BODY))


def test_a_part_from_an_earlier_day_is_continued(server: Server, target: Path) -> None:
    put_part(target, BODY[:150_000])
    seen = get(server.serve("/data", Served(body=BODY)), target)
    assert target.read_bytes() == BODY
    assert ranges(server) == ["bytes=150000-"]
    assert seen[0][0] > 150_000


def test_a_connection_that_breaks_off_is_taken_up_again(server: Server, target: Path) -> None:
    url = server.serve("/data", Served(body=BODY, breaks=[100_000, 100_000, 100_000, 50_000]))
    get(url, target)
    assert target.read_bytes() == BODY
    assert ranges(server) == ["", *(f"bytes={n}-" for n in (100_000, 200_000, 300_000, 350_000))]


def test_a_server_that_cannot_continue_starts_over(server: Server, target: Path) -> None:
    put_part(target, b"x" * 1000)
    get(server.serve("/data", Served(body=BODY, ranges=False)), target)
    assert target.read_bytes() == BODY


def test_a_complete_partial_file_is_not_requested_again(server: Server, target: Path) -> None:
    put_part(target, BODY)
    get(server.serve("/data", Served(body=BODY)), target)
    assert target.read_bytes() == BODY
    assert not server.requests


def test_a_whole_part_of_unknown_size_is_recognized_by_the_server(
    server: Server, target: Path
) -> None:
    put_part(target, BODY)
    get(server.serve("/data", Served(body=BODY)), target, size=None)
    assert target.read_bytes() == BODY
    assert ranges(server) == [f"bytes={len(BODY)}-"]


@pytest.mark.parametrize("size", [len(BODY), None])
def test_a_part_that_is_too_long_is_thrown_away(
    server: Server, target: Path, size: int | None
) -> None:
    put_part(target, BODY + b"more")
    get(server.serve("/data", Served(body=BODY)), target, size=size)
    assert target.read_bytes() == BODY


def test_a_wrong_checksum_removes_the_part(server: Server, target: Path) -> None:
    url = server.serve("/data", Served(body=BODY))
    with pytest.raises(DataError, match="not the expected one"):
        get(url, target, sha256="0" * 64)
    assert list(target.parent.iterdir()) == []


def test_a_file_that_never_ends_is_not_the_expected_one(server: Server, target: Path) -> None:
    with pytest.raises(DataError, match="not the expected one"):
        get(server.url("/endless/"), target)
    assert list(target.parent.iterdir()) == []


def test_a_file_that_is_there_stays_until_the_new_one_is_whole(
    server: Server, target: Path
) -> None:
    target.parent.mkdir(parents=True)
    target.write_bytes(b"old")
    with pytest.raises(FetchError):
        get(server.url("/nowhere"), target)
    assert target.read_bytes() == b"old"
    get(server.serve("/data", Served(body=BODY)), target)
    assert target.read_bytes() == BODY


def test_it_gives_up_after_tries_without_progress(server: Server, target: Path) -> None:
    with pytest.raises(FetchError, match="has a problem"):
        get(server.url("/status/503"), target)
    assert len(server.requests) == 3


def test_offline_says_that_the_part_is_kept(target: Path) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    put_part(target, BODY[:300_000])
    with pytest.raises(FetchError, match=r"refused .* 0\.3 MB received so far are kept"):
        get(f"http://127.0.0.1:{port}/data", target)
    assert part_of(target).read_bytes() == BODY[:300_000]


def test_cancel_keeps_the_part(server: Server, target: Path) -> None:
    url = server.serve("/data", Served(body=BODY))
    token = CancelToken()
    with pytest.raises(Cancelled):
        download(
            url, target, size=len(BODY), sha256=SHA256, token=token,
            on_progress=lambda *_: token.cancel(),
        )  # fmt: skip
    assert 0 < part_of(target).stat().st_size < len(BODY)
    assert not target.exists()


def test_cancel_ends_the_pause_between_tries(server: Server, target: Path) -> None:
    token, stopped = CancelToken(), threading.Event()

    def work() -> None:
        with pytest.raises(Cancelled):
            download(
                server.url("/status/503"), target, size=9, sha256=SHA256, token=token,
                retries=Retries(pause=60),
            )  # fmt: skip
        stopped.set()

    thread = threading.Thread(target=work)
    thread.start()
    assert server.asked.wait(5)
    token.cancel()
    assert stopped.wait(5)
    thread.join()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_full_disk_is_named(server: Server, target: Path) -> None:
    target.parent.mkdir(parents=True)
    part_of(target).symlink_to("/dev/full")
    with pytest.raises(StorageError, match="disk is full"):
        get(server.serve("/data", Served(body=BODY)), target)


def test_a_folder_that_cannot_be_written_is_named(server: Server, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageError, match="cannot be written"):
        get(server.serve("/data", Served(body=BODY)), tmp_path / "file" / "data.tar.gz")
