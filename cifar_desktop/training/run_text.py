"""Puts runs into words for table, curves and panel of the Training tab."""

import time
from collections.abc import Sequence
from datetime import datetime

from cifar_desktop.runs import run_words
from cifar_desktop.runs.services.run_history import RunHistory
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.training.widgets.curves.run_curves import RunCurves
from cifar_desktop.training.widgets.runs.columns import RunRow
from cifar_desktop.ui import formatting
from cifar_desktop.ui.fact_strip import Fact
from cifar_desktop.ui.formatting import NOTHING
from trainer.evaluation.accuracy_text import accuracy_text, counted_accuracy_text, is_enough
from trainer.events.run_events import Progress, RunFailed, RunStarted

_ONE_AT_A_TIME = "One run at a time is trained on a device."
_STATES = {
    RunState.NEW: "Not started",
    RunState.STARTING: "Starting",
    RunState.WAITING: "Waiting",
    RunState.TRAINING: "Training",
    RunState.STOPPED: "Stopped",
    RunState.INTERRUPTED: "Interrupted",
    RunState.FAILED: "Failed",
    RunState.FINISHED: "Finished",
    RunState.DAMAGED: "Damaged",
}


_MARKS = {
    RunState.WAITING: ("clock", "quiet"),
    RunState.STOPPED: ("stop", "quiet"),
    RunState.INTERRUPTED: ("pause", "warning"),
    RunState.FAILED: ("error", "error"),
    RunState.FINISHED: ("success", "success"),
    RunState.DAMAGED: ("warning", "warning"),
}


def state_mark(state: RunState) -> tuple[str, str]:
    """The icon of a state and the role of its color; empty for a run that goes on or is new."""
    return _MARKS.get(state, ("", ""))


def row(run: RunSummary, *, stopping: bool = False) -> RunRow:
    """A row of the run table."""
    active = run.state.active
    icon, tone = state_mark(run.state)
    return RunRow(
        key=str(run.path),
        name=run.name,
        date=_when(run.created),
        began=run.created.timestamp(),
        recipe=run.recipe,
        data=run.data,
        device=run.device,
        epochs=f"{run.epochs_done} of {run.epochs}" if run.epochs else "",
        fraction=run.epochs_done / run.epochs if run.epochs else 0.0,
        validation=_brief(run.best_validation, run.validation_images),
        validation_value=run.best_validation,
        test=_brief(run.test_accuracy, run.test_images),
        test_value=run.test_accuracy,
        duration=formatting.span(run.seconds) if run.seconds else "",
        seconds=run.seconds or None,
        state="Stopping" if stopping and active else _STATES[run.state],
        icon=icon,
        tone=tone or "quiet",
        active=active,
        resumable=run.resumable,
        usable=run.has_model or run.has_checkpoint,
        deletable=not active,
    )


def _when(moment: datetime) -> str:
    """Today and yesterday by name, any other day by its date."""
    days = (datetime.now(moment.tzinfo).date() - moment.date()).days
    names = {0: "Today", 1: "Yesterday"}
    return f"{names[days]}, {moment:%H:%M}" if days in names else formatting.moment(moment)


def curves(name: str, history: RunHistory) -> RunCurves:
    """The metrics of a run, as the charts draw them."""
    steps, epochs = history.step_curves, history.epoch_curves
    return RunCurves(
        name=name,
        epochs=history.started.epochs if history.started else 1,
        x=steps.x,
        loss=steps.loss,
        accuracy=steps.accuracy,
        rate=steps.rate,
        epoch_x=epochs.x,
        train_loss=epochs.train_loss,
        train_accuracy=epochs.train_accuracy,
        validation_loss=epochs.validation_loss,
        validation_accuracy=epochs.validation_accuracy,
        validation_digits=_validation_digits(history),
        best=history.best_epoch or None,
    )


def _validation_digits(history: RunHistory) -> int:
    return 1 if is_enough(history.started.validation_images if history.started else 0) else 0


def no_curves(run: RunSummary, history: RunHistory) -> str:
    """The text in place of missing curves."""
    if not run.state.active:
        return "No metrics recorded"
    if history.waiting is not None:
        return "The curves appear when this run starts"
    return "Waiting for the first metrics…"


def fraction(run: RunSummary, history: RunHistory) -> float | None:
    """Progress of a run or of its preparation, from 0 to 1; None if unknown."""
    if run.state is RunState.FINISHED:
        return 1.0
    if run.state.active and history.preparing is not None:
        done, total = history.preparing.done, history.preparing.total
        return min(1.0, done / total) if total else None
    progress = history.progress
    if progress is not None:
        return progress.step / progress.steps
    if history.started is not None:
        return history.started.first_step / history.started.steps
    return None if run.state.active else 0.0


