"""The number of steps and the duration of a run, predicted from a few timed steps.

Imports nothing heavy.
"""

from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import validation_size
from trainer.events.command_events import SpeedMeasured

TEST_VIEWS = 6
"""Forward passes per test image at the end (`trainer.evaluation.evaluate`)."""

CALIBRATION_VIEWS = 2
"""Forward passes per validation image at the end (`trainer.evaluation.calibration`)."""


def run_seconds(
    config: TrainConfig,
    *,
    train_images: int,
    test_images: int,
    speed: SpeedMeasured,
    has_none: bool = False,
) -> float:
    """Seconds from the first step to the model file, without early stopping.

    Args:
        config: Settings of the run.
        train_images: Training images of the dataset, including those held out for validation.
        test_images: Test images of the dataset.
        speed: Measured speed of the device with this network and batch size.
        has_none: Whether there are pictures of other things to train on.
    """
    validation = validation_size(config, train_images)
    passes = TEST_VIEWS * test_images + (config.epochs + CALIBRATION_VIEWS) * validation
    batch = _batch(config, _epoch_images(config, train_images, has_none=has_none))
    step_seconds = speed.step_seconds + batch * speed.image_seconds
    steps = run_steps(config, train_images, has_none=has_none)
    return steps * step_seconds + passes * speed.forward_seconds


def run_steps(config: TrainConfig, train_images: int, *, has_none: bool = False) -> int:
    """Number of steps of a run.

    Args:
        config: Settings of the run.
        train_images: Training images of the dataset, including those held out for validation.
        has_none: Whether there are pictures of other things to train on.
    """
    images = _epoch_images(config, train_images, has_none=has_none)
    return config.epochs * (images // _batch(config, images))


def _epoch_images(config: TrainConfig, train_images: int, *, has_none: bool) -> int:
    """Images of an epoch: those of the classes, and a share of other things."""
    images = train_images - validation_size(config, train_images)
    share = config.none_fraction if has_none else 0.0
    return images + round(images * share / (1 - share))


def _batch(config: TrainConfig, images: int) -> int:
    return max(1, min(config.batch_size, images))
