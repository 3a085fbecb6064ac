"""The number of steps and the duration of a run, predicted from a few timed steps.

Imports nothing heavy.
"""

from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import (
    none_epoch_size,
    none_validation_size,
    validation_size,
)
from trainer.events.command_events import SpeedMeasured
from trainer.planning.dataset_counts import DatasetCounts

TEST_VIEWS = 2
"""Forward passes per test image at the end (`trainer.evaluation.evaluate`)."""

CALIBRATION_VIEWS = 2
"""Forward passes per validation image at the end, and per picture of other things."""


def run_seconds(config: TrainConfig, counts: DatasetCounts, speed: SpeedMeasured) -> float:
    """Seconds from the first step to the model file, without early stopping.

    Args:
        config: Settings of the run.
        counts: Numbers of images of the dataset.
        speed: Measured speed of the device with this network and batch size.
    """
    _, validation = split_sizes(config, counts)
    _, none = _none_sizes(counts)
    passes = TEST_VIEWS * counts.test + (config.epochs + CALIBRATION_VIEWS) * validation
    passes += CALIBRATION_VIEWS * (none + counts.none[2])
    batch = _batch(config, epoch_size(config, counts))
    step_seconds = speed.step_seconds + batch * speed.image_seconds
    return run_steps(config, counts) * step_seconds + passes * speed.forward_seconds


def run_steps(config: TrainConfig, counts: DatasetCounts) -> int:
    """Number of steps of a run; arguments as `run_seconds`."""
    images = epoch_size(config, counts)
    return config.epochs * (images // _batch(config, images))


def epoch_size(config: TrainConfig, counts: DatasetCounts) -> int:
    """Number of images that an epoch shows, pictures of other things included."""
    training, _ = split_sizes(config, counts)
    none, _ = _none_sizes(counts)
    return training + (none_epoch_size(training, config.none_fraction) if none else 0)


def split_sizes(config: TrainConfig, counts: DatasetCounts) -> tuple[int, int]:
    """How many images of the classes a run trains and validates on."""
    if counts.validation is not None:
        return counts.train, counts.validation
    held_out = validation_size(config, counts.train if counts.first is None else counts.first)
    return counts.train - held_out, held_out


def _none_sizes(counts: DatasetCounts) -> tuple[int, int]:
    """How many pictures of other things a run trains and validates on."""
    training, validation, _ = counts.none
    if validation:
        return training, validation
    held_out = none_validation_size(training)
    return training - held_out, held_out


def _batch(config: TrainConfig, images: int) -> int:
    return max(1, min(config.batch_size, images))
