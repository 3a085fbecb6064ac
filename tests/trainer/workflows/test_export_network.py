"""Exporting the network of a run at any time, without changing the run or using the test images."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from tests.trainer.tiny import tiny_card, tiny_config, write_dataset
from trainer.cancellation import CancelToken
from trainer.config.train_config import EarlyStopping
from trainer.data.loading import load_dataset
from trainer.devices.discovery import find_device
from trainer.errors import CheckpointError, DataError, ModelFileError, TrainerError
from trainer.events.command_events import Exported
from trainer.models.model_file import load_model, read_card, save_model
from trainer.models.registry import build
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.step import take_step
from trainer.workflows.export_network import ExportRequest


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "farben ü"
    write_dataset(folder)
    return folder


def begin(data: Path, **changes: Any) -> tuple[RunFolder, TrainingRun]:
    """A run before its first step."""
    config = tiny_config(**changes)
    folder = RunFolder(data.parent / "run")
    folder.create(config, (str(data),))
    return folder, TrainingRun(config, load_dataset(str(data)), find_device("cpu"))


def train_some(folder: RunFolder, run: TrainingRun, steps: int) -> None:
    for images, labels in list(run.batches.epoch(0)) * 3:
        if run.step < steps:
            take_step(run, images, labels)
    save_checkpoint(folder.checkpoint, run.state_dict())


def export(source: Path, *, data: Path | None = None) -> Exported:
    job = ExportRequest(
        source=source,
        out=source.parent / "exported" / "network.safetensors",
        data=(str(data),) if data else None,
        device="cpu",
        command="cifar-trainer export",
    )
    return job.run(CancelToken(), lambda *_: None)


def weights(network: torch.nn.Module) -> dict[str, Tensor]:
    """The weights as a model file stores them."""
    state = network.state_dict().items()
    return {name: each.half() if each.ndim > 1 else each.clone() for name, each in state}


def holds(path: str, expected: dict[str, Tensor]) -> bool:
    found = load_file(path)
    return all(found[name].equal(each) for name, each in expected.items())


def content(folder: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.iterdir()}


def test_the_last_checkpoint_of_a_run_becomes_a_network(data: Path) -> None:
    folder, run = begin(data)
    train_some(folder, run, 4)
    before = content(folder.path)
    exported = export(folder.path)
    assert content(folder.path) == before
    assert exported.epoch == 4 / len(run.batches)
    assert holds(exported.path, weights(run.network))
    network, card = load_model(Path(exported.path))
    assert (card.recipe, card.command, card.data) == ("sprint", "cifar-trainer export", "farben ü")
    assert card.temperature != 1
    measured = {"epochs", "validation_accuracy", "validation_images", "refused", "sure_share"}
    assert measured <= card.figures.keys()
    assert "accuracy" not in card.figures
    assert network(torch.zeros(1, 3, 32, 32)).shape == (1, 3)


def test_a_run_can_be_exported_during_training(data: Path) -> None:
    folder, run = begin(data)
    train_some(folder, run, 1)
    with folder.held():
        export(folder.path)
        assert folder.is_held


def test_with_early_stopping_the_best_epoch_counts(data: Path) -> None:
    folder, run = begin(data, early_stopping=EarlyStopping(patience=5))
    train_some(folder, run, len(run.batches))
    best = weights(run.network)
    run.monitor.update(1, 0.5, run.network)
    train_some(folder, run, 2 * len(run.batches))
    run.monitor.update(2, 0.9, run.network)
    save_checkpoint(folder.checkpoint, run.state_dict())
    exported = export(folder.path)
    assert exported.epoch == 1
    assert holds(exported.path, best)


def test_data_may_have_moved(data: Path) -> None:
    folder, run = begin(data)
    train_some(folder, run, 2)
    moved = data.rename(data.parent / "moved")
    with pytest.raises(DataError, match="does not exist"):
        export(folder.path)
    assert export(folder.path, data=moved).epoch > 0


def test_changed_data_are_reported(data: Path) -> None:
    folder, run = begin(data)
    train_some(folder, run, 2)
    (data / "train/red/0002.png").unlink()
    with pytest.raises(CheckpointError, match="not the one that the run was trained on"):
        export(folder.path)
    assert not (data.parent / "exported").exists()


def test_what_has_saved_nothing_cannot_be_exported(data: Path) -> None:
    folder, _ = begin(data)
    with pytest.raises(CheckpointError, match="no checkpoint yet"):
        export(folder.path)
    with pytest.raises(TrainerError, match="contains no run"):
        export(data.parent / "none")


def test_a_finished_run_or_a_model_file_is_copied(data: Path) -> None:
    folder, _ = begin(data)
    network = build("sprint-net", 3, (8, 8, 8))
    save_model(folder.model, network, tiny_card(figures={"epochs": 8.0, "accuracy": 0.9}))
    exported = export(folder.path)
    assert exported.epoch == 8
    assert Path(exported.path).read_bytes() == folder.model.read_bytes()
    alone = data.parent / "alone.safetensors"
    save_model(alone, network, tiny_card())
    exported = export(alone)
    assert exported.epoch == 0
    assert read_card(Path(exported.path)) == tiny_card()


def test_a_damaged_model_file_is_not_copied(data: Path) -> None:
    damaged = data.parent / "damaged.safetensors"
    save_model(damaged, build("sprint-net", 3, (8, 8, 8)), tiny_card())
    damaged.write_bytes(damaged.read_bytes()[:-100])
    with pytest.raises(ModelFileError):
        export(damaged)
    assert not (data.parent / "exported").exists()


def test_it_can_be_stopped(data: Path) -> None:
    folder, run = begin(data)
    train_some(folder, run, 1)
    shutil.rmtree(data.parent / "cache")
    token = CancelToken()
    job = ExportRequest(
        source=folder.path, out=data.parent / "x", data=None, device="cpu", command=""
    )
    with pytest.raises(TrainerError, match="Stopped"):
        job.run(token, lambda *_: token.cancel())
    assert not (data.parent / "x").exists()
