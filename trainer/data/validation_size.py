"""How many images are held out for validation, and how many others shown. Standard library only."""

from trainer.config.train_config import TrainConfig
from trainer.errors import DataError

VALIDATION_DIVISOR = 5
"""At most one training image in this many is held out for validation."""
NONE_DIVISOR = 20
"""One picture of other things in this many is held out."""
MOST_NONE = 2000
"""More are not needed to measure how many of them are recognized."""


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


def none_validation_size(pictures: int) -> int:
    """How many of the training pictures of other things are held out for validation."""
    return min(MOST_NONE, pictures // NONE_DIVISOR)


def none_epoch_size(images: int, none_fraction: float) -> int:
    """How many pictures of other things an epoch shows.

    Args:
        images: Number of images of the classes in it.
        none_fraction: Share of all images that are pictures of other things, below 1.
    """
    return round(images * none_fraction / (1 - none_fraction))
