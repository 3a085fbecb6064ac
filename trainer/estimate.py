"""How long a run will take, from how long a few steps took; used by the window.

Standard library only.
"""

from trainer.config import TrainConfig
from trainer.findings import Probed

LARGEST_VALIDATION_SHARE = 5
"""At most one image in so many is put aside, as `trainer.training_run` has it."""

TEST_VIEWS = 6
"""Forward passes of each test image at the end (`trainer.evaluation`)."""

CALIBRATION_VIEWS = 2
"""Forward passes of each validation image at the end (`trainer.finishing`)."""


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
    validation = min(config.validation_images, train_images // LARGEST_VALIDATION_SHARE)
    passes = TEST_VIEWS * test_images + (config.epochs + CALIBRATION_VIEWS) * validation
    training = config.epochs * _epoch_seconds(config, train_images - validation, probed)
    return training + passes * probed.forward_seconds


def _epoch_seconds(config: TrainConfig, images: int, probed: Probed) -> float:
    batch = max(1, min(config.batch_size, images))
    return images // batch * (probed.step_seconds + batch * probed.image_seconds)
