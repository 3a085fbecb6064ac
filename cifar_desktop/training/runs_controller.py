"""Shows the runs: the table, and curves and metrics of the selected one; made by the page."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.trainer_process.outcome import Outcome
from cifar_desktop.training import run_text
from cifar_desktop.training.widgets.curves.pane import CurvesPane
from cifar_desktop.training.widgets.runs.panel import RunPanel
from cifar_desktop.training.widgets.runs.table import RunsTable

_CLOCK_MS = 1000
_MESSAGES = 10
"""Number of messages in the tooltip of a run's state."""


class RunsController(QObject):
    """Connects runs with the widgets that show them.

    Args:
        run_manager: The runs.
        panel: Shows state and metrics of the selected run.
        pane: Shows its curves.
        table: Shows all runs.

    Signals:
        shown: Path of the run that is shown now, or None.
    """

    shown = Signal(object)

    def __init__(
        self, run_manager: RunManager, panel: RunPanel, pane: CurvesPane, table: RunsTable
    ) -> None:
        super().__init__(panel)
        self._run_manager, self._panel, self._pane, self._table = run_manager, panel, pane, table
        self._path: Path | None = None
        self._followed: set[Path] = set()
        self._clock = QTimer(self, interval=_CLOCK_MS)
        self._clock.timeout.connect(self._show_panel)
        self._connect_runs()
        table.selected.connect(self._on_selected)
        table.compared.connect(self._on_compared)
        self._on_list()
        self._show()

    @property
    def path(self) -> Path | None:
        """The run that is shown."""
        return self._path

    @property
    def run(self) -> RunSummary | None:
        """What is known of the run that is shown."""
        return self._run_manager.runs.summary(self._path) if self._path else None

    @property
    def runs(self) -> list[RunSummary]:
        """The runs that are shown: the selected one, then those that are compared with it."""
        paths = [*([self._path] if self._path else []), *map(Path, self._table.checked)]
        found = map(self._run_manager.runs.summary, dict.fromkeys(paths))
        return [run for run in found if run is not None]

    def show_run(self, path: Path) -> None:
        """Select a run."""
        self._table.select(str(path))

    def _connect_runs(self) -> None:
        run_manager = self._run_manager
        run_manager.runs.list_changed.connect(self._on_list)
        run_manager.runs.changed.connect(self._on_changed)
        run_manager.finished.connect(self._on_finished)
        run_manager.stop_failed.connect(self._on_changed)
        run_manager.stop_is_slow.connect(self._on_changed)

    @Slot()
    def _on_list(self) -> None:
        runs = self._run_manager.runs.summaries
        self._show_rows(runs)
        if self._path is None and runs:
            # An active run is more interesting than the newest.
            active = [run for run in runs if run.state.active]
            self.show_run((active or runs)[0].path)

    def _show_rows(self, runs: Sequence[RunSummary]) -> None:
        self._table.show_rows(
            [run_text.row(run, stopping=self._run_manager.is_stopping(run.path)) for run in runs]
        )

    @Slot(object)
    def _on_changed(self, path: Path) -> None:
        self._show_rows(self._run_manager.runs.summaries)
        if path == self._path:
            run = self._run_manager.runs.summary(path)
            # The curves of an active run are drawn in `_on_advanced`.
            if run is not None and not run.state.active:
                self._show_curves()
            self._show_panel()

    @Slot(object, object)
    def _on_finished(self, path: Path, _outcome: Outcome) -> None:
        self._on_changed(path)

    @Slot(str)
    def _on_selected(self, key: str) -> None:
        self._path = Path(key) if key else None
        self._show()
        self.shown.emit(self._path)

    @Slot(list)
    def _on_compared(self, keys: list[str]) -> None:
        for key in keys:
            self._follow(Path(key))
        self._show_others()

    def _follow(self, path: Path) -> None:
        if path not in self._followed:
            self._followed.add(path)
            follower = self._run_manager.follow(path)
            follower.advanced.connect(lambda: self._on_advanced(path))
            follower.destroyed.connect(lambda: self._followed.discard(path))

    def _on_advanced(self, path: Path) -> None:
        if path == self._path:
            self._show_curves()
            self._show_panel()
        elif str(path) in self._table.checked:
            self._show_others()

    def _show(self) -> None:
        if self._path is not None:
            self._follow(self._path)
        self._show_curves()
        self._show_others()
        self._show_panel()

    def _show_curves(self) -> None:
        run = self.run
        if run is None:
            self._pane.show_run(None)
            return
        history = self._run_manager.follow(run.path).history
        empty = run_text.no_curves(run, history)
        self._pane.show_run(run_text.curves(run.name, history), empty=empty)

    def _show_others(self) -> None:
        paths = [Path(key) for key in self._table.checked]
        runs = [self._run_manager.runs.summary(path) for path in paths if path != self._path]
        self._pane.show_others(
            [
                run_text.curves(run.name, self._run_manager.follow(run.path).history)
                for run in runs
                if run is not None
            ]
        )

    @Slot()
    def _show_panel(self) -> None:
        run = self.run
        self._panel.setVisible(run is not None)
        if run is None:
            self._clock.stop()
            return
        history = self._run_manager.follow(run.path).history
        stopping = self._run_manager.is_stopping(run.path)
        active = run.state.active
        messages = "\n".join(message.text for message in history.messages[-_MESSAGES:])
        state = run_text.state(run, history, stopping=stopping)
        mark = run_text.state_mark(run.state)
        self._panel.show_run(run.path, run.name, state, messages, mark)
        self._panel.show_progress(run_text.fraction(run, history), busy=active)
        self._panel.show_facts(run_text.facts(run, history))
        self._panel.show_rate(run_text.rate(history), history.step_curves.rate)
        self._panel.show_buttons(
            stop=active and not stopping,
            kill=active and self._run_manager.is_slow_to_stop(run.path),
            resume=run.resumable and not active,
            use=run.has_model or run.has_checkpoint,
            evaluate=run.has_model or run.has_checkpoint,
        )
        if active and not self._clock.isActive():
            self._clock.start()
        elif not active:
            self._clock.stop()
