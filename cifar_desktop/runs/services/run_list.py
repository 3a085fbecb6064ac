"""The list of runs, kept up to date while they train; part of `run_manager`."""

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.runs.services.run_follower import RunFollower
from cifar_desktop.runs.services.run_summary import RunSummary, brought_up_to_date

_CHANGE_INTERVAL_MS = 500


class RunList(QObject):
    """Summaries of all runs, by folder.

    Signals:
        list_changed: Other runs are listed, or all of them may have changed.
        changed: Path of a run that changed; at most twice a second while it
            trains.
    """

    list_changed = Signal()
    changed = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._summaries: dict[Path, RunSummary] = {}
        self._advanced: dict[Path, RunFollower] = {}
        self._closed = False
        self._timer = QTimer(self, singleShot=True, interval=_CHANGE_INTERVAL_MS)
        self._timer.timeout.connect(self._on_timer)

    @property
    def summaries(self) -> list[RunSummary]:
        """All runs as last read, the newest first."""
        return sorted(self._summaries.values(), key=lambda each: each.created, reverse=True)

    def summary(self, path: Path) -> RunSummary | None:
        """One run as last read, or None if there is none."""
        return self._summaries.get(path)

    def replace(
        self, found: Iterable[RunSummary], starting: Iterable[Path], active: Iterable[RunFollower]
    ) -> None:
        """List other runs.

        Args:
            found: What is in the folder of runs.
            starting: Runs that are kept although their folder may not have been found yet.
            active: Followers of runs whose summaries in `found` may be out of date.
        """
        kept = {path: self._summaries[path] for path in starting if path in self._summaries}
        self._summaries = kept | {each.path: each for each in found}
        for follower in active:
            # One that has not read the log yet knows less than the summary.
            if follower.caught_up:
                self._bring_up_to_date(follower)
        self._emit_list_changed()

    def add(self, summary: RunSummary) -> None:
        """List a new run."""
        self._summaries[summary.path] = summary
        self._emit_list_changed()

    def update(self, summary: RunSummary) -> None:
        """Replace the summary of a run."""
        self._summaries[summary.path] = summary
        self.notify(summary.path)

    def remove(self, path: Path) -> None:
        """Remove a run from the list."""
        self._summaries.pop(path, None)
        self._emit_list_changed()

    def notify(self, path: Path) -> None:
        """Report that something about a run has changed."""
        if not self._closed:
            self.changed.emit(path)

    def advance(self, follower: RunFollower) -> None:
        """An active run has reported more; its summary is updated within half a second."""
        self._advanced[follower.path] = follower
        if not self._timer.isActive():
            self._timer.start()

    def catch_up(self, follower: RunFollower) -> None:
        """Bring the summary of an active run up to date at once."""
        if self._bring_up_to_date(follower):
            self.notify(follower.path)

    def settle(self, path: Path) -> None:
        """A run is no longer active; its final summary is read from its folder."""
        self._advanced.pop(path, None)

    def close(self) -> None:
        """Emit no more signals."""
        self._closed = True
        self._timer.stop()

    def _emit_list_changed(self) -> None:
        if not self._closed:
            self.list_changed.emit()

    @Slot()
    def _on_timer(self) -> None:
        advanced, self._advanced = self._advanced, {}
        for follower in advanced.values():
            self.catch_up(follower)

    def _bring_up_to_date(self, follower: RunFollower) -> bool:
        """Whether that changed anything."""
        old = self._summaries.get(follower.path)
        if old is None:
            return False
        new = brought_up_to_date(old, follower.history, held=True)
        self._summaries[follower.path] = new
        return new != old