def state(run: RunSummary, history: RunHistory, *, stopping: bool) -> str:
    """The state of a run, in a sentence."""
    if run.state.active:
        return "Saving a checkpoint…" if stopping else _doing(history)
    match run.state:
        case RunState.FINISHED:
            return f"Finished: {run_words.test_accuracy(run)}"
        case RunState.STOPPED | RunState.INTERRUPTED:
            return f"{_STATES[run.state]} {_where(run)}"
        case RunState.FAILED:
            return (
                history.end_event.reason if isinstance(history.end_event, RunFailed) else "Failed."
            )
        case RunState.DAMAGED:
            return "The files of this run cannot be read."
    return "Not started"


def facts(run: RunSummary, history: RunHistory) -> Sequence[Fact]:
    """The figures of a run, most important first."""
    progress, started = history.progress, history.started
    active = run.state.active
    since = max(0.0, time.time() - progress.time) if progress is not None and active else 0.0
    seconds = max(0.0, progress.seconds_left - since) if progress is not None else None
    epoch = history.epoch if active else run.epochs_done
    step = progress.step if progress is not None else 0
    if progress is not None and run.state is RunState.FINISHED:
        # The last step is reported with its epoch.
        step = progress.steps
    left = formatting.span(seconds) if seconds is not None and not history.preparing else NOTHING
    result = [
        ("Best validation", _best(run, history)),
        *([("Kept network", _kept(run, history))] if history.kept_epoch else ()),
    ]
    return [
        ("Epoch", f"{epoch} of {run.epochs}" if epoch else NOTHING),
        *((("Left", left),) if active else ()),
        *result,
        *(_speed(progress) if active else ()),
        ("Elapsed", formatting.span(run.seconds + since) if run.seconds else NOTHING),
        ("Step", f"{step:,} of {progress.steps:,}" if progress else NOTHING),
        *((("Started from", run.started_from),) if run.started_from else ()),
        ("Learning rate", rate(history) or NOTHING),
        ("Memory", formatting.memory(progress.memory if progress else None,
                                      started.memory if started else None)),
        ("Network", f"{started.parameters:,} parameters" if started else NOTHING),
        *(_joined_data(started) if started else ()),
    ]  # fmt: skip


def rate(history: RunHistory) -> str:
    """The latest learning rate; empty if there is none."""
    return formatting.rate(history.progress.learning_rate) if history.progress else ""


def _speed(progress: Progress | None) -> Sequence[Fact]:
    return [("Speed", formatting.speed(progress.images_per_second) if progress else NOTHING)]


def queue_hint(active: Sequence[RunSummary]) -> tuple[str, str]:
    """When another run would start, while these are active, and why."""
    if not active:
        return "", ""
    names = f"{active[0].name} has" if len(active) == 1 else f"{len(active)} other runs have"
    return f"Starts when {names} ended", _ONE_AT_A_TIME


def _joined_data(started: RunStarted) -> Sequence[Fact]:
    """The datasets, if there are several, and pictures of other things, if there are some."""
    counts = [f"{each.name} {each.train_images:,}" for each in started.sources]
    none = started.none_counts[0]
    return [
        *([("Training images", " + ".join(counts))] if len(counts) > 1 else []),
        *([("Of other things", f"{none:,}")] if none else []),
    ]


def _best(run: RunSummary, history: RunHistory) -> str:
    if run.best_validation is None:
        return NOTHING
    accuracy = accuracy_text(run.best_validation, run.validation_images)
    return f"{accuracy} at epoch {history.best_epoch}" if history.best_epoch else accuracy


def _kept(run: RunSummary, history: RunHistory) -> str:
    """Which epoch the network is from, and why."""
    epoch = history.kept_epoch
    if epoch == run.epochs_done:
        return f"Epoch {epoch}, the last"
    return f"Epoch {epoch}, the best"


def _doing(history: RunHistory) -> str:
    if history.waiting is not None:
        return f"Waiting: another run is using the same device ({history.waiting.device})"
    if history.preparing is not None:
        return f"{history.preparing.what}…"
    if history.started is None:
        return "Starting…"
    return f"Training on {history.started.device}"


def _where(run: RunSummary) -> str:
    if not run.has_checkpoint:
        return "before the first checkpoint"
    return f"after {run.epochs_done} of {run.epochs} epochs"


def _brief(accuracy: float | None, images: int) -> str:
    return "" if accuracy is None else counted_accuracy_text(accuracy, images)
