"""What can be known about a dataset, as plain values; shown by `data_summary` and `sample_grid`."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class NotInspected:
    """Nobody has looked yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """It is being read or downloaded.

    Attributes:
        what: In words, such as `Loading images`.
        done: So far.
        total: Of how much, if that is known.
    """

    what: str
    done: int = 0
    total: int | None = None

    @property
    def fraction(self) -> float | None:
        """How far it is, 0 to 1, if that is known."""
        return min(1.0, self.done / self.total) if self.total else None

    def __str__(self) -> str:
        if self.fraction is None:
            return f"{self.what}…"
        return f"{self.what}… {self.fraction * 100:.0f} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDownloaded:
    """It can be downloaded, but nobody has.

    Attributes:
        title: Its name as people write it.
        size: Of the download, in bytes.
    """

    title: str
    size: int

    def __str__(self) -> str:
        return f"Not on this computer yet: {megabytes(self.size)} are downloaded at the start."


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """It cannot be used.

    Attributes:
        reason: Why, and what would help, in words.
    """

    reason: str

    def __str__(self) -> str:
        return self.reason


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """It was read.

    Attributes:
        classes: Class names.
        train_counts: Training images of each class.
        test_counts: Test images of each class.
        unreadable: The first of the files that were skipped, each with the reason.
        unreadable_count: How many were skipped.
        side: Width and height of an image.
        sampled_classes: Of how many classes, the first ones, there are samples.
        samples_per_class: Places for samples of each class.
        samples: RGB bytes of shape [sampled_classes, samples_per_class, side, side, 3].
        seed: What the samples were drawn with.
        smallest: Width and height of the picture with the fewest pixels, as it lies on disk.
        largest: Likewise, with the most.
        means: RGB bytes of shape [sampled_classes, side, side, 3], the mean image of each class.
        duplicates: The first of the test images that are training images too, as sentences.
        duplicate_count: How many there are.
    """

    classes: tuple[str, ...]
    train_counts: tuple[int, ...]
    test_counts: tuple[int, ...]
    unreadable: tuple[str, ...] = ()
    unreadable_count: int = 0
    side: int = 32
    sampled_classes: int = 0
    samples_per_class: int = 0
    samples: bytes = b""
    seed: int = 0
    smallest: tuple[int, int] = (32, 32)
    largest: tuple[int, int] = (32, 32)
    means: bytes = b""
    duplicates: tuple[str, ...] = ()
    duplicate_count: int = 0

    def __str__(self) -> str:
        train, test = sum(self.train_counts), sum(self.test_counts)
        text = f"{len(self.classes):,} classes, {train:,} + {test:,} test images"
        return f"{text}. {self.skipped}." if self.unreadable_count else text

    @property
    def skipped(self) -> str:
        """How many files could not be read, in words."""
        if self.unreadable_count == 1:
            return "1 file could not be read"
        return f"{self.unreadable_count:,} files could not be read"

    def sample_count(self, row: int) -> int:
        """Samples that there are of a class."""
        if row >= self.sampled_classes:
            return 0
        return min(self.samples_per_class, self.train_counts[row])

    def strip(self, row: int) -> bytes:
        """The samples of a class, one below the other."""
        size = self.samples_per_class * self.side * self.side * 3
        return self.samples[row * size : (row + 1) * size]

    def sample(self, row: int) -> bytes:
        """The first sample of a class."""
        return self.strip(row)[: self.side * self.side * 3]


DataState = NotInspected | Loading | NotDownloaded | Failed | DatasetInfo


def megabytes(size: int) -> str:
    """A number of bytes as a person reads it."""
    return f"{max(1, round(size / 1_000_000)):,} MB"
