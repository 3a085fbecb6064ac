"""Accuracies in words, with no more precision than the number of images allows.

Imports nothing heavy: the window and the command line use it.
"""

import math

ENOUGH_IMAGES = 1000
"""From so many images on, the likely range is narrower than four points, and decimals mean
something."""
ENOUGH_TO_CALIBRATE = 100
"""With fewer images, the probabilities of a network are little more than its own opinion."""
ENOUGH_TO_RANK = 30
"""With fewer images on either side, chance alone moves an AUROC by a tenth or more."""
_Z = 1.959964
"""Standard deviations on either side of the mean that hold 95 % of a normal distribution."""


def likely_range(accuracy: float, images: int) -> tuple[float, float]:
    """The range, 0 to 1, that holds the true accuracy in 95 % of all cases (Wilson 1927).

    Args:
        accuracy: Share of the images that were classified correctly, 0 to 1.
        images: Number of images, at least 1.
    """
    scale = 1 + _Z**2 / images
    center = (accuracy + _Z**2 / (2 * images)) / scale
    variance = accuracy * (1 - accuracy) / images + _Z**2 / (4 * images**2)
    half = _Z * math.sqrt(variance) / scale
    return max(0.0, center - half), min(1.0, center + half)


def is_enough(images: int) -> bool:
    """Whether a figure from so many images can be shown without its range; 0 is unknown."""
    return not 0 < images < ENOUGH_IMAGES


def auroc_text(auroc: float, own: int, others: int, *, decimals: int) -> str:
    """An AUROC, or that there are too few images for one.

    Args:
        auroc: The AUROC from 0 to 1.
        own: Number of images of the network's classes.
        others: Number of images of other things.
        decimals: How many to show.
    """
    return f"{auroc:.{decimals}f}" if min(own, others) >= ENOUGH_TO_RANK else "too few images"


def accuracy_text(accuracy: float, images: int) -> str:
    """An accuracy: "94.06 %", or from few images "90 % (26 of 29, likely 74 to 96)".

    Args:
        accuracy: Accuracy from 0 to 1.
        images: Number of images; 0 if unknown.
    """
    brief = brief_accuracy_text(accuracy, images)
    if is_enough(images):
        return brief
    low, high = (f"{100 * each:.0f}" for each in likely_range(accuracy, images))
    return f"{brief} ({round(accuracy * images)} of {images}, likely {low} to {high})"


def counted_accuracy_text(accuracy: float, images: int) -> str:
    """The same without the range: "94.06 %" or "90 % of 29"."""
    brief = brief_accuracy_text(accuracy, images)
    return brief if is_enough(images) else f"{brief} of {images}"


def brief_accuracy_text(accuracy: float, images: int) -> str:
    """The same without the number of images: "94.06 %" or "90 %"."""
    return f"{100 * accuracy:.{2 if is_enough(images) else 0}f} %"
