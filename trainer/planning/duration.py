"""The number of steps and the duration of a run, predicted from a few timed steps.

Imports nothing heavy.
"""

from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import validation_size
from trainer.events.command_events import SpeedMeasured

TEST_VIEWS = 2
"""Forward passes per test image at the end (`trainer.evaluation.evaluate`)."""

CALIBRATION_VIEWS = 2
"""Forward passes per validation image at the end (`trainer.evaluation.calibration`)."""


def run_seconds(
    config: TrainConfig,
    *,
    train_images: int,
    test_images: int,
    validation_images: int | None = None,
    speed: SpeedMeasured,
    has_none: bool = False,
) -> float:
    """Seconds from the first step to the model file, without early stopping.

    Args:
        config: Settings of the run.
        train_images: Training images of the dataset, including those held out for validation.
        test_images: Test images of the dataset.
        validation_images: Validation images of the dataset; None if training images are held out.
        speed: Measured speed of the device with this network and batch size.
        has_none: Whether there are pictures of other things to train on.
    """
    training, validation = _split(config, train_images, validation_images)
    passes = TEST_VIEWS * test_images + (config.epochs + CALIBRATION_VIEWS) * validation
    shown = _with_none(config, training) if has_none else training
    step_seconds = speed.step_seconds + _batch(config, shown) * speed.image_seconds
    steps = run_steps(config, train_images, validation_images, has_none=has_none)
    return steps * step_seconds + passes * speed.forward_seconds


def run_steps(
    config: TrainConfig,
    train_images: int,
    validation_images: int | None = None,
    *,
    has_none: bool = False,
) -> int:
    """Number of steps of a run; arguments as `run_seconds`."""
    images, _ = _split(config, train_images, validation_images)
    shown = _with_none(config, images) if has_none else images
    return config.epochs * (shown // _batch(config, shown))


def _with_none(config: TrainConfig, images: int) -> int:
    """Images of an epoch that also shows a share of other things."""
    return images + round(images * config.none_fraction / (1 - config.none_fraction))


def _split(config: TrainConfig, train_images: int, own: int | None) -> tuple[int, int]:
    """How many images a run trains and validates on."""
    if own is not None:
        return train_images, own
    held_out = validation_size(config, train_images)
    return train_images - held_out, held_out


def _batch(config: TrainConfig, images: int) -> int:
    return max(1, min(config.batch_size, images))
