"""Facts about CIFAR-10 that need no loading. Standard library only."""

from collections.abc import Sequence

CIFAR10_CLASSES: tuple[str, ...] = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
"""In the official order, which is also alphabetical."""
CIFAR10_IMAGES = (50_000, 10_000)
"""Number of training and test images."""
CIFAR10_IMAGE_SIZE = 32, 32
"""Width and height in pixels."""
CIFAR10_VALUES = 3 * 32 * 32
"""Values of one image: red, green and blue of every pixel."""


def is_cifar10(classes: Sequence[str], train_images: int, test_images: int) -> bool:
    """Whether a dataset is CIFAR-10, judging by its classes and image counts."""
    return tuple(classes) == CIFAR10_CLASSES and (train_images, test_images) == CIFAR10_IMAGES
