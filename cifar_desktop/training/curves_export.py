"""The Save menu of the curves: picture, table, TensorBoard files."""

import logging
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.common.export_files import PICTURE_KINDS, TABLE_KINDS, SavedNotices, save_widget
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.file_names import safe_name
from cifar_desktop.common.notices import Notice, NoticeBoard, Topic
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.trainer_process.command_queue import CommandQueue, QueuedCommand
from cifar_desktop.trainer_process.outcome import Outcome
from cifar_desktop.training.runs_controller import RunsController
from cifar_desktop.training.widgets.curves.pane import CurvesPane
from cifar_desktop.ui.formatting import counted
from trainer.errors import TrainerError
from trainer.events.base import Event
from trainer.runs.run_folder import RunFolder

log = logging.getLogger(__name__)


class CurvesExport(QObject):
    """Saves the curves as a picture, a table or TensorBoard files.

    Args:
        pane: The curves; its Save menu gets the entries.
        runs_controller: Knows which runs are shown.
        commands: Runs the trainer, which writes the TensorBoard files.
        dialogs: Ask where to save.
        board: Gets a notice about each result.

    Signals: none.
    """

    def __init__(
        self,
        pane: CurvesPane,
        runs_controller: RunsController,
        commands: CommandQueue,
        dialogs: FileDialogs,
        board: NoticeBoard,
    ) -> None:
        super().__init__(pane)
        self._pane, self._runs_controller = pane, runs_controller
        self._commands, self._dialogs, self._board = commands, dialogs, board
        self._notices = SavedNotices(board, Topic.TRAINING)
        self._waiting: set[Path] = set()
        self._failed = False
        # The event log of a long run takes a while to read.
        self._jobs = BackgroundJobs(self)
        self._picture = self._add("Charts as a &picture (PNG, SVG)…", self.save_picture)
        self._table = self._add("Metrics as a &table (CSV)…", self.save_table)
        self._files = self._add("Tensor&Board files…", self.export)
        pane.toolbar.menu.aboutToShow.connect(self._offer)

    @Slot()
    def save_picture(self) -> None:
        """Save the charts and their legend as they are shown."""
        runs = self._runs_controller.runs
        name = safe_name(runs[0].name) if runs else "runs"
        path = self._ask("Save the charts", f"{name} curves.png", PICTURE_KINDS)
        if path is None:
            return
        try:
            save_widget(self._pane, path, description=_described(runs))
        except TrainerError as error:
            self._notices.report_error(error)
        else:
            self._notices.report_file(path)

    @Slot()
    def save_table(self) -> None:
        """Save the metrics of each epoch of the selected run."""
        run = self._runs_controller.run
        if run is None:
            return
        path = self._ask("Save the metrics", f"{safe_name(run.name)} epochs.csv", TABLE_KINDS)
        if path is not None:
            self._jobs.run(
                partial(_write_table, run.path, path),
                self._notices.report_file,
                self._notices.report_error,
            )

    @Slot()
    def export(self) -> None:
        """Write the shown curves as TensorBoard files, one folder per run."""
        runs = self._runs_controller.runs
        folder = self._dialogs.folder_to_fill(self._pane, "Choose a folder for TensorBoard files")
        if folder is None or not runs or self._waiting:
            return
        self._waiting, self._failed = {run.path for run in runs}, False
        self._notices.report("Writing TensorBoard files…")
        for run, name in zip(runs, _names(runs), strict=True):
            self._commands.add(
                QueuedCommand(
                    topic=f"tensorboard {run.path}",
                    arguments=(
                        "export", str(run.path), "--format", "tensorboard",
                        "--out", str(folder / name),
                    ),
                    event_received=_nothing,
                    finished=partial(self._on_finished, run, folder, len(runs)),
                )
            )  # fmt: skip

    def shutdown(self) -> None:
        """Finish writing."""
        self._jobs.shutdown()

    def _add(self, label: str, run: Callable[[], None]) -> QAction:
        action = self._pane.toolbar.menu.addAction(label)
        action.triggered.connect(lambda _checked: run())
        return action

    @Slot()
    def _offer(self) -> None:
        """Enable what can be saved now."""
        self._picture.setEnabled(self._pane.drawable)
        self._table.setEnabled(self._runs_controller.run is not None)
        self._files.setEnabled(bool(self._runs_controller.runs) and not self._waiting)

    def _ask(self, title: str, name: str, kinds: str) -> Path | None:
        return self._dialogs.save(self._pane, title, name, kinds)

    def _on_finished(self, run: RunSummary, folder: Path, count: int, outcome: Outcome) -> None:
        self._waiting.discard(run.path)
        if not outcome.good:
            self._failed = True
            sentence = f"“{run.name}”: {outcome.sentence}"
            self._board.post(
                Notice(sentence=sentence, topic=Topic.TRAINING, details=outcome.details)
            )
        elif not self._waiting and not self._failed:
            self._notices.report(f"Saved TensorBoard files of {counted(count, 'run')}.", folder)


def _write_table(run: Path, path: Path) -> Path:
    from trainer.evaluation.csv_export import history_csv, save_table
    from trainer.runs.event_history import merged, read_events

    # The curves have already reported damaged lines.
    events = read_events(RunFolder(run), warn=log.warning)
    save_table(path, history_csv(merged(events)))
    return path


def _names(runs: Sequence[RunSummary]) -> list[str]:
    """A folder name for each run, unique on every file system."""
    names: list[str] = []
    for run in runs:
        name, number = safe_name(run.name), 1
        while name.casefold() in (each.casefold() for each in names):
            number += 1
            name = f"{safe_name(run.name)} ({number})"
        names.append(name)
    return names


def _described(runs: Sequence[RunSummary]) -> str:
    return "Loss, accuracy and learning rate of " + ", ".join(f"“{run.name}”" for run in runs)


def _nothing(_event: Event) -> None:
    pass
