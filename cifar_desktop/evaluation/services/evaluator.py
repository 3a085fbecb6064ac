"""Evaluates networks and reads their reports, for the Evaluation tab.

Created by `app`. Earlier reports are read from disk; new ones come from the trainer, in a process
of its own.
"""

import shutil
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.evaluation.services.report_cache import EvaluationTarget, ReportCache
from cifar_desktop.paths import trainer_program
from cifar_desktop.trainer_process.command import TrainerCommand
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from trainer.errors import ReportError, TrainerError
from trainer.events.base import Event
from trainer.events.run_events import Preparing
from trainer.files.dataset_place import CIFAR10
from trainer.runs.run_folder import RunFolder

if TYPE_CHECKING:
    from trainer.evaluation.report import Report, Summary

_STARTING = "Starting"
_SECONDS_BEFORE_ESTIMATE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationProgress:
    """Progress of an evaluation.

    Attributes:
        what: Current step, in words.
        done: Images or bytes done.
        total: Total number, or None if unknown.
        seconds_left: Estimated remaining time, or None if unknown.
    """

    what: str
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None

    @property
    def fraction(self) -> float | None:
        """Progress from 0 to 1, or None if unknown."""
        return min(1.0, self.done / self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvaluationState:
    """What is known about one target.

    Attributes:
        target: The target; None if nothing is shown.
        report: Latest report; during an evaluation, the previous one.
        shipped: Figures that came with the network, if it was not evaluated here; or None.
        loading: Whether the report is being read.
        step: Progress of its evaluation; None unless one is running.
        error: Why the evaluation failed, or None.
        other: Another target that is being evaluated, or None.
        other_step: Progress of that evaluation, or None.
    """

    target: EvaluationTarget | None = None
    report: "Report | None" = None
    shipped: "Summary | None" = None
    loading: bool = False
    step: EvaluationProgress | None = None
    error: TrainerError | None = None
    other: EvaluationTarget | None = None
    other_step: EvaluationProgress | None = None

    @property
    def summary(self) -> "Summary | None":
        """The figures to show."""
        return self.report or self.shipped


class Evaluator(QObject):
    """Evaluates one target at a time, even while another one is shown.

    Args:
        report_cache: Stores reports that do not belong into a run folder.
        program: Command of the evaluating program; the trainer if None.

    Signals:
        changed: `EvaluationState`, on every change.
        other_finished: `EvaluationTarget` and `Outcome` of an evaluation whose target is not shown.
    """

    changed = Signal(object)
    other_finished = Signal(object, object)

    def __init__(
        self,
        report_cache: ReportCache,
        program: Sequence[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cache = report_cache
        self._program = program or _low_priority(trainer_program())
        self._state = EvaluationState()
        self._evaluated: EvaluationTarget | None = None
        self._step = EvaluationProgress(what=_STARTING)
        self._step_began = 0.0
        self._command: TrainerCommand | None = None
        self._dropped: set[TrainerCommand] = set()
        self._lookups = 0
        self._jobs = BackgroundJobs(self)

    @property
    def state(self) -> EvaluationState:
        """The state of the target on screen."""
        return self._state

    @property
    def target(self) -> EvaluationTarget | None:
        """The target that is being evaluated, or None."""
        return self._evaluated

    def show(self, target: EvaluationTarget | None) -> None:
        """Show a target, or refresh it, and look up its report."""
        before = self._state
        same = before if target == before.target else EvaluationState()
        state = replace(same, target=target, loading=target is not None, error=None)
        self._set_state(state)
        self._look_up()

    def evaluate(self, *, data: str = "", device: str = "auto") -> None:
        """Evaluate the shown target, unless another evaluation is running.

        Args:
            data: New location of a run's dataset, if it was moved.
            device: Device name, as on the command line.
        """
        target = self._state.target
        if target is None or self._state.other is not None:
            return
        self._drop()
        try:
            self._cache.prepare()
        except TrainerError as error:
            self._set_state(replace(self._state, error=error))
            return
        self._evaluated, self._step = target, EvaluationProgress(what=_STARTING)
        self._command = command = TrainerCommand(self._program, self)
        command.event_received.connect(partial(self._on_event, command))
        command.finished.connect(partial(self._on_finished, command))
        command.start(self._arguments(target, data, device))
        self._set_state(replace(self._state, error=None))

    @Slot()
    def cancel(self) -> None:
        """Stop the current evaluation; earlier reports stay."""
        if self._evaluated is not None:
            self._drop()
            self._set_state(self._state)

    def shutdown(self) -> None:
        """Stop everything and wait; may be called twice."""
        self._lookups += 1
        self._evaluated = None
        for command in {*self._dropped, *([self._command] if self._command else [])}:
            command.shutdown()
        self._dropped.clear()
        self._command = None
        self._jobs.shutdown()

    def _arguments(self, target: EvaluationTarget, data: str, device: str) -> list[str]:
        dataset = data or target.data
        return [
            "evaluate", str(target.path), *(["--data", dataset] if dataset else []),
            "--device", device, "--report", str(self._cache.path_of(target)), "--events",
        ]  # fmt: skip

    def _look_up(self) -> None:
        target = self._state.target
        self._lookups += 1
        if target is not None:
            lookup = self._lookups
            self._jobs.run(
                partial(_load, target, self._cache),
                partial(self._on_found, lookup),
                partial(self._on_unreadable, lookup),
            )

    def _on_found(self, lookup: int, found: "Summary | None") -> None:
        from trainer.evaluation.report import Report

        if lookup == self._lookups:
            report = found if isinstance(found, Report) else None
            shipped = found if report is None else None
            self._set_state(replace(self._state, report=report, shipped=shipped, loading=False))

    def _on_unreadable(self, lookup: int, error: TrainerError) -> None:
        if lookup == self._lookups:
            self._set_state(
                replace(self._state, report=None, shipped=None, loading=False, error=error)
            )

    def _on_event(self, command: TrainerCommand, event: Event) -> None:
        if command is not self._command or not isinstance(event, Preparing):
            return
        if event.what != self._step.what:
            self._step_began = time.monotonic()
        self._step = _step(event, time.monotonic() - self._step_began)
        self._set_state(self._state)

    def _on_finished(self, command: TrainerCommand, outcome: Outcome) -> None:
        command.deleteLater()
        self._dropped.discard(command)
        if command is not self._command:
            return
        target, self._evaluated, self._command = self._evaluated, None, None
        self._jobs.run(self._cache.tidy)
        if target != self._state.target:
            self._set_state(self._state)
            self.other_finished.emit(target, outcome)
        elif outcome.ending is Ending.DONE:
            self.show(target)
        else:
            error = TrainerError(outcome.sentence, details=outcome.details)
            self._set_state(replace(self._state, error=error))

    def _drop(self) -> None:
        command, self._command, self._evaluated = self._command, None, None
        if command is not None:
            self._dropped.add(command)
            command.kill()

    def _set_state(self, state: EvaluationState) -> None:
        """Set the state, adding the running evaluation, and emit it."""
        target, step = self._evaluated, self._step
        if target is None or target == state.target:
            own = step if target is not None else None
            state = replace(state, step=own, other=None, other_step=None)
        else:
            state = replace(state, step=None, other=target, other_step=step)
        self._state = state
        self.changed.emit(state)


def _load(target: EvaluationTarget, report_cache: ReportCache) -> "Summary | None":
    """The latest report of a target; or else the figures that came with it, or None."""
    # Imported late, on a worker thread: it needs numpy.
    from trainer.evaluation.report import load_report
    from trainer.evaluation.shipped_figures import shipped_figures

    folder = RunFolder(target.path)
    finished = target.is_run and folder.model.exists()
    own = [folder.report] if finished and not target.data else []
    for path in [*own, report_cache.path_of(target)]:
        try:
            report = load_report(path)
        except ReportError:
            continue  # As good as none: another evaluation replaces it.
        # A report from before the end of a run does not describe its final network.
        if not finished or report.split == "test":
            return report
    return shipped_figures(target.path) if not target.is_run and target.data == CIFAR10 else None


def _step(event: Preparing, seconds: float) -> EvaluationProgress:
    """Progress, with the remaining time once there is enough to estimate it."""
    left = None
    if event.total and event.done and seconds > _SECONDS_BEFORE_ESTIMATE:
        left = seconds / event.done * (event.total - event.done)
    return EvaluationProgress(
        what=event.what, done=event.done, total=event.total, seconds_left=left
    )


def _low_priority(program: list[str]) -> list[str]:
    """The same program at low priority: training and the window come first."""
    nice = None if sys.platform == "win32" else shutil.which("nice")
    return [nice, "-n", "5", *program] if nice else program
