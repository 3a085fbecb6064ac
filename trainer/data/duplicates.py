"""Finds test images that are also training images."""

from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b

from trainer.data.dataset import Dataset, Split

DIGEST_BYTES = 16
"""Long enough that two different images practically never share one."""


@dataclass(frozen=True, slots=True)
class DuplicatePair:
    """A test image with exactly the pixels of a training image.

    Attributes:
        test: Index of the test image in its split.
        train: Index of the first such training image.
    """

    test: int
    train: int


def find_duplicates(dataset: Dataset) -> list[DuplicatePair]:
    """All test images that are also training images, in order."""
    known: dict[bytes, int] = {}
    for index, digest in enumerate(_digests(dataset.train)):
        known.setdefault(digest, index)
    found = enumerate(map(known.get, _digests(dataset.test)))
    return [DuplicatePair(test, train) for test, train in found if train is not None]


def _digests(split: Split) -> Iterator[bytes]:
    return (
        blake2b(image.data, digest_size=DIGEST_BYTES).digest() for image in split.images.numpy()
    )
