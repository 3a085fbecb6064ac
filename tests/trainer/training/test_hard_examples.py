"""Hard-example selection: which images are selected, and that runs stay reproducible."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from msgspec import structs
from safetensors.torch import load_file

from tests.trainer.small_runs import StopAfter, run
from tests.trainer.tiny import same, tiny_config, tiny_dataset
from trainer.config.recipes import recipe
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset
from trainer.devices.discovery import find_device
from trainer.errors import Cancelled
from trainer.events.run_events import RunFinished, RunStarted
from trainer.training.checkpoint import load_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.step import select_images, take_step

HALF = tiny_config(hard_example_fraction=0.5)


def mislabeled_dataset() -> Dataset:
    """One in five training images of each class is mislabeled."""
    dataset = tiny_dataset(train=240)
    labels = dataset.train.labels.clone()
    labels[::5] = (labels[::5] + 1) % 3
    return replace(dataset, train=replace(dataset.train, labels=labels))


def is_mislabeled(images: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """The brightest channel gives the true class (`tiny.draw`)."""
    return 2 - images.float().mean((2, 3)).argmax(1) != labels


def test_mislabeled_images_are_selected() -> None:
    config = structs.replace(HALF, epochs=8)
    trained = TrainingRun(config, mislabeled_dataset(), find_device("cpu"))
    for _ in range(config.epochs):
        for images, labels in trained.batches.epoch(trained.epoch):
            take_step(trained, images, labels)
    found = all_mislabeled = 0
    for images, labels in trained.batches.epoch(0):
        chosen = select_images(trained, images, labels)
        assert len(chosen[1]) == len(labels) / 2
        found += int(is_mislabeled(*chosen).sum())
        all_mislabeled += int(is_mislabeled(images, labels).sum())
    assert all_mislabeled > 20
    assert found > 0.8 * all_mislabeled


def test_selected_images_keep_their_labels() -> None:
    trained = TrainingRun(HALF, tiny_dataset(), find_device("cpu"))
    images, labels = next(trained.batches.epoch(0))
    chosen, right = select_images(trained, images, labels)
    pairs = {(each.sum().item(), label.item()) for each, label in zip(images, labels, strict=True)}
    assert len(chosen) == 16
    assert {
        (each.sum().item(), label.item()) for each, label in zip(chosen, right, strict=True)
    } <= pairs


def test_an_epoch_counts_the_selected_images(tmp_path: Path) -> None:
    events = run(tmp_path, structs.replace(HALF, epochs=8))
    started, finished = events[0], events[-1]
    assert isinstance(started, RunStarted)
    assert (started.batch_size, started.steps) == (32, 24)
    assert isinstance(finished, RunFinished)
    assert finished.figures["accuracy"] > 0.8
    assert load_checkpoint(tmp_path / "checkpoint.pt").epoch_sums[2] == 3 * 16


@pytest.mark.parametrize("checks", [2, 4, 5])
def test_a_resumed_run_gives_the_same_weights(tmp_path: Path, checks: int) -> None:
    run(tmp_path / "unbroken", HALF)
    with pytest.raises(Cancelled):
        run(tmp_path / "stopped", HALF, StopAfter(checks))
    run(tmp_path / "stopped", HALF, resume=True)
    first, second = (
        load_file(tmp_path / name / "model.safetensors") for name in ("unbroken", "stopped")
    )
    assert same(first, second)


@pytest.mark.parametrize("name", ["best", "simple-cnn"])
def test_it_works_with_any_recipe(tmp_path: Path, name: str) -> None:
    config: TrainConfig = structs.replace(
        recipe(name),
        widths=(8, 8, 8),
        epochs=1,
        batch_size=40,
        hard_example_fraction=0.25,
        device="cpu",
    )
    events = run(tmp_path, config)
    assert isinstance(events[-1], RunFinished)


def test_at_least_eight_images_are_selected() -> None:
    config = structs.replace(HALF, batch_size=12, hard_example_fraction=0.1)
    trained = TrainingRun(config, tiny_dataset(), find_device("cpu"))
    assert trained.trained_batch_size == 8
    assert len(select_images(trained, *next(trained.batches.epoch(0)))[1]) == 8
