"""Early stopping and learning-rate reduction on a plateau, also over stop and resume."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from msgspec.structs import replace
from safetensors.torch import load_file
from torch import nn

from tests.trainer.small_runs import StopAfter, run
from tests.trainer.tiny import same, tiny_config
from trainer.cancellation import CancelToken
from trainer.config.augmentation import Augmentation
from trainer.config.train_config import EarlyStopping, MuonSettings, ReduceOnPlateau, TrainConfig
from trainer.errors import Cancelled
from trainer.events.base import Event
from trainer.events.run_events import EpochFinished, Message
from trainer.training.checkpoint import load_checkpoint
from trainer.training.validation_monitor import ValidationMonitor

CPU = torch.device("cpu")


def watched(config: TrainConfig, losses: Sequence[float]) -> tuple[ValidationMonitor, list[str]]:
    """A monitor after epochs with these losses; the network's weight is the epoch's number."""
    monitor, network, reported = ValidationMonitor(config), nn.Linear(1, 1), []
    for epoch, loss in enumerate(losses, start=1):
        nn.init.constant_(network.weight, epoch)
        reported.append(monitor.update(epoch, loss, network))
    return monitor, reported


def stopping(patience: int, **changes: object) -> TrainConfig:
    return tiny_config(epochs=20, early_stopping=EarlyStopping(patience=patience), **changes)


def test_a_run_stops_once_the_loss_has_not_improved_for_the_patience() -> None:
    monitor, reported = watched(stopping(3), [3, 2, 2.5, 2, 2.1])
    assert [monitor.should_stop(epoch) for epoch in range(1, 6)] == [
        False,
        False,
        False,
        False,
        True,
    ]
    assert monitor.best_epoch == 2
    assert monitor.best_weights["weight"].item() == 2
    assert reported[:4] == [""] * 4
    assert reported[4] == (
        "The validation loss has not improved for 3 epochs, so training stops early, after epoch "
        "5. The network of epoch 2 is kept."
    )


def test_without_early_stopping_no_weights_are_kept_and_no_run_stops() -> None:
    monitor, reported = watched(tiny_config(epochs=20), [1.0] * 20)
    assert not monitor.should_stop(20)
    assert monitor.best_weights == {}
    assert set(reported) == {""}


def test_the_last_epoch_reports_which_network_is_kept() -> None:
    config = replace(stopping(10), epochs=4)
    assert "epoch 3 is kept" in watched(config, [4, 3, 2, 2.5])[1][3]
    assert watched(config, [4, 3, 2, 1])[1][3] == ""


def test_the_learning_rate_is_reduced_on_a_plateau_and_again_if_it_lasts() -> None:
    config = tiny_config(epochs=20, reduce_on_plateau=ReduceOnPlateau(patience=2, factor=0.5))
    monitor, reported = watched(config, [3, 2, 2, 2, 2, 2, 1, 1, 1])
    falls = [epoch for epoch, sentence in enumerate(reported, start=1) if sentence]
    assert falls == [4, 6, 9]
    assert monitor.scale == 0.125
    assert "25 %" in reported[5]


def test_a_loss_of_nan_is_no_improvement() -> None:
    monitor, _ = watched(stopping(2), [1, float("nan"), float("nan")])
    assert monitor.should_stop(3)
    assert monitor.best_epoch == 1


def rates(events: Sequence[Event]) -> dict[int, float]:
    return {each.epoch: each.learning_rate for each in events if isinstance(each, EpochFinished)}


def messages(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Message)]


@pytest.fixture
def unstable() -> TrainConfig:
    """A run whose validation loss goes up and down."""
    return replace(
        tiny_config(epochs=12, label_smoothing=0.2),
        optimizer=MuonSettings(learning_rate=3.0, momentum=0.6, whitening_epochs=3),
        augmentation=Augmentation(),
        early_stopping=EarlyStopping(patience=4),
        reduce_on_plateau=ReduceOnPlateau(patience=1, factor=0.7),
    )


def test_the_learning_rate_stays_until_there_is_a_plateau(
    tmp_path: Path, unstable: TrainConfig
) -> None:
    events = run(tmp_path, replace(unstable, early_stopping=None))
    reported = rates(events)
    assert reported[1] == 3.0
    assert min(reported.values()) < 3.0
    falls = [reported[epoch + 1] / reported[epoch] for epoch in range(1, 12)]
    assert all(fall == pytest.approx(1) or fall == pytest.approx(0.7) for fall in falls)


def test_the_best_network_becomes_the_model(tmp_path: Path, unstable: TrainConfig) -> None:
    events = run(tmp_path / "run", unstable)
    losses = {e.epoch: e.validation_loss for e in events if isinstance(e, EpochFinished)}
    best = min(losses, key=lambda epoch: losses[epoch])
    last = max(losses)
    assert best < last <= best + 4
    assert f"epoch {best} is kept" in messages(events)[-1]
    kept = load_checkpoint(tmp_path / "run/checkpoint.pt").monitor["best_weights"]
    model = load_file(tmp_path / "run/model.safetensors")
    assert torch.equal(model["head.weight"].half(), kept["head.weight"].half())


def test_a_run_resumed_at_any_point_ends_the_same(tmp_path: Path, unstable: TrainConfig) -> None:
    unbroken = run(tmp_path / "unbroken", unstable)
    expected = load_file(tmp_path / "unbroken/model.safetensors")
    for checks in (4, 21, 28, 33, 40):
        folder = tmp_path / str(checks)
        with pytest.raises(Cancelled):
            run(folder, unstable, StopAfter(checks))
        events = run(folder, unstable, resume=True)
        assert same(expected, load_file(folder / "model.safetensors")), checks
        last = max(rates(unbroken))
        assert rates(events)[last] == rates(unbroken)[last]


def test_a_run_that_stopped_early_is_not_trained_further_when_resumed(
    tmp_path: Path, unstable: TrainConfig
) -> None:
    class OnceItHasEnded(CancelToken):
        def check(self) -> None:
            if ended:
                raise Cancelled

    ended: list[str] = []
    run(tmp_path / "unbroken", unstable)
    original = ValidationMonitor.update

    def update(self: ValidationMonitor, epoch: int, loss: float, network: nn.Module) -> str:
        sentence = original(self, epoch, loss, network)
        ended.extend([sentence] if self.should_stop(epoch) else [])
        return sentence

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ValidationMonitor, "update", update)
        with pytest.raises(Cancelled):
            run(tmp_path / "stopped", unstable, OnceItHasEnded())
    events = run(tmp_path / "stopped", unstable, resume=True)
    assert rates(events) == {}
    expected = load_file(tmp_path / "unbroken/model.safetensors")
    assert same(expected, load_file(tmp_path / "stopped/model.safetensors"))
