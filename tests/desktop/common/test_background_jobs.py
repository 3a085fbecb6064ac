import threading
from collections.abc import Iterator
from functools import partial

import pytest
from pytestqt.qtbot import QtBot

from cifar_desktop.common.background_jobs import BackgroundJobs
from trainer.errors import StorageError, TrainerError


@pytest.fixture
def jobs(qapp: object) -> Iterator[BackgroundJobs]:
    jobs = BackgroundJobs()
    yield jobs
    jobs.shutdown()


def test_results_arrive_in_order_on_the_gui_thread(jobs: BackgroundJobs, qtbot: QtBot) -> None:
    worked: list[threading.Thread] = []
    delivered: list[tuple[int, threading.Thread]] = []

    def job(number: int) -> int:
        worked.append(threading.current_thread())
        return number

    def deliver(result: int) -> None:
        delivered.append((result, threading.current_thread()))

    for number in range(20):
        jobs.run(partial(job, number), deliver)

    qtbot.waitUntil(lambda: len(delivered) == 20)
    assert [number for number, _ in delivered] == list(range(20))
    assert {thread for _, thread in delivered} == {threading.main_thread()}
    assert len(set(worked)) == 1
    assert threading.main_thread() not in worked


def test_error_goes_to_whoever_wants_it_and_the_next_job_runs(
    jobs: BackgroundJobs, qtbot: QtBot
) -> None:
    def full() -> None:
        raise StorageError("The disk is full.")

    errors: list[TrainerError] = []
    results: list[int] = []
    jobs.run(full, failed=errors.append)
    jobs.run(full)
    jobs.run(lambda: 1 // 0, failed=errors.append)
    jobs.run(lambda: 4, results.append)

    qtbot.waitUntil(lambda: results == [4])
    known, unexpected = errors
    assert known.message == "The disk is full."
    assert "This is a bug in CIFAR Desktop" in unexpected.message
    assert "ZeroDivisionError" in unexpected.details


def test_shutdown_finishes_what_waits(jobs: BackgroundJobs) -> None:
    go = threading.Event()
    results: list[bool] = []
    for _ in range(3):
        jobs.run(lambda: go.wait(10), results.append)
    go.set()

    jobs.shutdown()

    assert results == [True] * 3


def test_shutdown_does_not_wait_for_ever(qapp: object) -> None:
    go = threading.Event()
    jobs = BackgroundJobs(exit_timeout=0.01)
    results: list[bool] = []
    jobs.run(lambda: go.wait(10), results.append)
    thread = jobs._thread
    assert thread is not None

    jobs.shutdown()

    assert results == []
    go.set()
    thread.join()
