"""What CIFAR-10 is, for those who have not loaded it. Standard library only."""

from collections.abc import Sequence

CIFAR10_CLASSES: tuple[str, ...] = (
    "airplane", "automobile", "bird", "cat", "deer", "dog", "frog", "horse", "ship", "truck",
)  # fmt: skip
"""In the official order, which is the alphabetical one too."""
CIFAR10_IMAGES = (50_000, 10_000)
"""To train and to test with."""


def is_cifar10(classes: Sequence[str], train_images: int, test_images: int) -> bool:
    """Whether a dataset is CIFAR-10, by its classes and by how many images it has."""
    return tuple(classes) == CIFAR10_CLASSES and (train_images, test_images) == CIFAR10_IMAGES
