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
    config: TrainConfig, *, train_images: int, test_images: int, speed: SpeedMeasured
) -> float:
    """Seconds from the first step to the model file, without early stopping.

    Args:
        config: Settings of the run.
        train_images: Training images of the dataset, including those held out for validation.
        test_images: Test images of the dataset.
        speed: Measured speed of the device with this network and batch size.
    """
    validation = validation_size(config, train_images)
    passes = TEST_VIEWS * test_images + (config.epochs + CALIBRATION_VIEWS) * validation
    batch = _batch(config, train_images - validation)
    step_seconds = speed.step_seconds + batch * speed.image_seconds
    return run_steps(config, train_images) * step_seconds + passes * speed.forward_seconds


def run_steps(config: TrainConfig, train_images: int) -> int:
    """Number of steps of a run.

    Args:
        config: Settings of the run.
        train_images: Training images of the dataset, including those held out for validation.
    """
    images = train_images - validation_size(config, train_images)
    return config.epochs * (images // _batch(config, images))


def _batch(config: TrainConfig, images: int) -> int:
    return max(1, min(config.batch_size, images))
