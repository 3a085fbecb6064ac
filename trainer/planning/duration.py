"""How large a run is, and how long it will take, from how long a few steps took.

For the window, `probe` and planning; `training_run` divides the images by it. Standard library
only.
"""

from trainer.config.train_config import TrainConfig
from trainer.data.validation_size import validation_size
from trainer.events.command_events import Probed

TEST_VIEWS = 6
"""Forward passes of each test image at the end (`trainer.evaluation.evaluate`)."""

CALIBRATION_VIEWS = 2
"""Forward passes of each validation image at the end (`trainer.evaluation.calibration`)."""


def run_seconds(
    config: TrainConfig, *, train_images: int, test_images: int, probed: Probed
) -> float:
    """Seconds from the first step to the model file, if no epoch is left out.

    Args:
        config: What is to be trained.
        train_images: Training images of the dataset, those to be put aside included.
        test_images: Test images of the dataset.
        probed: How fast the device is with this network and this batch size.
    """
    validation = validation_size(config, train_images)
    passes = TEST_VIEWS * test_images + (config.epochs + CALIBRATION_VIEWS) * validation
    batch = _batch(config, train_images - validation)
    step_seconds = probed.step_seconds + batch * probed.image_seconds
    return run_steps(config, train_images) * step_seconds + passes * probed.forward_seconds


def run_steps(config: TrainConfig, train_images: int) -> int:
    """Steps of a run on a dataset of so many training images, those to be put aside included."""
    images = train_images - validation_size(config, train_images)
    return config.epochs * (images // _batch(config, images))


def _batch(config: TrainConfig, images: int) -> int:
    return max(1, min(config.batch_size, images))
