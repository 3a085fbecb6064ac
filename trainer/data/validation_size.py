"""How many training images are held out for validation. Standard library only."""

from trainer.config.train_config import TrainConfig
from trainer.errors import DataError

VALIDATION_DIVISOR = 5
"""At most one training image in this many is held out for validation."""


def require_enough_images(train_images: int) -> None:
    """Check that there are enough images for training and validation.

    Raises:
        DataError: If there are too few.
    """
    if train_images < VALIDATION_DIVISOR:
        raise DataError(
            f"There are only {train_images} training images; at least {VALIDATION_DIVISOR} are "
            "needed, one of them for validation."
        )


def validation_size(config: TrainConfig, train_images: int) -> int:
    """How many of `train_images` training images a run holds out for validation."""
    return min(config.validation_images, train_images // VALIDATION_DIVISOR)
