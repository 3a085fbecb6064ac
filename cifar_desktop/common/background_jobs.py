"""Runs small jobs on a thread of its own, one after another; `run_manager` has it touch the disk.

A disk may be asleep, full of a checkpoint's writing, or far away: the window must not wait for it.
"""

import logging
import threading
import traceback
from collections.abc import Callable
from functools import partial
from queue import Empty, SimpleQueue
from typing import TypeVar

from PySide6.QtCore import QObject, Signal, Slot

from trainer.errors import TrainerError

log = logging.getLogger(__name__)

Result = TypeVar("Result")
_PATIENCE_AT_EXIT = 10.0


def _nothing(_result: object) -> None:
    pass


class BackgroundJobs(QObject):
    """Jobs are done in the order in which they are given, their answers told on this thread.

    Signals: none.
    """

    _woken = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: SimpleQueue[Callable[[], Callable[[], None]] | None] = SimpleQueue()
        self._answers: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._thread: threading.Thread | None = None
        self._woken.connect(self._answer)

    def run(
        self,
        job: Callable[[], Result],
        then: Callable[[Result], None] = _nothing,
        failed: Callable[[TrainerError], None] = _nothing,
    ) -> None:
        """Have a job done, and `then` called with its result, or `failed` with its error."""
        self._jobs.put(partial(_done, job, then, failed))
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="errands", daemon=True)
            self._thread.start()

    def shutdown(self) -> None:
        """Finish what was given, and wait for it; safe to call twice."""
        thread, self._thread = self._thread, None
        if thread is not None:
            self._jobs.put(None)
            thread.join(_PATIENCE_AT_EXIT)
        self._answer()

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            self._answers.put(job())
            self._woken.emit()

    @Slot()
    def _answer(self) -> None:
        while True:
            try:
                answer = self._answers.get_nowait()
            except Empty:
                return
            answer()


def _done(
    job: Callable[[], Result],
    then: Callable[[Result], None],
    failed: Callable[[TrainerError], None],
) -> Callable[[], None]:
    try:
        return partial(then, job())
    except TrainerError as error:
        return partial(failed, error)
    except Exception:  # noqa: BLE001 (every job must end)
        details = traceback.format_exc()
        log.error("an errand failed\n%s", details)
        return partial(failed, TrainerError(
            "Something went wrong with the files of a run. This is a mistake in this program; the "
            "details help to mend it.", details=details,
        ))  # fmt: skip
