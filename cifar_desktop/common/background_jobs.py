"""Runs file operations on a thread, one after another; their results arrive on the GUI thread.

A disk may be asleep, busy writing a checkpoint, or far away: the window must not wait for it.
"""

import threading
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from cifar_desktop.common.unexpected_error import unexpected_error
from trainer.errors import TrainerError

Result = TypeVar("Result")


def _ignore(_result: object) -> None:
    pass


class BackgroundJobs(QObject):
    """A queue of jobs and the thread that works through it, which starts with the first job.

    Args:
        parent: The Qt parent.
        exit_timeout: Seconds that `shutdown` waits for the jobs that are left.

    Signals: none.
    """

    _woken = Signal()

    def __init__(self, parent: QObject | None = None, exit_timeout: float = 10.0) -> None:
        super().__init__(parent)
        self._exit_timeout = exit_timeout
        self._jobs: SimpleQueue[Callable[[], Callable[[], None]] | None] = SimpleQueue()
        self._results: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._woken.connect(self._deliver)

    def run(
        self,
        job: Callable[[], Result],
        then: Callable[[Result], None] = _ignore,
        failed: Callable[[TrainerError], None] = _ignore,
    ) -> None:
        """Run a job on the thread, then call `then` with its result or `failed` with its error."""
        self._jobs.put(partial(_outcome, job, then, failed))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="background-jobs", daemon=True)
            self._thread.start()

    def shutdown(self) -> None:
        """Finish all jobs, wait for them, and deliver their results; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join(self._exit_timeout)
        self._deliver()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._results.put(job())
            self._woken.emit()

    @Slot()
    def _deliver(self) -> None:
        while True:
            try:
                deliver = self._results.get_nowait()
            except Empty:
                return
            deliver()


def _outcome(
    job: Callable[[], Result],
    then: Callable[[Result], None],
    failed: Callable[[TrainerError], None],
) -> Callable[[], None]:
    """Run a job; returns what is to be called on the GUI thread."""
    try:
        return partial(then, job())
    except TrainerError as error:
        return partial(failed, error)
    except Exception:  # noqa: BLE001 (every job must end)
        return partial(failed, unexpected_error("A file operation failed."))
