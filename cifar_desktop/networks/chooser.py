"""Which network is in use: the built-in one, or one of the user's own; now and at the next start.

Made by `app`; the Classify tab, the menus and the runs use it.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cifar_desktop.common.notices import Action, Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.settings import Settings
from cifar_desktop.networks.card_text import network_entry
from cifar_desktop.networks.services.inference_worker import InferenceWorker
from cifar_desktop.networks.services.library import NetworkLibrary
from cifar_desktop.networks.services.store import StoredNetwork
from cifar_desktop.networks.widgets.picker import NetworkEntry
from trainer.errors import StorageError, TrainerError

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard

BUILT_IN = "Built in"
_NO_OTHER = (
    "Without a network nothing can be classified: open another one, or reinstall the program."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _PendingOpen:
    """A network that is to be used.

    Attributes:
        path: The file.
        notice: What to post once it is in use, or None.
        fallback: Whether to use the built-in one if this one cannot be used.
        remembered: Whether to use it at the next start too.
        clears: Whether to clear notices about networks once it is in use.
    """

    path: Path
    notice: Notice | None = None
    fallback: bool = False
    remembered: bool = True
    clears: bool = True


class NetworkChooser(QObject):
    """Opens networks, keeps those that the user adds, and remembers which one was used last.

    Args:
        worker: Loads networks.
        library: The user's own networks.
        board: Where notices are posted.
        settings: Remembers the choice.

    Signals:
        changed: There are other networks now, or another one is in use.
        opening: A network is being opened.
        gave_up: It could not be opened; the previous one, if any, stays in use.
        file_requested: Ask the user for a network file.
    """

    changed = Signal()
    opening = Signal()
    gave_up = Signal()
    file_requested = Signal()

    def __init__(
        self,
        worker: InferenceWorker,
        library: NetworkLibrary,
        board: NoticeBoard,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._worker, self._library = worker, library
        self._board, self._settings = board, settings
        self._entries = [NetworkEntry(key=str(library.built_in), name=BUILT_IN)]
        self._in_use: Path | None = None
        self._pending: _PendingOpen | None = None
        self._adding: tuple[int, Path] | None = None
        worker.network_ready.connect(self._on_ready)
        worker.network_failed.connect(self._on_failed)
        library.listed.connect(self._on_listed)
        library.added.connect(self._on_added)
        library.removed.connect(self._on_removed)
        library.failed.connect(self._on_library_failed)

    @property
    def entries(self) -> list[NetworkEntry]:
        """All networks that can be chosen, the built-in one first."""
        current = self.current
        if current and all(entry.key != current for entry in self._entries):
            guest = NetworkEntry(
                key=current, name=Path(current).stem, detail="not one of your networks"
            )
            return [*self._entries, guest]
        return list(self._entries)

    @property
    def current(self) -> str:
        """Key of the network in use, or of the first one while it loads; empty if there is none."""
        path = self._in_use or (self._pending.path if self._pending else None)
        return str(path) if path else ""

    def begin(self, named: Path | None = None) -> None:
        """Use the named network, or the one that was used last, or the built-in one."""
        self._library.refresh()
        remembered = self._settings.network
        own = self._library.path_of(remembered) if remembered else None
        path = named or own or self._library.built_in
        self._open(_PendingOpen(path=path, fallback=path != self._library.built_in))

    def use(self, path: Path) -> None:
        """Use a network from now on; a file from elsewhere is not copied."""
        self._open(_PendingOpen(path=path))

    def import_and_use(self, path: Path, name: str = "") -> None:
        """Copy a network file to the user's own, and use it from now on.

        Args:
            path: The file.
            name: Its new name; that of the file by default.
        """
        if path == self._library.built_in or self._library.holds(path):
            self._library.refresh()
            self.use(path)
        else:
            self._adding = self._library.add(path, name), path

    def remove(self, path: Path) -> None:
        """Remove one of the user's own networks; if it is in use, the built-in one takes over."""
        if path == self._in_use or (self._pending is not None and path == self._pending.path):
            self._open(_PendingOpen(path=self._library.built_in, clears=False))
        self._library.remove(path)

    def _open(self, pending: _PendingOpen) -> None:
        self._pending, self._adding = pending, None
        self._worker.open_network(pending.path)
        self.opening.emit()
        self.changed.emit()

    @Slot(object, object)
    def _on_ready(self, _card: "ModelCard", path: Path) -> None:
        self._in_use = path
        pending = self._pending
        if pending is not None and pending.path == path:
            self._pending = None
            if pending.remembered:
                self._remember(path)
            if pending.clears:
                self._board.clear(Topic.NETWORK)
            if pending.notice is not None:
                self._board.post(pending.notice)
        self.changed.emit()

    @Slot(object, object)
    def _on_failed(self, error: TrainerError, path: Path) -> None:
        pending = self._pending
        if pending is None or pending.path != path:
            return  # The user has chosen another one meanwhile.
        self._pending = None
        self._library.refresh()
        if pending.fallback:
            sentence = f"{error.message} The built-in network is used instead."
            notice = _notice(sentence, Severity.WARNING, error.details)
            self._open(_PendingOpen(path=self._library.built_in, notice=notice, remembered=False))
            return
        self._post_error(error)
        self.gave_up.emit()
        self.changed.emit()

    @Slot(object, list)
    def _on_listed(self, built_in: StoredNetwork, networks: list[StoredNetwork]) -> None:
        first = network_entry(built_in, BUILT_IN, removable=False)
        self._entries = [
            first,
            *(network_entry(each, each.name, removable=True) for each in networks),
        ]
        self.changed.emit()

    @Slot(int, object)
    def _on_added(self, request: int, path: Path) -> None:
        if self._adding is None or self._adding[0] != request:
            return  # The user has chosen another one meanwhile.
        sentence = f"The network “{path.stem}” was added to your networks and is now in use."
        self._open(_PendingOpen(path=path, notice=_notice(sentence, Severity.SUCCESS)))

    @Slot(object)
    def _on_removed(self, path: Path) -> None:
        if self._settings.network == path.name:
            self._settings.network = ""
        self._board.post(_notice(f"The network “{path.stem}” was removed.", Severity.INFO))

    @Slot(int, object)
    def _on_library_failed(self, request: int, error: TrainerError) -> None:
        adding = self._adding
        if adding is None or adding[0] != request or not isinstance(error, StorageError):
            self._post_error(error)
            return
        name = adding[1].stem
        sentence = f"“{name}” could not be saved; it will be used until you quit. {error.message}"
        notice = _notice(sentence, Severity.WARNING, error.details)
        self._open(_PendingOpen(path=adding[1], notice=notice))

    def _remember(self, path: Path) -> None:
        if path == self._library.built_in:
            self._settings.network = ""
        elif self._library.holds(path):
            self._settings.network = path.name

    def _post_error(self, error: TrainerError) -> None:
        self._board.post(
            Notice(
                sentence=error.message if self._in_use else f"{error.message} {_NO_OTHER}",
                topic=Topic.NETWORK,
                details=error.details,
                action=Action(label="Open another network…", run=self.file_requested.emit),
            )
        )


def _notice(sentence: str, severity: Severity, details: str = "") -> Notice:
    return Notice(sentence=sentence, topic=Topic.NETWORK, severity=severity, details=details)
