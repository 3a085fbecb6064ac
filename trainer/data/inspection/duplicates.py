"""Finds images that occur twice, pixel for pixel."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from torch import Tensor

DIGEST_BYTES = 16
"""Long enough that two different images practically never share one."""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """An image with exactly the pixels of another one.

    Attributes:
        image: Index of the image.
        other: Index of the first such image among the others.
    """

    image: int
    other: int


def index_images(images: Tensor) -> Mapping[bytes, int]:
    """The index of the first image with some pixels, by what stands for these pixels.

    Args:
        images: uint8 tensor of shape [N, 3, S, S], contiguous.
    """
    known: dict[bytes, int] = {}
    for index, digest in enumerate(_digests(images)):
        known.setdefault(digest, index)
    return known


def find_duplicates(images: Tensor, known: Mapping[bytes, int]) -> list[DuplicatePair]:
    """All of some images that occur among others, in order.

    Args:
        images: uint8 tensor of shape [N, 3, S, S], contiguous.
        known: What `index_images` returned for the others.
    """
    found = enumerate(map(known.get, _digests(images)))
    return [DuplicatePair(image, other) for image, other in found if other is not None]


def _digests(images: Tensor) -> Iterator[bytes]:
    return (blake2b(image.data, digest_size=DIGEST_BYTES).digest() for image in images.numpy())
