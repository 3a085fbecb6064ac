"""Looks after the person's networks on a thread, because disks are slow; the chooser asks it."""

import itertools
import logging
import queue
import threading
import traceback
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from cifar_desktop.networks.services.store import NetworkStore, StoredNetwork
from trainer.cancellation import CancelToken
from trainer.errors import Cancelled, ModelFileError, TrainerError

log = logging.getLogger(__name__)

_PATIENCE_AT_EXIT = 2.0

Job = Callable[[], None]


class NetworkLibrary(QObject):
    """Lists, adds and removes networks, one after another, on a thread of its own.

    Its methods return at once; what they did is told by a signal, and `listed` follows.

    Args:
        store: The networks.
        built_in: The network that comes with the program; it is listed too, and never touched.

    Signals:
        listed: `StoredNetwork` of the built-in one, and a list of those of the person's own.
        added: Request id and the path of the network in the store.
        removed: Path of a network that is gone.
        failed: Request id and `TrainerError`; the id is 0 if it was not about adding.
    """

    listed = Signal(object, list)
    added = Signal(int, object)
    removed = Signal(object)
    failed = Signal(int, object)

    def __init__(self, store: NetworkStore, built_in: Path) -> None:
        super().__init__()
        self._store, self._built_in = store, built_in
        self._ids = itertools.count(1)
        self._token = CancelToken()
        self._jobs: queue.SimpleQueue[tuple[int, Job] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="networks", daemon=True)
        self._thread.start()

    @property
    def built_in(self) -> Path:
        """The network that comes with the program."""
        return self._built_in

    def holds(self, path: Path) -> bool:
        """Whether a path is that of one of the person's own networks."""
        return self._store.holds(path)

    def path_of(self, name: str) -> Path:
        """Where a network lies whose file is called `name`; it need not exist."""
        return self._store.folder / Path(name).name

    def refresh(self) -> None:
        """List the networks."""
        self._jobs.put((0, lambda: None))

    def add(self, source: Path, name: str = "") -> int:
        """Copy a model file into the store; returns the id that the signals will carry."""
        request = next(self._ids)
        self._jobs.put((request, lambda: self._add(request, source, name)))
        return request

    def remove(self, path: Path) -> None:
        """Delete a network."""
        self._jobs.put((0, lambda: self._remove(path)))

    def shutdown(self) -> None:
        """Stop what goes on, drop what waits, and end the thread."""
        self._token.cancel()
        self._jobs.put(None)
        self._thread.join(_PATIENCE_AT_EXIT)

    def _work(self) -> None:
        while (entry := self._jobs.get()) is not None:
            request, job = entry
            self._attempt(request, job)
            self._attempt(0, self._list)

    def _attempt(self, request: int, job: Job) -> None:
        if self._token.cancelled:
            return
        try:
            job()
        except Cancelled:
            pass  # The window is being closed.
        except TrainerError as error:
            self.failed.emit(request, error)
        except Exception:  # noqa: BLE001 (every request must end)
            self.failed.emit(request, _unexpected())

    def _add(self, request: int, source: Path, name: str) -> None:
        self.added.emit(request, self._store.add(source, name, self._token))

    def _remove(self, path: Path) -> None:
        self._store.remove(path)
        self.removed.emit(path)

    def _list(self) -> None:
        self.listed.emit(self._built_in_network(), self._store.networks())

    def _built_in_network(self) -> StoredNetwork:
        from trainer.models.model_file import read_card

        try:
            return StoredNetwork(path=self._built_in, card=read_card(self._built_in))
        except ModelFileError as error:
            return StoredNetwork(path=self._built_in, card=None, reason=error.message)


def _unexpected() -> TrainerError:
    details = traceback.format_exc()
    log.error("looking after the networks failed\n%s", details)
    return TrainerError(
        "Your networks could not be looked after because of a mistake in this program; the details "
        "help to mend it.",
        details=details,
    )
