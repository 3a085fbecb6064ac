"""What table, panel and charts show of a run, in each of its states."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from cifar_desktop.runs.services.run_history import RunHistory
from cifar_desktop.runs.services.run_summary import RunState, RunSummary
from cifar_desktop.training import run_text
from trainer.events.base import Event
from trainer.events.run_events import (
    EpochFinished,
    EpochStarted,
    Preparing,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    Waiting,
)

RUN = RunSummary(
    path=Path("runs/one"),
    name="one",
    created=datetime(2026, 11, 20, 12, 0, tzinfo=UTC),
    recipe="sprint",
    data="cifar10",
    device="CPU (bfloat16)",
    epochs=8,
    epochs_done=2,
    seconds=130.0,
    best_validation=0.75,
    state=RunState.TRAINING,
    has_checkpoint=True,
)
STARTED = RunStarted(
    recipe="sprint", data="cifar10", device="CPU (bfloat16)", train_images=48_000,
    validation_images=2000, test_images=10_000, classes=("a", "b"), parameters=1_972_792,
    epochs=8, steps=192, first_step=0, batch_size=2000, memory=25_000_000_000,
)  # fmt: skip


def _progress(**changes: Any) -> Progress:
    told = Progress(
        epoch=3, step=60, steps=192, loss=1.2, accuracy=0.6, images_per_second=850.2,
        learning_rate=0.165, seconds_left=300.0, memory=1_500_000_000,
    )  # fmt: skip
    return structs.replace(told, **changes)


def _epoch(number: int) -> EpochFinished:
    return EpochFinished(
        epoch=number, train_loss=1.0, train_accuracy=0.7, validation_loss=0.9,
        validation_accuracy=0.75, learning_rate=0.2, seconds=60.0, images_per_second=850.0,
    )  # fmt: skip


def _history(*events: Event) -> RunHistory:
    history = RunHistory()
    for event in events:
        history.add(event)
    return history


def _state(history: RunHistory, *, stopping: bool = False, **changes: Any) -> str:
    return run_text.state(replace(RUN, **changes), history, stopping=stopping)


def test_figures_of_an_active_run() -> None:
    history = _history(STARTED, EpochStarted(epoch=3), _progress())

    facts = dict(run_text.facts(RUN, history))

    assert facts["Epoch"] == "3 of 8"
    assert facts["Step"] == "60 of 192"
    assert facts["Elapsed"].startswith("2 min")
    assert facts["Left"] in ("5 min", "4 min 59 s")
    assert facts["Speed"] == "850 images/s"
    assert facts["Learning rate"] == "0.165"
    assert facts["Best validation"] == "75.00 %"
    assert facts["Memory"] == "1.5 of 25.0 GB"
    assert run_text.fraction(RUN, history) == 60 / 192


def test_figures_of_an_inactive_run() -> None:
    run = replace(RUN, state=RunState.STOPPED)

    facts = dict(run_text.facts(run, _history(STARTED, _progress())))

    assert facts["Elapsed"] == "2 min 10 s"
    assert not {"Left", "Speed"} & facts.keys()


@pytest.mark.parametrize(
    ("events", "words"),
    [
        ((), "Starting…"),
        ((Preparing(what="Reading images", done=1, total=4),), "Reading images…"),
        ((Waiting(device="CPU (bfloat16)"),), "Waiting: another run is using the same device"),
        ((STARTED,), "Training on CPU (bfloat16)"),
    ],
)
def test_state_of_an_active_run(events: tuple[Event, ...], words: str) -> None:
    assert _state(_history(*events)).startswith(words)


def test_state_of_an_inactive_run() -> None:
    told = _history(STARTED, _progress())
    assert _state(told, stopping=True) == "Saving a checkpoint…"
    assert _state(told, state=RunState.STOPPED) == "Stopped after 2 of 8 epochs"
    assert _state(told, state=RunState.INTERRUPTED).startswith("Interrupted after 2")
    nothing = _state(_history(), state=RunState.INTERRUPTED, has_checkpoint=False)
    assert "before the first checkpoint" in nothing
    assert _state(told, state=RunState.FINISHED, test_accuracy=0.9366) == (
        "Finished: 93.66 % test accuracy"
    )
    failed = RunFailed(reason="The disk is full.", stopped=False, resumable=True)
    assert _state(_history(STARTED, failed), state=RunState.FAILED) == "The disk is full."
    assert "cannot be read" in _state(_history(), state=RunState.DAMAGED)


def test_progress_before_the_first_step() -> None:
    reading = _history(Preparing(what="Reading images", done=1, total=4))
    assert run_text.fraction(RUN, reading) == 0.25
    assert run_text.fraction(RUN, _history()) is None
    assert run_text.fraction(replace(RUN, state=RunState.FINISHED), reading) == 1.0
    assert run_text.fraction(replace(RUN, state=RunState.STOPPED), _history()) == 0.0


def test_row_offers_what_makes_sense() -> None:
    training = run_text.row(RUN)
    assert (training.state, training.active, training.deletable) == ("Training", True, False)
    assert training.epochs == "2 of 8"
    assert training.usable  # by its last checkpoint
    assert run_text.row(RUN, stopping=True).state == "Stopping"

    resting = run_text.row(replace(RUN, state=RunState.STOPPED, resumable=True))
    assert (resting.resumable, resting.active, resting.deletable) == (True, False, True)
    nothing = run_text.row(
        RunSummary(path=RUN.path, name="x", created=RUN.created, state=RunState.DAMAGED)
    )
    assert (nothing.state, nothing.usable, nothing.epochs) == ("Damaged", False, "")


def test_curves_are_those_of_the_history() -> None:
    curves = run_text.curves("one", _history(STARTED, _progress(), _epoch(1), _epoch(2)))

    assert (curves.name, curves.epochs) == ("one", 8)
    assert curves.x.tolist() == [60 * 8 / 192]
    assert curves.loss.tolist() == [1.2]
    assert curves.epoch_x.tolist() == [1.0, 2.0]
    assert curves.validation_accuracy.tolist() == [0.75, 0.75]


def test_figures_of_few_images_have_their_range() -> None:
    few = structs.replace(STARTED, validation_images=29, epochs=2)
    history = _history(few, *(_epoch(number) for number in (1, 2)))
    run = replace(
        RUN, epochs_done=2, best_validation=26 / 29, validation_images=29, test_images=58,
        test_accuracy=29 / 58, state=RunState.FINISHED,
    )  # fmt: skip

    facts, row = dict(run_text.facts(run, history)), run_text.row(run)

    assert facts["Best validation"] == "90 % (26 of 29, likely 74 to 96) at epoch 2"
    assert (row.validation, row.test) == ("90 % of 29", "50 % of 58")
    assert run_text.state(run, history, stopping=False) == (
        "Finished: 50 % (29 of 58, likely 38 to 62) test accuracy"
    )
    assert run_text.curves("one", history).validation_digits == 0


@pytest.mark.parametrize(
    ("kept", "words"), [(2.0, "Epoch 2, the last"), (1.0, "Epoch 1, the best")]
)
def test_run_says_which_epoch_its_network_is_from(kept: float, words: str) -> None:
    finished = RunFinished(model="m", figures={"epochs": kept}, seconds=1.0)
    history = _history(STARTED, _epoch(1), _epoch(2), finished)
    run = replace(RUN, epochs_done=2, state=RunState.FINISHED)

    assert dict(run_text.facts(run, history))["Kept network"] == words
    assert "Kept network" not in dict(run_text.facts(RUN, _history(STARTED, _epoch(1))))
