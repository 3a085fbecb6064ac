"""The network of a run is that of its best epoch where the validation images can tell which."""

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from msgspec.structs import replace
from safetensors.torch import load_file
from torch import nn

from tests.trainer.small_runs import StopAfter, run
from tests.trainer.tiny import same, tiny_config, tiny_dataset
from trainer.config.train_config import EarlyStopping
from trainer.devices.device import PLAIN_CPU
from trainer.errors import Cancelled
from trainer.events.base import Event
from trainer.events.run_events import Message, RunFinished
from trainer.training import best_epoch, progress_meter
from trainer.training.best_epoch import BestEpoch
from trainer.training.checkpoint import load_checkpoint
from trainer.training.run import TrainingRun


def _after(accuracies: Sequence[float], images: int) -> BestEpoch:
    """The choice after epochs with these accuracies; the network's weight is the epoch."""
    best, network = BestEpoch(images), nn.Linear(1, 1)
    for epoch, accuracy in enumerate(accuracies, start=1):
        nn.init.constant_(network.weight, epoch)
        best.update(epoch, accuracy, network)
    return best


def test_clearly_better_epoch_is_kept() -> None:
    best = _after([0.5, 0.8, 0.7], images=1000)

    assert best.is_clearly_better
    assert best.epoch == best.weights["weight"].item() == 2
    assert best.sentence() == (
        "The network of epoch 2 is kept, because its validation accuracy (80.0 %) is clearly "
        "higher than that of the last epoch (70.0 %)."
    )


def test_difference_within_the_standard_error_keeps_the_last() -> None:
    # The standard error of 80 % of 1,000 images is 1.26 points, of 100,000 images 0.13 points.
    assert not _after([0.80, 0.79], images=1000).is_clearly_better
    assert _after([0.80, 0.79], images=100_000).is_clearly_better


def test_few_validation_images_cannot_choose() -> None:
    best = _after([0.9, 0.1], images=999)

    assert not best.is_clearly_better
    assert best.weights == {}


def test_later_of_equal_epochs_is_the_best() -> None:
    assert _after([0.5, 0.8, 0.8, 0.7], images=1000).epoch == 3


_SCORES = [0.5, 0.9, 0.7, 0.6]
"""The validation accuracy of each epoch of the runs below."""
_CONFIG = tiny_config(epochs=len(_SCORES), validation_images=24)


@pytest.fixture
def worsening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real runs are validated with these scores; of 24 images, 30 points are no chance."""

    def validate(run: TrainingRun) -> tuple[float, float]:
        return 1.0, _SCORES[run.epoch - 1]

    monkeypatch.setattr(progress_meter, "validate", validate)


def _messages(events: Sequence[Event]) -> list[str]:
    return [event.text for event in events if isinstance(event, Message)]


@pytest.mark.usefixtures("worsening")
def test_network_of_the_best_epoch_becomes_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(best_epoch, "ENOUGH_IMAGES", 24)

    events = run(tmp_path / "whole", _CONFIG)

    assert "The network of epoch 2 is kept" in _messages(events)[-1]
    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert finished.figures["epochs"] == 2
    checkpoint = load_checkpoint(tmp_path / "whole" / "checkpoint.pt")
    kept, last = checkpoint.best_epoch["weights"], checkpoint.network
    model = load_file(tmp_path / "whole" / "model.safetensors")
    assert torch.equal(model["head.weight"].half(), kept["head.weight"].half())
    assert not torch.equal(kept["head.weight"], last["head.weight"])
    for checks in (14, 30):
        folder = tmp_path / str(checks)
        with pytest.raises(Cancelled):
            run(folder, _CONFIG, StopAfter(checks))
        run(folder, _CONFIG, resume=True)
        assert same(model, load_file(folder / "model.safetensors"))


@pytest.mark.usefixtures("worsening")
def test_few_validation_images_keep_the_last_epoch(tmp_path: Path) -> None:
    events = run(tmp_path, _CONFIG)

    finished = events[-1]
    assert isinstance(finished, RunFinished)
    assert finished.figures["epochs"] == len(_SCORES)
    assert _messages(events) == []


def test_early_stopping_goes_by_the_loss() -> None:
    early = replace(_CONFIG, early_stopping=EarlyStopping(patience=5))
    state = TrainingRun(early, tiny_dataset(), PLAIN_CPU)

    state.best_epoch.update(1, 0.9, state.network)
    state.best_epoch.update(2, 0.1, state.network)

    assert not state.best_epoch.is_clearly_better


@pytest.mark.usefixtures("worsening")
def test_checkpoint_of_an_earlier_version_is_resumed(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run(tmp_path, _CONFIG, StopAfter(14))
    path = tmp_path / "checkpoint.pt"
    content = torch.load(path, weights_only=True)
    del content["best_epoch"]
    torch.save(content, path)

    events = run(tmp_path, _CONFIG, resume=True)

    assert isinstance(events[-1], RunFinished)
