"""Has networks judged, and reads what came of it; for the Evaluation tab.

Made by `app`. What was judged before is read from disk; the rest is asked of the trainer, in a
process of its own beside those of the Training tab.
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
from trainer.runs.run_folder import RunFolder

if TYPE_CHECKING:
    from trainer.evaluation.report import Report

_FIRST_WORDS = "Starting"
_SECONDS_BEFORE_ESTIMATE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationProgress:
    """How far the judging is.

    Attributes:
        what: What is being done, in words.
        done: Images or bytes so far.
        total: Of how many; None if unknown.
        seconds_left: Until this is done, about; None if unknown.
    """

    what: str
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None

    @property
    def fraction(self) -> float | None:
        """How far it is, 0 to 1; None if unknown."""
        return min(1.0, self.done / self.total) if self.total else None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class EvaluationState:
    """What is known about one subject.

    Attributes:
        subject: What it is about; None if nothing is to be shown.
        report: What was found out; while it is found out anew, what was found before.
        loading: Whether it is being looked up.
        step: How far the judging is; None unless it goes on.
        error: Why it could not be judged, or None.
        other: Another subject that is being judged meanwhile, or None.
        other_step: How far that is; None unless it goes on.
    """

    target: EvaluationTarget | None = None
    report: "Report | None" = None
    loading: bool = False
    step: EvaluationProgress | None = None
    error: TrainerError | None = None
    other: EvaluationTarget | None = None
    other_step: EvaluationProgress | None = None


class Evaluator(QObject):
    """Shows one subject at a time. What is being judged goes on while another one is shown.

    Args:
        shelf: Keeps reports that have no run folder to lie in.
        program: What judges; the trainer if None.

    Signals:
        changed: `EvaluationState`, whenever more is known about what is shown or judged.
        other_ended: `EvaluationTarget` and `Outcome` of what was judged while another one was shown.
    """

    changed = Signal(object)
    other_ended = Signal(object, object)

    def __init__(
        self,
        report_cache: ReportCache,
        program: Sequence[str] | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._cache = report_cache
        self._program = program or _giving_way(trainer_program())
        self._standing = EvaluationState()
        self._evaluated: EvaluationTarget | None = None
        self._step = EvaluationProgress(what=_FIRST_WORDS)
        self._step_began = 0.0
        self._command: TrainerCommand | None = None
        self._dropped: set[TrainerCommand] = set()
        self._looks = 0
        self._jobs = BackgroundJobs(self)

    @property
    def state(self) -> EvaluationState:
        """What is known about what is shown."""
        return self._standing

    @property
    def target(self) -> EvaluationTarget | None:
        """What is being judged just now."""
        return self._evaluated

    def show(self, target: EvaluationTarget | None) -> None:
        """Show a subject, or look once more at what is known about it; forget what was shown."""
        before = self._standing
        report = before.report if target == before.target else None
        self._tell(EvaluationState(target=target, report=report, loading=target is not None))
        self._look()

    def evaluate(self, *, data: str = "", device: str = "auto") -> None:
        """Judge what is shown, unless something else is being judged.

        Args:
            data: Where the data of a run are now, if they were moved.
            device: Where to compute, as the command line names it.
        """
        target = self._standing.target
        if target is None or self._standing.other is not None:
            return
        self._drop()
        try:
            self._cache.prepare()
        except TrainerError as error:
            self._tell(replace(self._standing, error=error))
            return
        self._evaluated, self._step = target, EvaluationProgress(what=_FIRST_WORDS)
        self._command = command = TrainerCommand(self._program, self)
        command.event_received.connect(partial(self._on_event, command))
        command.finished.connect(partial(self._on_finished, command))
        command.start(self._arguments(target, data, device))
        self._tell(replace(self._standing, error=None))

    @Slot()
    def cancel(self) -> None:
        """Stop judging, whatever is shown; what was known before stays."""
        if self._evaluated is not None:
            self._drop()
            self._tell(self._standing)

    def shutdown(self) -> None:
        """Stop everything and wait for it; safe to call twice."""
        self._looks += 1
        self._evaluated = None
        for command in {*self._dropped, *([self._command] if self._command else [])}:
            command.shutdown()
        self._dropped.clear()
        self._command = None
        self._jobs.shutdown()

    def _arguments(self, target: EvaluationTarget, data: str, device: str) -> list[str]:
        wanted = data or target.data
        return [
            "evaluate", str(target.path), *(["--data", wanted] if wanted else []),
            "--device", device, "--report", str(self._cache.place(target)), "--events",
        ]  # fmt: skip

    def _look(self) -> None:
        target = self._standing.target
        self._looks += 1
        if target is not None:
            look = self._looks
            self._jobs.run(
                partial(_kept, target, self._cache),
                partial(self._on_found, look),
                partial(self._on_unreadable, look),
            )

    def _on_found(self, look: int, report: "Report | None") -> None:
        if look == self._looks:
            self._tell(replace(self._standing, report=report, loading=False))

    def _on_unreadable(self, look: int, error: TrainerError) -> None:
        if look == self._looks:
            self._tell(replace(self._standing, report=None, loading=False, error=error))

    def _on_event(self, command: TrainerCommand, event: Event) -> None:
        if command is not self._command or not isinstance(event, Preparing):
            return
        if event.what != self._step.what:
            self._step_began = time.monotonic()
        self._step = _step(event, time.monotonic() - self._step_began)
        self._tell(self._standing)

    def _on_finished(self, command: TrainerCommand, outcome: Outcome) -> None:
        command.deleteLater()
        self._dropped.discard(command)
        if command is not self._command:
            return
        target, self._evaluated, self._command = self._evaluated, None, None
        self._jobs.run(self._cache.tidy)
        if target != self._standing.target:
            self._tell(self._standing)
            self.other_ended.emit(target, outcome)
        elif outcome.ending is Ending.DONE:
            self.show(target)
        else:
            error = TrainerError(outcome.sentence, details=outcome.details)
            self._tell(replace(self._standing, error=error))

    def _drop(self) -> None:
        command, self._command, self._evaluated = self._command, None, None
        if command is not None:
            self._dropped.add(command)
            command.kill()

    def _tell(self, state: EvaluationState) -> None:
        """Tell what is known, and what is being judged just now."""
        target, step = self._evaluated, self._step
        if target is None or target == state.target:
            own = step if target is not None else None
            state = replace(state, step=own, other=None, other_step=None)
        else:
            state = replace(state, step=None, other=target, other_step=step)
        self._standing = state
        self.changed.emit(state)


def _kept(target: EvaluationTarget, report_cache: ReportCache) -> "Report | None":
    """What was found out about a subject, if anything was."""
    # Late, and off the window's thread: it needs numpy.
    from trainer.evaluation.report import load_report

    folder = RunFolder(target.path)
    finished = target.is_run and folder.model.exists()
    for path in ([folder.report] if finished else []) + [report_cache.place(target)]:
        try:
            report = load_report(path)
        except ReportError:
            continue  # It is as good as none: judging makes another.
        # What was found before the end of a run says nothing of what came of it.
        if not finished or report.split == "test":
            return report
    return None


def _step(event: Preparing, seconds: float) -> EvaluationProgress:
    """How far it is, and how long it will take if it has gone on for long enough to say."""
    left = None
    if event.total and event.done and seconds > _SECONDS_BEFORE_ESTIMATE:
        left = seconds / event.done * (event.total - event.done)
    return EvaluationProgress(
        what=event.what, done=event.done, total=event.total, seconds_left=left
    )


def _giving_way(program: list[str]) -> list[str]:
    """The same program, in no hurry: a training that goes on and the window come first."""
    nice = None if sys.platform == "win32" else shutil.which("nice")
    return [nice, "-n", "5", *program] if nice else program
