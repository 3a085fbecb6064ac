"""Loads pictures off the GUI thread for the Classify tab; the newest request wins.

Each load has its own thread: a slow address must never delay the next photo.
"""

import itertools
import logging
import threading
import time
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, Signal

from cifar_desktop.classify.services.picture_offer import LoadedPicture, Offer, read
from cifar_desktop.common.unexpected_error import unexpected_error
from cifar_desktop.networks.services import torch_preload
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, TrainerError

log = logging.getLogger(__name__)

_PROGRESS_EVERY = 0.05
_EXIT_TIMEOUT = 2.0


@dataclass(eq=False)
class _Load:
    id: int
    offer: Offer
    token: CancelToken = field(default_factory=CancelToken)
    settled: bool = False
    reported: float = 0.0


class ImageLoader(QObject):
    """Turns offers into pictures; a new request replaces the previous one.

    Every request ends in exactly one of `loaded` and `failed`; one that was replaced or cancelled
    fails with `Cancelled`.

    Signals:
        loaded: Request id and `LoadedPicture`.
        failed: Request id and `TrainerError`.
        progressed: Request id, bytes so far, and bytes expected or None.
    """

    loaded = Signal(int, object)
    failed = Signal(int, object)
    progressed = Signal(int, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()
        self._current: _Load | None = None
        self._threads: list[threading.Thread] = []

    def load(self, offer: Offer) -> int:
        """Start loading; returns the request id used by the signals."""
        self.cancel()
        load = self._current = _Load(next(self._ids), offer)
        thread = threading.Thread(target=self._run, args=(load,), name="image-load", daemon=True)
        self._threads = [*(old for old in self._threads if old.is_alive()), thread]
        thread.start()
        return load.id

    def cancel(self) -> None:
        """Cancel the current load immediately."""
        load, self._current = self._current, None
        if load is not None and self._settle(load):
            load.token.cancel()
            self.failed.emit(load.id, Cancelled())

    def shutdown(self) -> None:
        """Cancel, and wait for the threads."""
        self.cancel()
        deadline = time.monotonic() + _EXIT_TIMEOUT
        for thread in self._threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        if self._threads:
            log.warning("%d pictures were still loading at exit", len(self._threads))

    def _run(self, load: _Load) -> None:
        torch_preload.wait()
        try:
            picture = read(load.offer, load.token, lambda got, of: self._report(load, got, of))
        except TrainerError as error:
            self._fail(load, error)
        except Exception:  # noqa: BLE001 (a request must end, whatever happens)
            self._fail(load, unexpected_error("This picture could not be opened."))
        else:
            self._succeed(load, picture)

    def _succeed(self, load: _Load, picture: LoadedPicture) -> None:
        if self._settle(load):
            self.loaded.emit(load.id, picture)

    def _fail(self, load: _Load, error: TrainerError) -> None:
        if self._settle(load):
            self.failed.emit(load.id, error)

    def _settle(self, load: _Load) -> bool:
        """Mark a request as settled; True only for the first caller."""
        with self._lock:
            first, load.settled = not load.settled, True
        return first

    def _report(self, load: _Load, got: int, expected: int | None) -> None:
        now = time.monotonic()
        if not load.settled and (now - load.reported >= _PROGRESS_EVERY or got == expected):
            load.reported = now
            self.progressed.emit(load.id, got, expected)
