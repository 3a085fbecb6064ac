"""Lists, adds and removes the user's networks in the background; for the network chooser."""

import itertools
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.networks.services.store import NetworkStore, StoredNetwork, read_network
from trainer.cancellation import CancelToken
from trainer.errors import TrainerError

Result = TypeVar("Result")


class NetworkLibrary(QObject):
    """Lists, adds and removes networks, one after another, on a background thread.

    Its methods return at once; a signal reports what they did, and `listed` follows.

    Args:
        store: The user's networks.
        built_in: The network that comes with the program; listed too, and never changed.

    Signals:
        listed: `StoredNetwork` of the built-in network, and a list of those of the user's own.
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
        self._jobs = BackgroundJobs(self, exit_timeout=2.0)

    @property
    def built_in(self) -> Path:
        """The network that comes with the program."""
        return self._built_in

    def holds(self, path: Path) -> bool:
        """Whether a path is that of one of the user's own networks."""
        return self._store.holds(path)

    def path_of(self, name: str) -> Path:
        """The path of the network whose file is called `name`; it need not exist."""
        return self._store.folder / Path(name).name

    def refresh(self) -> None:
        """List the networks."""
        self._run(self._list, lambda found: self.listed.emit(*found))

    def add(self, source: Path, name: str = "") -> int:
        """Copy a model file into the store; returns the request id used by the signals."""
        request = next(self._ids)
        add = partial(self._store.add, source, name, self._token)
        self._run(add, lambda path: self.added.emit(request, path), request)
        self.refresh()
        return request

    def remove(self, path: Path) -> None:
        """Delete a network."""
        self._run(partial(self._store.remove, path), lambda _: self.removed.emit(path))
        self.refresh()

    def shutdown(self) -> None:
        """Cancel the current job, drop those that wait, and end the thread."""
        self._token.cancel()
        self._jobs.shutdown()

    def _run(
        self, job: Callable[[], Result], then: Callable[[Result], object], request: int = 0
    ) -> None:
        def unless_closed() -> Result:
            self._token.check()
            return job()

        def deliver(result: Result) -> None:
            if not self._token.cancelled:
                then(result)

        if not self._token.cancelled:
            self._jobs.run(unless_closed, deliver, partial(self._on_failed, request))

    def _on_failed(self, request: int, error: TrainerError) -> None:
        if not self._token.cancelled:
            self.failed.emit(request, error)

    def _list(self) -> tuple[StoredNetwork, list[StoredNetwork]]:
        return read_network(self._built_in), self._store.networks()
