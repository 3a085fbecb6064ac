"""Posts on the notice board what happens to runs, whichever tab is open; made by `app`."""

import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Slot

from cifar_desktop.common.notices import Action, Notice, NoticeBoard, Severity, Topic
from cifar_desktop.runs import run_words
from cifar_desktop.runs.actions import RESTART, RESUME, RunActions
from cifar_desktop.runs.dataset_location import data_are_gone
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from trainer.errors import TrainerError
from trainer.events.run_events import Message


class RunNotices(QObject):
    """Turns news of runs into notices.

    Args:
        run_manager: The runs.
        actions: What the buttons of the notices do.
        board: Where the notices are posted.
        left_runs: Folder names of the runs that were active when the window was last closed.

    Signals: none.
    """

    def __init__(
        self,
        run_manager: RunManager,
        actions: RunActions,
        board: NoticeBoard,
        left_runs: Sequence[str],
    ) -> None:
        super().__init__()
        self._run_manager, self._actions, self._board = run_manager, actions, board
        self._left_runs = set(left_runs)
        self._last_message_time = time.time()
        run_manager.runs.list_changed.connect(self._on_list)
        run_manager.interrupted.connect(self._on_interrupted)
        run_manager.finished.connect(self._on_finished)
        run_manager.runs.changed.connect(self._on_changed)
        run_manager.damaged.connect(self._on_damaged)
        run_manager.failed.connect(self._on_failed)

    @Slot()
    def _on_list(self) -> None:
        """Report how the background runs ended that continued without the window; once."""
        left, self._left_runs = self._left_runs, set()
        for run in self._run_manager.runs.summaries:
            if run.path.name in left:
                self._report_left_run(run)

    def _report_left_run(self, run: RunSummary) -> None:
        if run.state.active:
            self._post(
                f"“{run.name}” continued in the background and is still {_doing(run)}.",
                Severity.INFO,
                action=self._show_action(run),
            )
        elif run.state is RunState.FINISHED:
            self._report_finished(run)
        elif run.state is RunState.FAILED:
            self._post(
                f"“{run.name}” failed in the background; the Training tab shows why.",
                Severity.ERROR,
                action=self._show_action(run),
            )

    def _report_finished(self, run: RunSummary) -> None:
        self._post(
            f"“{run.name}” finished: {run_words.test_accuracy(run)}.",
            Severity.SUCCESS,
            action=Action(label="Use in Classify", run=lambda: self._actions.use_network(run.path)),
        )

    @Slot(object)
    def _on_interrupted(self, runs: Sequence[RunSummary]) -> None:
        newest, others = runs[0], len(runs) - 1
        more = f" So were {others} others; see the Training tab." if others > 1 else ""
        more = " So was another; see the Training tab." if others == 1 else more
        way = "continue from its last checkpoint" if newest.has_checkpoint else "start again"
        self._post(
            f"The run “{newest.name}” was interrupted after {newest.epochs_done} of "
            f"{newest.epochs} epochs. It can {way}.{more}",
            Severity.WARNING,
            action=self._resume_action(newest),
        )

    @Slot(object, object)
    def _on_finished(self, path: Path, outcome: Outcome) -> None:
        run = self._run_manager.runs.summary(path)
        if run is None:
            return
        if outcome.ending is Ending.DONE:
            self._report_finished(run)
        elif not outcome.good:
            self._report_failure(run, outcome)

    def _report_failure(self, run: RunSummary, outcome: Outcome) -> None:
        # What failed for a reason would fail again; the reason says what helps.
        retry = run.resumable and outcome.ending is not Ending.FAILED
        lost = "Only the progress since its last checkpoint is lost. "
        self._post(
            f"“{run.name}”: {outcome.sentence} {lost if retry and run.has_checkpoint else ''}",
            Severity.ERROR,
            details=outcome.details,
            action=self._remedy(run, outcome, retry=retry),
        )

    def _remedy(self, run: RunSummary, outcome: Outcome, *, retry: bool) -> Action | None:
        if outcome.ending is Ending.NOT_STARTED:
            return None
        if not retry and run.resumable and data_are_gone(run.path):
            return Action(label="Locate dataset…", run=lambda: self._actions.locate_data(run.path))
        # What failed before it trained, such as a download, may work in a moment.
        untrained = self._run_manager.follow(run.path).history.started is None
        if retry or (run.resumable and untrained):
            return self._resume_action(run)
        return self._show_action(run)

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        for message in self._run_manager.follow(path).history.messages:
            if message.level != "detail" and message.time > self._last_message_time:
                self._last_message_time = message.time
                self._post_message(path, message)

    def _post_message(self, path: Path, message: Message) -> None:
        run = self._run_manager.runs.summary(path)
        name = f"“{run.name}”: " if run else ""
        severity = Severity.WARNING if message.level == "warning" else Severity.INFO
        self._post(f"{name}{message.text}", severity)

    @Slot(object, str)
    def _on_damaged(self, path: Path, sentence: str) -> None:
        run = self._run_manager.runs.summary(path)
        self._post(f"“{run.name if run else path.name}”: {sentence}", Severity.WARNING)

    @Slot(object)
    def _on_failed(self, error: TrainerError) -> None:
        self._board.post(Notice.of(error, Topic.TRAINING))

    def _show_action(self, run: RunSummary) -> Action:
        return Action(label="Show", run=lambda: self._actions.show(run.path))

    def _resume_action(self, run: RunSummary) -> Action:
        text, _ = RESUME if run.has_checkpoint else RESTART
        return Action(label=text.replace("&", ""), run=lambda: self._resume(run.path))

    def _resume(self, path: Path) -> None:
        self._board.clear(Topic.TRAINING)
        self._actions.resume(path)
        self._actions.show(path)

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


def _doing(run: RunSummary) -> str:
    return "waiting for another run" if run.state is RunState.WAITING else "training"
