"""The predicted duration of a run counts the steps and forward passes that it really takes."""

from dataclasses import replace as replaced

import pytest
import torch
from msgspec.structs import replace

from tests.trainer.tiny import draw, tiny_config, tiny_dataset
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import NoneImages
from trainer.devices.discovery import find_device
from trainer.events.command_events import SpeedMeasured
from trainer.events.run_events import DataSource
from trainer.planning.dataset_counts import DatasetCounts
from trainer.planning.duration import run_seconds
from trainer.planning.forecast import dataset_counts
from trainer.training.run import TrainingRun

COUNTS = DatasetCounts(train=120, test=30, classes=3)


def estimate(
    config: TrainConfig,
    counts: DatasetCounts = COUNTS,
    *,
    image: float = 0,
    step: float = 0,
    forward: float = 0,
) -> float:
    speed = SpeedMeasured(
        device="CPU", image_seconds=image, step_seconds=step, forward_seconds=forward
    )
    return run_seconds(config, counts, speed)


@pytest.mark.parametrize(
    "config",
    [
        tiny_config(),
        tiny_config(batch_size=1000),
        tiny_config(validation_images=1000),
        tiny_config(epochs=1, batch_size=7),
    ],
)
def test_it_counts_as_a_run_does(config: TrainConfig) -> None:
    run = TrainingRun(config, tiny_dataset(120, 30), find_device("cpu"))
    assert estimate(config, step=1) == run.steps
    assert estimate(config, image=1) == run.steps * run.batches.batch_size
    assert estimate(config, forward=1) == 2 * 30 + (config.epochs + 2) * len(run.validation)


def test_a_dataset_with_validation_images_trains_on_all_the_others() -> None:
    config, dataset = tiny_config(), replaced(tiny_dataset(120, 30), validation=draw(9, 7))
    run = TrainingRun(config, dataset, find_device("cpu"))
    counts = dataset_counts(dataset)
    assert counts.validation == 9
    assert estimate(config, counts, step=1) == run.steps
    assert estimate(config, counts, image=1) == run.steps * run.batches.batch_size
    assert estimate(config, counts, forward=1) == 2 * 30 + (config.epochs + 2) * 9


@pytest.mark.parametrize("held_out", [0, 4])
@pytest.mark.parametrize("none_fraction", [0.0, 0.33])
def test_pictures_of_other_things_are_counted_as_they_are_shown(
    held_out: int, none_fraction: float
) -> None:
    config = tiny_config(none_fraction=none_fraction, balance=0.5)
    none = NoneImages(
        train=draw(40, 3).images, validation=draw(held_out, 4).images, test=draw(5, 5).images
    )
    dataset = replaced(tiny_dataset(120, 30), none=none)
    run = TrainingRun(config, dataset, find_device("cpu"))
    counts = dataset_counts(dataset)
    assert estimate(config, counts, step=1) == run.steps
    assert run.steps == (12 if none_fraction else 9)
    passes = 2 * 30 + (config.epochs + 2) * 24 + 2 * (len(run.none) + 5)
    assert estimate(config, counts, forward=1) == passes


def test_images_are_held_out_of_the_first_of_several_datasets() -> None:
    config = tiny_config(validation_images=1000)
    sources = tuple(
        DataSource(name=name, train_images=count) for name, count in (("a", 50), ("b", 70))
    )
    dataset = replaced(
        tiny_dataset(120, 30), sources=sources, train_sources=(torch.arange(120) >= 50).long()
    )
    run = TrainingRun(config, dataset, find_device("cpu"))
    counts = dataset_counts(dataset)
    assert len(run.validation) == 10
    assert estimate(config, counts, step=1) == run.steps
    assert estimate(config, counts, forward=1) == 2 * 30 + (config.epochs + 2) * 10


def test_longer_runs_take_longer() -> None:
    config = tiny_config()
    one, two = (
        estimate(replace(config, epochs=epochs), image=0.01, step=0.1, forward=0.001)
        for epochs in (1, 2)
    )
    assert 0 < one < two < 2 * one


def test_nothing_to_train_on_is_no_error() -> None:
    nothing = DatasetCounts(train=0, test=0, classes=2)
    assert estimate(tiny_config(), nothing, image=1, step=1, forward=1) == 0
