"""The size of the images that a network is trained on."""

USUAL_SIDE = 32
"""Side length in pixels of CIFAR-10's images, and of all recipes."""
SMALLEST_SIDE, LARGEST_SIDE = 16, 128
"""Below, the poolings of most networks leave nothing; above, training takes days."""


def images_of_size(count: int, side: int) -> int:
    """How many images take no more memory and time than `count` of the usual size; at most `count`.

    Args:
        count: Number of images of the usual size.
        side: Side length of the images in pixels.
    """
    return max(1, min(count, count * USUAL_SIDE**2 // side**2))
