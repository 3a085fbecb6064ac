"""How many pictures of other things a run holds out and shows. Standard library only."""

NONE_DIVISOR = 20
"""One picture of other things in this many is held out."""
MOST_NONE = 2000
"""More are not needed to measure how many of them are recognized."""


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
