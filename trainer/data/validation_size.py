"""How many training images are held out for validation; standard library only."""

from trainer.config.train_config import TrainConfig
from trainer.errors import DataError

LARGEST_VALIDATION_SHARE = 5
"""At most one image in so many is put aside, however few there are."""


def require_enough(train_images: int) -> None:
    """Make sure that there are images to learn from and images to judge the network by.

    Raises:
        DataError: If there are too few.
    """
    if train_images < LARGEST_VALIDATION_SHARE:
        raise DataError(
            f"There are {train_images} training images; at least {LARGEST_VALIDATION_SHARE} are "
            "needed, one of them to judge the network by."
        )


def validation_size(config: TrainConfig, train_images: int) -> int:
    """How many of so many training images a run puts aside to validate by."""
    return min(config.validation_images, train_images // LARGEST_VALIDATION_SHARE)
