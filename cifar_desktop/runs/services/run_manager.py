"""All training runs, those that go on and those that rest: what the Training tab talks to.

Made by `app`. Nothing here waits for a disk: files are touched on a thread of their own, and a
run's record is read a few milliseconds at a time.
"""

import os
import signal
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.runs.services import run_launcher
from cifar_desktop.runs.services.run_follower import RunFollower
from cifar_desktop.runs.services.run_launcher import RunChild
from cifar_desktop.runs.services.run_store import RunStore, is_held
from cifar_desktop.runs.services.run_summary import (
    RunSummary,
    brought_up_to_date,
    is_interrupted,
    planned,
)
from cifar_desktop.runs.services.stop_monitor import StopMonitor
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from trainer.config.train_config import TrainConfig
from trainer.errors import StorageError, TrainerError
from trainer.runs.run_folder import RunFolder

_BETWEEN_CHANGES_MS = 500


class RunManager(QObject):
    """Starts, follows, stops and lists runs. A run is named by the path of its folder.

    Args:
        store: The folder of runs.
        program: What trains; the trainer if None.

    Signals:
        list_changed: Other runs are listed, or all of them may have changed.
        changed: Path of a run whose summary changed; twice a second while it goes on.
        ended: Path of a run and the `Outcome` of its process; also of one that never began.
        interrupted: `RunSummary` of each run that was broken off; once after `adopt`.
        stop_failed: Path of a run that could not even be asked to stop.
        stop_is_slow: Path of a run that was asked to stop long ago and could be killed.
        all_stopped: After `stop_all`, when nothing trains any more and every end was told.
        damaged: Path of a run, and a sentence about its record.
        failed: `TrainerError` of something else that was asked for.
    """

    list_changed = Signal()
    changed = Signal(object)
    finished = Signal(object, object)
    interrupted = Signal(object)
    stop_failed = Signal(object)
    stop_is_slow = Signal(object)
    all_stopped = Signal()
    damaged = Signal(object, str)
    failed = Signal(object)

    def __init__(
        self, store: RunStore, program: Sequence[str] | None = None, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._store, self._program = store, program
        self._summaries: dict[Path, RunSummary] = {}
        self._followers: dict[Path, RunFollower] = {}
        self._advanced: set[Path] = set()
        self._launching: set[Path] = set()
        self._ending: set[Path] = set()
        self._is_stopping_all = self._has_left = False
        self._change_timer = QTimer(self, singleShot=True, interval=_BETWEEN_CHANGES_MS)
        self._change_timer.timeout.connect(self._tell_changes)
        self._jobs = BackgroundJobs(self)
        self._stops = StopMonitor(self)
        self._stops.slow.connect(self.stop_is_slow)
        self._stops.renewal_due.connect(self._renew_stop)

    @property
    def summaries(self) -> list[RunSummary]:
        """All runs as last read, the newest first."""
        return sorted(self._summaries.values(), key=lambda each: each.created, reverse=True)

    def summary(self, path: Path) -> RunSummary | None:
        """One run as last read, or None if there is none there."""
        return self._summaries.get(path)

    @property
    def active(self) -> list[Path]:
        """The runs that a process trains, or that are about to begin."""
        live = [path for path, follower in self._followers.items() if follower.live]
        return [*live, *(path for path in self._launching if path not in live)]

    def follow(self, path: Path) -> RunFollower:
        """What a run told and tells; the same object for each call."""
        if path not in self._followers:
            follower = self._followers[path] = RunFollower(path, self)
            follower.advanced.connect(partial(self._on_advanced, path))
            follower.finished.connect(partial(self._on_finished, path))
            follower.damaged.connect(partial(self.damaged.emit, path))
            follower.read()
        return self._followers[path]

    def adopt(self) -> None:
        """At the start of the program: follow what still trains, tell what was broken off."""
        self._jobs.run(self._store.runs, self._adopt, self.failed.emit)

    def refresh(self) -> None:
        """Read the list again; `list_changed` comes when that is done."""
        self._jobs.run(self._store.runs, self._show, self.failed.emit)

    def start(self, config: TrainConfig, data: str, name: str = "") -> Path:
        """Begin a run. Where that fails after this call, the run has `finished`.

        Raises:
            StorageError: If there can be no new run.
        """
        folder = self._store.reserve(config.recipe)
        self._summaries[folder.path] = planned(folder, name, config, data)
        self._launch(folder.path, partial(self._begin, folder, config, data, name))
        self.list_changed.emit()
        return folder.path

    def resume(self, path: Path) -> None:
        """Go on with a run from where it stands, or follow it if it is being trained already."""
        if path not in self.active:
            self._launch(path, partial(self._go_on, RunFolder(path)))

    def stop(self, path: Path) -> None:
        """Ask a run to save a checkpoint and end."""
        if path in self.active:
            self._stops.begin(path)
            self._jobs.run(
                partial(_ask_to_stop, RunFolder(path)), failed=partial(self._on_stop_failed, path)
            )
            self.changed.emit(path)

    def is_stopping(self, path: Path) -> bool:
        """Whether a run was asked to stop and has not ended."""
        return self._stops.watches(path)

    def is_slow_to_stop(self, path: Path) -> bool:
        """Whether it was asked so long ago that it may be killed."""
        return self._stops.is_slow(path)

    def kill(self, path: Path) -> None:
        """End a run at once; it stays as it was at its last checkpoint."""
        # Behind what may just be starting it.
        self._jobs.run(lambda: None, lambda _: self.follow(path).kill())

    def stop_all(self) -> None:
        """Stop whatever trains; `all_stopped` follows."""
        self._is_stopping_all = True
        for path in self.active:
            self.stop(path)
        QTimer.singleShot(0, self, self._check_all_stopped)

    def leave(self) -> None:
        """Follow no longer; what trains goes on without the window. Safe to call twice."""
        self._has_left = True
        self._change_timer.stop()
        self._stops.shutdown()
        self._jobs.shutdown()
        for follower in self._followers.values():
            follower.stop()

    def rename(self, path: Path, name: str) -> None:
        """Call a run something else; without a name, like its folder."""
        if path in self._summaries:
            new = replace(self._summaries[path], name=name.strip() or path.name)
            self._update(new)
        self._jobs.run(partial(self._store.rename, path, name), failed=self._fail)

    def delete(self, path: Path) -> None:
        """Remove a run with all its files; one that goes on must be stopped first."""
        if path in self.active:
            self.failed.emit(StorageError("This run is going on. Stop it first, then delete it."))
        else:
            self._jobs.run(
                partial(self._store.delete, path), partial(self._forget, path), self._fail
            )

    def _begin(self, folder: RunFolder, config: TrainConfig, data: str, name: str) -> RunChild:
        self._store.fill(folder, config, data, name)
        return run_launcher.launch(folder, self._program)

    def _go_on(self, folder: RunFolder) -> RunChild | None:
        return None if is_held(folder) else run_launcher.launch(folder, self._program)

    def _launch(self, path: Path, job: "partial[RunChild] | partial[RunChild | None]") -> None:
        self._launching.add(path)
        self.follow(path)
        self._jobs.run(job, partial(self._on_launched, path), partial(self._on_unable, path))
        self._touch(path)

    def _on_launched(self, path: Path, child: RunChild | None) -> None:
        self._launching.discard(path)
        self.follow(path).follow(child)

    def _on_unable(self, path: Path, error: TrainerError) -> None:
        self._launching.discard(path)
        outcome = Outcome(ending=Ending.NOT_STARTED, reason=error.message, details=error.details)
        self._on_finished(path, outcome)

    def _adopt(self, summaries: list[RunSummary]) -> None:
        run_launcher.reap()
        for each in summaries:
            if each.state.active and each.path not in self.active:
                self.follow(each.path).follow()
        self._show(summaries)
        broken = [each for each in self.summaries if is_interrupted(each)]
        if broken and not self._has_left:
            self.interrupted.emit(broken)

    def _show(self, summaries: list[RunSummary]) -> None:
        found = {each.path: each for each in summaries}
        coming = {path: self._summaries[path] for path in self._launching & self._summaries.keys()}
        self._summaries = coming | found
        for path in self.active:
            self._bring_up_to_date(path)
        if not self._has_left:
            self.list_changed.emit()

    def _on_advanced(self, path: Path) -> None:
        if path in self.active:
            self._advanced.add(path)
            if not self._change_timer.isActive():
                self._change_timer.start()

    @Slot()
    def _tell_changes(self) -> None:
        advanced, self._advanced = self._advanced, set()
        for path in advanced.intersection(self.active):
            self._touch(path)

    def _touch(self, path: Path) -> None:
        if self._bring_up_to_date(path):
            self.changed.emit(path)

    def _bring_up_to_date(self, path: Path) -> bool:
        old = self._summaries.get(path)
        if old is None:
            return False
        history = self._followers[path].history
        new = self._summaries[path] = brought_up_to_date(old, history, held=True)
        return new != old

    def _update(self, summary: RunSummary) -> None:
        self._summaries[summary.path] = summary
        if not self._has_left:
            self.changed.emit(summary.path)

    def _on_finished(self, path: Path, outcome: Outcome) -> None:
        self._stops.end(path)
        self._ending.add(path)
        # What the run left behind must be known before anyone hears that it ended.
        self._jobs.run(
            partial(_summary_if_there, self._store, path),
            lambda summary: self._tell_end(path, outcome, summary),
            lambda _: self._tell_end(path, outcome, None),
        )

    def _tell_end(self, path: Path, outcome: Outcome, summary: RunSummary | None) -> None:
        self._ending.discard(path)
        if self._has_left:
            return
        if summary is None:
            self.refresh()
        elif path not in self.active:
            self._update(summary)
        self.finished.emit(path, outcome)
        self._check_all_stopped()

    @Slot()
    def _check_all_stopped(self) -> None:
        # A run that has ended counts until its end was told.
        going = self.active or self._ending
        if self._is_stopping_all and not going and not self._has_left:
            self._is_stopping_all = False
            self.all_stopped.emit()

    def _on_stop_failed(self, path: Path, error: TrainerError) -> None:
        self._stops.end(path)
        self._is_stopping_all = False
        self.stop_failed.emit(path)
        self.changed.emit(path)
        self.failed.emit(error)

    @Slot(object)
    def _renew_stop(self, path: Path) -> None:
        self._jobs.run(partial(_request_again, RunFolder(path)))

    def _fail(self, error: TrainerError) -> None:
        if not self._has_left:
            self.failed.emit(error)
            self.refresh()

    def _forget(self, path: Path, _: None) -> None:
        self._summaries.pop(path, None)
        follower = self._followers.pop(path, None)
        if follower is not None:
            follower.stop()
            follower.deleteLater()
        if not self._has_left:
            self.list_changed.emit()


def _request_again(folder: RunFolder) -> None:
    """Keep the request young while the process that it is meant for is still starting."""
    if not folder.is_held:
        folder.request_stop()


def _ask_to_stop(folder: RunFolder) -> None:
    try:
        folder.request_stop()
    except StorageError:
        # A signal needs no disk; Windows has none that lets a process save itself.
        process = folder.process if os.name == "posix" else None
        if process is None:
            raise
        os.kill(process, signal.SIGTERM)


def _summary_if_there(store: RunStore, path: Path) -> RunSummary | None:
    folder = RunFolder(path)
    if not is_held(folder):
        # One that came too late must not stop the next start.
        with suppress(OSError):
            folder.withdraw_stop()
    return store.summary(path) if path.exists() else None
