"""Tells on the notice board what happens to runs, whichever tab is open; wired by `app`."""

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from cifar_desktop.common.notices import Action, Notice, NoticeBoard, Severity, Topic
from cifar_desktop.runs.dataset_location import data_are_gone
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from cifar_desktop.ui import formatting
from trainer.errors import TrainerError
from trainer.events.run_events import Message


class RunNotices(QObject):
    """Turns news of runs into notices.

    Args:
        trainings: Where the news come from.
        board: Where they are told.
        left: Folders of the runs that went on when the window was last closed.

    Signals:
        show_wanted: Path of a run that the person wants to see.
        use_wanted: Path of a run whose network the person wants to use.
        data_wanted: Path of a run whose data are gone; the person knows where they are now.
    """

    show_requested = Signal(object)
    use_requested = Signal(object)
    data_requested = Signal(object)

    def __init__(self, run_manager: RunManager, board: NoticeBoard, left: Sequence[str]) -> None:
        super().__init__()
        self._run_manager, self._board = run_manager, board
        self._left = set(left)
        self._told_until = time.time()
        run_manager.list_changed.connect(self._on_list)
        run_manager.interrupted.connect(self._on_interrupted)
        run_manager.finished.connect(self._on_finished)
        run_manager.changed.connect(self._on_changed)
        run_manager.damaged.connect(self._on_damaged)
        run_manager.failed.connect(self._on_failed)

    @Slot()
    def _on_list(self) -> None:
        """Tell what became of the runs that went on without the window."""
        left, self._left = self._left, set()
        for run in self._run_manager.summaries:
            if run.path.name in left:
                self._tell_left(run)

    def _tell_left(self, run: RunSummary) -> None:
        if run.state.active:
            self._post(
                f"“{run.name}” went on in the background and is still being trained.",
                Severity.INFO,
                action=Action(label="Show", run=lambda: self.show_requested.emit(run.path)),
            )
        elif run.state is RunState.FINISHED:
            self._tell_finished(run)
        elif run.state is RunState.FAILED:
            self._post(
                f"“{run.name}” failed in the background; the Training tab says why.",
                Severity.ERROR,
                action=Action(label="Show", run=lambda: self.show_requested.emit(run.path)),
            )

    def _tell_finished(self, run: RunSummary) -> None:
        self._post(
            f"“{run.name}” is finished: {formatting.share(run.test_accuracy)} of the test images "
            "right.",
            Severity.INFO,
            action=Action(label="Use in Classify", run=lambda: self.use_requested.emit(run.path)),
        )

    @Slot(object)
    def _on_interrupted(self, runs: Sequence[RunSummary]) -> None:
        newest, others = runs[0], len(runs) - 1
        more = f" So were {others} others, which the Training tab lists." if others > 1 else ""
        more = " So was another, which the Training tab lists." if others == 1 else more
        self._post(
            f"The run “{newest.name}” was interrupted after {newest.epochs_done} of "
            f"{newest.epochs} epochs. It can go on exactly where it was saved.{more}",
            Severity.WARNING,
            action=Action(label="Resume", run=lambda: self._resume(newest.path)),
        )

    @Slot(object, object)
    def _on_finished(self, path: Path, outcome: Outcome) -> None:
        run = self._run_manager.summary(path)
        if run is None:
            return
        if outcome.ending is Ending.DONE:
            self._tell_finished(run)
        elif not outcome.good:
            self._tell_failure(run, outcome)

    def _tell_failure(self, run: RunSummary, outcome: Outcome) -> None:
        kept = "Nothing is lost but the time since its last checkpoint. "
        failed = outcome.ending is Ending.FAILED
        # What failed for a reason would fail again; the reason says what helps.
        again = run.resumable and not failed
        self._post(
            f"“{run.name}”: {outcome.sentence} {kept if again and run.has_checkpoint else ''}",
            Severity.ERROR,
            details=outcome.details,
            action=self._help(run, outcome, again=again),
        )

    def _help(self, run: RunSummary, outcome: Outcome, *, again: bool) -> Action | None:
        if outcome.ending is Ending.NOT_STARTED:
            return None
        if again:
            return Action(label="Resume", run=lambda: self._resume(run.path))
        if run.resumable and data_are_gone(run.path):
            return Action(label="Where are they?", run=lambda: self.data_requested.emit(run.path))
        return Action(label="Show", run=lambda: self.show_requested.emit(run.path))

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        for message in self._run_manager.follow(path).history.messages:
            if message.time > self._told_until:
                self._told_until = message.time
                self._tell_message(path, message)

    def _tell_message(self, path: Path, message: Message) -> None:
        run = self._run_manager.summary(path)
        name = f"“{run.name}”: " if run else ""
        severity = Severity.WARNING if message.level == "warning" else Severity.INFO
        self._post(f"{name}{message.text}", severity)

    @Slot(object, str)
    def _on_damaged(self, path: Path, sentence: str) -> None:
        run = self._run_manager.summary(path)
        self._post(f"“{run.name if run else path.name}”: {sentence}", Severity.WARNING)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._board.post(Notice.of(error, Topic.TRAINING))

    def _resume(self, path: Path) -> None:
        self._board.clear(Topic.TRAINING)
        self._run_manager.resume(path)
        self.show_requested.emit(path)

    def _post(
        self, sentence: str, severity: Severity, *, details: str = "", action: Action | None = None
    ) -> None:
        self._board.post(
            Notice(
                sentence=sentence.strip(),
                topic=Topic.TRAINING,
                severity=severity,
                details=details,
                action=action,
            )
        )
