import math

import numpy as np

from cifar_desktop.runs.services.run_history import RunHistory
from tests.desktop.stand_in_trainer import epoch_finished, progress, started, stopped
from trainer.events.base import Event
from trainer.events.run_events import Message, Preparing, RunFinished, Waiting


def _history(*events: Event) -> RunHistory:
    history = RunHistory()
    for event in events:
        history.add(event)
    return history


def _finished() -> RunFinished:
    return RunFinished(model="m", figures={}, seconds=3.0)


def test_points_lie_in_epochs() -> None:
    history = _history(started(), progress(5), progress(10, loss=0.25), epoch_finished(1))
    steps, epochs = history.step_curves, history.epoch_curves
    assert steps.x.tolist() == [0.5, 1.0]
    assert steps.loss.tolist() == [0.2, 0.25]
    assert steps.rate.tolist() == [0.1, 0.1]
    assert epochs.x.tolist() == [1.0]
    assert epochs.validation_accuracy.tolist() == [0.1]
    assert history.epochs_done == 1
    assert history.best_validation == 0.1


def test_curves_stay_as_they_were_while_the_run_goes_on() -> None:
    history = _history(started(), progress(1))
    before = history.step_curves
    assert history.step_curves is before
    history.add(progress(2))
    assert len(before.x) == 1
    assert len(history.step_curves.x) == 2


def test_resumed_run_replaces_what_was_reported_beyond_its_checkpoint() -> None:
    history = _history(
        started(), *(progress(step, loss=9.0) for step in range(1, 20)), epoch_finished(1),
        started(5), *(progress(step, loss=1.0) for step in range(6, 9)),
    )  # fmt: skip
    curves = history.step_curves
    assert np.allclose(curves.x * 10, range(1, 9))
    assert curves.loss.tolist() == [9.0] * 5 + [1.0] * 3
    assert history.epochs_done == 0
    assert history.best_validation is None


def test_epoch_that_ends_at_the_checkpoint_is_kept() -> None:
    # 7 steps in 3 epochs: the ends of epochs are no whole fractions.
    for steps, epochs in ((9, 3), (87, 29), (3 * 97, 97)):
        first = steps // epochs
        history = _history(
            started(steps=steps, epochs=epochs), progress(first, steps=steps), epoch_finished(1),
            started(first, steps=steps, epochs=epochs),
        )  # fmt: skip
        assert history.epochs_done == 1
        assert len(history.step_curves.x) == 1


def test_trained_seconds_are_those_of_all_starts() -> None:
    history = _history(
        started(time=100.0), progress(1, time=110.0), Preparing(what="x", done=0, total=None,
        time=500.0), started(1, time=510.0), progress(2, time=512.0),
    )  # fmt: skip
    assert history.seconds == 12.0
    assert history.first_time == 100.0


def test_clock_that_was_set_back_takes_no_time_away() -> None:
    history = _history(started(time=100.0), progress(1, time=50.0))
    assert history.seconds == 0.0


def test_end_counts_until_the_next_start() -> None:
    history = _history(started(), stopped())
    assert history.end_event is not None
    history.begin()
    assert history.end_event is None
    history.add(_finished())
    assert history.finished is not None
    history.add(Message(level="info", text="x"))
    assert history.end_event is not None
    history.add(Preparing(what="x", done=0, total=None))
    assert history.end_event is None


def test_waiting_and_preparing_are_over_when_training_begins() -> None:
    preparing = Preparing(what="Reading images", done=1, total=2)
    history = _history(preparing)
    assert history.preparing == preparing
    history.add(Waiting(device="CPU"))
    assert history.waiting is not None
    assert history.preparing is None
    history.add(started())
    assert history.waiting is None


def test_numbers_that_are_none_are_drawn_as_gaps_and_are_no_best() -> None:
    history = _history(
        started(), progress(1, loss=math.nan), epoch_finished(1, validation_accuracy=math.nan)
    )
    assert math.isnan(history.step_curves.loss[0])
    assert history.best_validation is None
    history.add(epoch_finished(2))
    assert history.best_validation == 0.2


def test_record_without_its_beginning_is_of_use() -> None:
    history = _history(progress(20, steps=40), epoch_finished(2))
    assert len(history.step_curves.x) == 1
    assert history.epochs_done == 2
