"""Starts, follows, stops and deletes training runs; made by `app`, used by all tabs.

Nothing here waits for a disk: files are touched on a background thread, and the event log of a run
is read a few milliseconds at a time.
"""

import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.runs.services import run_launcher
from cifar_desktop.runs.services.run_follower import RunFollower
from cifar_desktop.runs.services.run_launcher import RunChild
from cifar_desktop.runs.services.run_list import RunList
from cifar_desktop.runs.services.run_store import RunStore, is_held
from cifar_desktop.runs.services.run_summary import RunSummary, is_interrupted, planned
from cifar_desktop.runs.services.stop_monitor import StopMonitor
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from trainer.config.train_config import TrainConfig
from trainer.errors import StorageError, TrainerError
from trainer.runs.run_folder import RunFolder


class RunManager(QObject):
    """Controls runs. A run is identified by the path of its folder.

    Args:
        store: The folder of runs.
        program: The program that trains; the trainer if None.
        parent: The Qt parent.

    Attributes:
        runs: The list of all runs.

    Signals:
        finished: Path of a run and the `Outcome` of its process; also of one that never started.
        interrupted: `RunSummary` of each run that was interrupted; once after `adopt`.
        stop_failed: Path of a run that could not even be asked to stop.
        stop_is_slow: Path of a run that was asked to stop long ago and could be killed.
        all_stopped: After `stop_all`, when no run is active and every end was reported.
        damaged: Path of a run, and a sentence about its event log.
        failed: `TrainerError` of another operation.
    """

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
        self.runs = RunList(self)
        self._followers: dict[Path, RunFollower] = {}
        self._launching: set[Path] = set()
        self._ending: set[Path] = set()
        self._is_stopping_all = self._has_left = False
        self._jobs = BackgroundJobs(self)
        self._stops = StopMonitor(self)
        self._stops.slow.connect(self.stop_is_slow)
        self._stops.renewal_due.connect(self._renew_stop)

    @property
    def active(self) -> list[Path]:
        """The runs that a process trains, or that are about to start."""
        live = [path for path, follower in self._followers.items() if follower.live]
        return [*live, *(path for path in self._launching if path not in live)]

    def follow(self, path: Path) -> RunFollower:
        """The follower of a run, which has its history; the same object for each call."""
        if path not in self._followers:
            follower = self._followers[path] = RunFollower(path, self)
            follower.advanced.connect(partial(self._on_advanced, follower))
            follower.finished.connect(partial(self._on_finished, path))
            follower.damaged.connect(partial(self.damaged.emit, path))
            follower.read()
        return self._followers[path]

    def adopt(self) -> None:
        """At the start of the program: follow active runs, and report interrupted ones."""
        self._jobs.run(self._store.runs, self._adopt, self.failed.emit)

    def refresh(self) -> None:
        """Read the list again; `list_changed` follows."""
        self._jobs.run(self._store.runs, self._show, self.failed.emit)

    def start(self, config: TrainConfig, data: tuple[str, ...], name: str = "") -> Path:
        """Start a run. If that fails after this call, `finished` reports it.

        Raises:
            StorageError: If the folder of the run cannot be created.
        """
        folder = self._store.reserve(config.recipe)
        self._launch(folder.path, partial(self._begin, folder, config, data, name))
        self.runs.add(planned(folder, name, config, data))
        return folder.path

    def resume(self, path: Path) -> None:
        """Continue a run from its last checkpoint, or follow it if a process trains it already."""
        if path not in self.active:
            self._launch(path, partial(self._continue, RunFolder(path)))

    def stop(self, path: Path) -> None:
        """Ask a run to save a checkpoint and stop."""
        if path in self.active:
            self._stops.begin(path)
            self._jobs.run(
                partial(_ask_to_stop, RunFolder(path)), failed=partial(self._on_stop_failed, path)
            )
            self.runs.notify(path)

    def is_stopping(self, path: Path) -> bool:
        """Whether a run was asked to stop and has not stopped yet."""
        return self._stops.watches(path)

    def is_slow_to_stop(self, path: Path) -> bool:
        """Whether it was asked so long ago that it may be killed."""
        return self._stops.is_slow(path)

    def kill(self, path: Path) -> None:
        """Kill the process of a run; progress since its last checkpoint is lost."""
        # Queued behind a job that may just be starting it.
        self._jobs.run(lambda: None, lambda _: self.follow(path).kill())

    def stop_all(self) -> None:
        """Stop all active runs; `all_stopped` follows."""
        self._is_stopping_all = True
        for path in self.active:
            self.stop(path)
        QTimer.singleShot(0, self, self._check_all_stopped)

    def leave(self) -> None:
        """Stop following; active runs continue without the window. Safe to call twice."""
        self._has_left = True
        self.runs.close()
        self._stops.shutdown()
        self._jobs.shutdown()
        for follower in self._followers.values():
            follower.stop()

    def rename(self, path: Path, name: str) -> None:
        """Change the name of a run; an empty name is replaced by that of its folder."""
        summary = self.runs.summary(path)
        if summary is not None:
            self.runs.update(replace(summary, name=name.strip() or path.name))
        self._jobs.run(partial(self._store.rename, path, name), failed=self._fail)

    def delete(self, path: Path) -> None:
        """Delete a run with all its files; an active one must be stopped first."""
        if path in self.active:
            self.failed.emit(StorageError("This run is active. Stop it first, then delete it."))
        else:
            self._jobs.run(
                partial(self._store.delete, path), partial(self._forget, path), self._fail
            )

    def _begin(
        self, folder: RunFolder, config: TrainConfig, data: tuple[str, ...], name: str
    ) -> RunChild:
        self._store.fill(folder, config, data, name)
        return run_launcher.launch(folder, self._program)

    def _continue(self, folder: RunFolder) -> RunChild | None:
        return None if is_held(folder) else run_launcher.launch(folder, self._program)

    def _launch(self, path: Path, job: Callable[[], RunChild | None]) -> None:
        self._launching.add(path)
        follower = self.follow(path)
        self._jobs.run(job, partial(self._on_launched, path), partial(self._on_not_started, path))
        self.runs.catch_up(follower)

    def _on_launched(self, path: Path, child: RunChild | None) -> None:
        self._launching.discard(path)
        self.follow(path).follow(child)

    def _on_not_started(self, path: Path, error: TrainerError) -> None:
        self._launching.discard(path)
        outcome = Outcome(ending=Ending.NOT_STARTED, reason=error.message, details=error.details)
        self._on_finished(path, outcome)

    def _adopt(self, summaries: list[RunSummary]) -> None:
        run_launcher.reap()
        for each in summaries:
            if each.state.active and each.path not in self.active:
                self.follow(each.path).follow()
        self._show(summaries)
        interrupted = [each for each in self.runs.summaries if is_interrupted(each)]
        if interrupted and not self._has_left:
            self.interrupted.emit(interrupted)

    def _show(self, summaries: list[RunSummary]) -> None:
        active = [self._followers[path] for path in self.active]
        self.runs.replace(summaries, self._launching, active)

    def _on_advanced(self, follower: RunFollower) -> None:
        if follower.path in self.active:
            self.runs.advance(follower)

    def _on_finished(self, path: Path, outcome: Outcome) -> None:
        self._stops.end(path)
        self._ending.add(path)
        self.runs.settle(path)
        # The final state of the run must be known before anyone hears that it finished.
        self._jobs.run(
            partial(_summary_if_there, self._store, path),
            lambda summary: self._report_end(path, outcome, summary),
            lambda _: self._report_end(path, outcome, None),
        )

    def _report_end(self, path: Path, outcome: Outcome, summary: RunSummary | None) -> None:
        self._ending.discard(path)
        if self._has_left:
            return
        if summary is None:
            self.refresh()
        elif path not in self.active:
            self.runs.update(summary)
        self.finished.emit(path, outcome)
        self._check_all_stopped()

    @Slot()
    def _check_all_stopped(self) -> None:
        # A run that has ended counts until its end was reported.
        going = self.active or self._ending
        if self._is_stopping_all and not going and not self._has_left:
            self._is_stopping_all = False
            self.all_stopped.emit()

    def _on_stop_failed(self, path: Path, error: TrainerError) -> None:
        self._stops.end(path)
        self._is_stopping_all = False
        self.stop_failed.emit(path)
        self.runs.notify(path)
        self.failed.emit(error)

    @Slot(object)
    def _renew_stop(self, path: Path) -> None:
        self._jobs.run(partial(_request_again, RunFolder(path)))

    def _fail(self, error: TrainerError) -> None:
        if not self._has_left:
            self.failed.emit(error)
            self.refresh()

    def _forget(self, path: Path, _: None) -> None:
        follower = self._followers.pop(path, None)
        if follower is not None:
            follower.stop()
            follower.deleteLater()
        self.runs.remove(path)


def _request_again(folder: RunFolder) -> None:
    """Renew a request to stop while the process that it is meant for is still starting."""
    if not folder.is_held:
        folder.request_stop()


def _ask_to_stop(folder: RunFolder) -> None:
    try:
        folder.request_stop()
    except StorageError:
        # A signal needs no disk; Windows has none that lets a process save a checkpoint.
        process = folder.process if os.name == "posix" else None
        if process is None:
            raise
        os.kill(process, signal.SIGTERM)


def _summary_if_there(store: RunStore, path: Path) -> RunSummary | None:
    folder = RunFolder(path)
    if not is_held(folder):
        # A request that came too late must not stop the next start.
        with suppress(OSError):
            folder.withdraw_stop()
    return store.summary(path) if path.exists() else None
