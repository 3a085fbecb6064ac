"""The predicted duration of a run counts the steps and forward passes that it really takes."""

from dataclasses import replace as replaced
from typing import Any

import pytest
from msgspec.structs import replace

from tests.trainer.tiny import draw, tiny_config, tiny_dataset
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import NoneImages
from trainer.devices.discovery import find_device
from trainer.events.command_events import SpeedMeasured
from trainer.planning.duration import run_seconds
from trainer.planning.forecast import dataset_counts
from trainer.training.run import TrainingRun


def estimate(
    config: TrainConfig, *, image: float = 0, step: float = 0, forward: float = 0
) -> float:
    speed = SpeedMeasured(
        device="CPU", image_seconds=image, step_seconds=step, forward_seconds=forward
    )
    return run_seconds(config, train_images=120, test_images=30, speed=speed)


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
    expected = [
        (SpeedMeasured(device="", image_seconds=0, step_seconds=1, forward_seconds=0), run.steps),
        (SpeedMeasured(device="", image_seconds=1, step_seconds=0, forward_seconds=0),
         run.steps * run.batches.batch_size),
        (SpeedMeasured(device="", image_seconds=0, step_seconds=0, forward_seconds=1),
         2 * 30 + (config.epochs + 2) * 9),
    ]  # fmt: skip
    for speed, seconds in expected:
        found = run_seconds(
            config, train_images=120, test_images=30, validation_images=9, speed=speed
        )
        assert found == seconds
    assert dataset_counts(dataset).validation == 9


@pytest.mark.parametrize("changes", [{}, {"none_fraction": 0.5}, {"batch_size": 1000}])
def test_pictures_of_other_things_take_time_too(changes: dict[str, Any]) -> None:
    config, dataset = tiny_config(**changes), tiny_dataset(120, 30)
    pictures = dataset.test.images
    none = NoneImages(train=pictures, validation=pictures[:2], test=pictures[:0])
    run = TrainingRun(config, replaced(dataset, none=none), find_device("cpu"))
    speed = SpeedMeasured(device="CPU", image_seconds=1, step_seconds=0, forward_seconds=0)
    seconds = [
        run_seconds(config, train_images=120, test_images=30, speed=speed, has_none=has_none)
        for has_none in (False, True)
    ]
    assert seconds[1] == run.steps * run.batches.batch_size > seconds[0]


def test_longer_runs_take_longer() -> None:
    config = tiny_config()
    one, two = (
        estimate(replace(config, epochs=epochs), image=0.01, step=0.1, forward=0.001)
        for epochs in (1, 2)
    )
    assert 0 < one < two < 2 * one


def test_nothing_to_train_on_is_no_error() -> None:
    speed = SpeedMeasured(device="CPU", image_seconds=1, step_seconds=1, forward_seconds=1)
    assert run_seconds(tiny_config(), train_images=0, test_images=0, speed=speed) == 0
