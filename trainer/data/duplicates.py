"""Finds training images that occur again, in another split or among themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from trainer.data.dataset import Split

DIGEST_BYTES = 16
"""Long enough that two different images practically never share one."""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """An image with exactly the pixels of a training image.

    Attributes:
        image: Index of the image in its split.
        train: Index of the first such training image.
    """

    image: int
    train: int


def find_duplicates(split: Split, train: Split) -> list[DuplicatePair]:
    """All images of a split that are also training images, in order."""
    known: dict[bytes, int] = {}
    for index, digest in enumerate(_digests(train)):
        known.setdefault(digest, index)
    found = enumerate(map(known.get, _digests(split)))
    return [DuplicatePair(image, train) for image, train in found if train is not None]


def find_repeated(train: Split) -> list[DuplicatePair]:
    """All training images that are also an earlier training image, in order."""
    first: dict[bytes, int] = {}
    found = [
        DuplicatePair(index, first.setdefault(digest, index))
        for index, digest in enumerate(_digests(train))
    ]
    return [pair for pair in found if pair.image != pair.train]


def _digests(split: Split) -> Iterator[bytes]:
    return (
        blake2b(image.data, digest_size=DIGEST_BYTES).digest() for image in split.images.numpy()
    )
