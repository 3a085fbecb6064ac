"""Fixtures for all tests: web server, trainers that start at once, nothing left running."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests import forked_trainer
from tests.server import Server

# Networks of tests are too small for two threads, which on a busy machine wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_PATIENCE = 3.0
"""Seconds that threads and processes get to end after a test."""
_lasting: set[str] = set()
"""Children that serve all tests."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A web server on this computer, with the bad behaviours of the wide world."""
    monkeypatch.setenv("NO_PROXY", "*")
    with Server() as running:
        yield running


@pytest.fixture(scope="session")
def trainer_command() -> Iterator[list[str]]:
    """The command that starts a trainer, without the seconds that its imports take."""
    if sys.platform != "linux":
        yield [sys.executable, "-m", "trainer"]
        return
    address = f"cifar-desktop-tests-{os.getpid()}"
    with subprocess.Popen(
        [sys.executable, "-m", "tests.forked_trainer", "--serve", address],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True,
        cwd=Path(__file__).parents[1],
    ) as server:  # fmt: skip
        _lasting.add(str(server.pid))
        assert server.stdout is not None
        assert server.stdout.readline() == b"ready\n"
        yield [sys.executable, "-IS", forked_trainer.__file__, address]


@pytest.fixture
def untouched_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """What the command line does to its process is undone."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("TORCHINDUCTOR_CACHE_DIR", str(tmp_path / "kernels"))
    monkeypatch.setenv("OMP_WAIT_POLICY", "passive")
    numbers = (signal.SIGINT, signal.SIGTERM)
    handlers = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, handlers, strict=True):
        signal.signal(number, handler)


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing is read from the user's cache or left there."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(autouse=True)
def _nothing_left_behind() -> Iterator[None]:
    """Fail a test that leaves a thread or a child process running."""
    threads, children = _threads(), _children()
    yield
    _expect_none("threads", lambda: _threads() - threads)
    _expect_none("child processes", lambda: _children() - children)


def _threads() -> set[threading.Thread]:
    # Threads that Qt or torch made look alive for ever once they have run Python code.
    made_elsewhere = threading._DummyThread
    return {each for each in threading.enumerate() if not isinstance(each, made_elsewhere)}


def _children() -> set[str]:
    multiprocessing.active_children()  # waits for those of its own that have ended
    found: set[str] = set()
    for listing in Path(f"/proc/{os.getpid()}/task").glob("*/children"):
        with suppress(OSError):  # its thread has just ended
            found.update(listing.read_text().split())
    return found - _lasting


def _expect_none(what: str, left: Callable[[], Collection[object]]) -> None:
    deadline = time.monotonic() + _PATIENCE
    pause = threading.Event()
    while (rest := left()) and time.monotonic() < deadline:
        pause.wait(0.02)
    if rest:
        pytest.fail(f"the test left {what} behind: {rest}")
