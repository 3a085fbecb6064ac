import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.common.newest_request_worker import NewestRequestWorker


class _Collector(NewestRequestWorker[int]):
    """Notes what it handles, and waits in between so that requests pile up."""

    def __init__(self) -> None:
        super().__init__("collector")
        self.handled: list[int] = []
        self.replaced: list[int] = []
        self.threads: set[threading.Thread] = set()
        self.busy, self.go = threading.Event(), threading.Event()

    def submit(self, request: int) -> None:
        self._submit(request)

    def _handle(self, request: int) -> None:
        self.busy.set()
        assert self.go.wait(10)
        self.threads.add(threading.current_thread())
        self.handled.append(request)

    def _on_replaced(self, request: int) -> None:
        self.replaced.append(request)


@pytest.fixture
def worker(qapp: object) -> Iterator[_Collector]:
    worker = _Collector()
    yield worker
    worker.go.set()
    worker.shutdown()


def _pile_up(worker: _Collector) -> None:
    worker.submit(1)
    assert worker.busy.wait(10)
    for request in (2, 3, 4):
        worker.submit(request)


def test_newest_of_those_that_wait_is_handled(worker: _Collector, qtbot: QtBot) -> None:
    _pile_up(worker)
    assert worker.replaced == [2, 3]

    worker.go.set()

    qtbot.waitUntil(lambda: worker.handled == [1, 4])
    assert threading.main_thread() not in worker.threads


def test_shutdown_drops_what_waits_and_ends_the_thread(worker: _Collector) -> None:
    _pile_up(worker)
    worker.go.set()
    # The request at hand is finished; the one that waits may just have been taken.
    worker.shutdown()

    assert worker._thread.isFinished()
    assert worker.handled + worker.replaced in ([1, 2, 3, 4], [1, 4, 2, 3])
