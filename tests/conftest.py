"""Fixtures for all tests: web server, command line in process, nothing left running."""

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.server import Server

# Networks of tests are too small for two threads, which on a busy machine wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

_PATIENCE = 3.0
"""Seconds that threads and processes get to end after a test."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A web server on this computer, with the bad behaviours of the wide world."""
    monkeypatch.setenv("NO_PROXY", "*")
    with Server() as running:
        yield running


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
    return found


def _expect_none(what: str, left: Callable[[], Collection[object]]) -> None:
    deadline = time.monotonic() + _PATIENCE
    pause = threading.Event()
    while (rest := left()) and time.monotonic() < deadline:
        pause.wait(0.02)
    if rest:
        pytest.fail(f"the test left {what} behind: {rest}")
