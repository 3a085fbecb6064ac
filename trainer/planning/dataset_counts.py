"""The numbers of images and classes of a dataset, which tell how long a run takes.

Imports nothing heavy.
"""

from dataclasses import dataclass

from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetCounts:
    """The numbers of images and classes of a dataset.

    Attributes:
        train: Training images, including those held out for validation.
        test: Test images.
        classes: Number of classes.
        validation: Validation images; None if training images are held out.
        first: Training images of the first of several datasets, which they are held out of; None
            if there is one dataset.
        none: Pictures of other things in the training, validation and test split.
        is_cifar10: Whether it is CIFAR-10 alone, on which the accuracies were measured.
    """

    train: int
    test: int
    classes: int
    validation: int | None = None
    first: int | None = None
    none: tuple[int, int, int] = (0, 0, 0)
    is_cifar10: bool = False


CIFAR10_COUNTS = DatasetCounts(
    train=CIFAR10_IMAGES[0], test=CIFAR10_IMAGES[1], classes=len(CIFAR10_CLASSES), is_cifar10=True
)
