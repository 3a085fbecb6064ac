"""The state of a dataset, as plain values; shown by `summary` and `view`."""

from dataclasses import dataclass

from cifar_desktop.training.widgets.dataset.check_list import CheckResult


@dataclass(frozen=True, slots=True)
class NotInspected:
    """Not inspected yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loading:
    """Being loaded or downloaded.

    Attributes:
        what: Current step, such as `Loading images`.
        done: Amount done.
        total: Total amount, or None if unknown.
    """

    what: str
    done: int = 0
    total: int | None = None

    @property
    def fraction(self) -> float | None:
        """Progress from 0 to 1, or None if unknown."""
        return min(1.0, self.done / self.total) if self.total else None

    def __str__(self) -> str:
        if self.fraction is None:
            return f"{self.what}…"
        return f"{self.what}… {self.fraction * 100:.0f} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDownloaded:
    """Available for download, but not downloaded.

    Attributes:
        title: Name on screen.
        size: Download size in bytes.
    """

    title: str
    size: int

    def __str__(self) -> str:
        return f"Not downloaded yet: Start downloads {megabytes(self.size)}."


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """Unusable.

    Attributes:
        reason: What is wrong and what to do; further paragraphs show what was found.
    """

    reason: str

    def __str__(self) -> str:
        return self.reason.partition("\n\n")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """Loaded.

    Attributes:
        classes: Class names.
        train_counts: Number of training images per class.
        test_counts: Number of test images per class.
        unreadable: The first skipped files, each with the reason.
        unreadable_count: Number of skipped files.
        side: Width and height of an image in pixels.
        sampled_classes: Number of classes, the first ones, that have samples.
        samples_per_class: Maximum number of samples per class.
        samples: RGB bytes of shape [sampled_classes, samples_per_class, side, side, 3].
        seed: Seed of the random samples.
        smallest: Width and height of the smallest image on disk.
        largest: Width and height of the largest image on disk.
        means: RGB bytes of shape [sampled_classes, side, side, 3], the mean image of each class.
        duplicates: The first test images that are also training images, as sentences.
        duplicate_count: Number of such test images.
        validation_counts: Number of validation images per class; empty if some training images are
            held out for validation.
        notes: How the folder was read, and what in it is not used.
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
    validation_counts: tuple[int, ...] = ()
    notes: tuple[CheckResult, ...] = ()

    def __str__(self) -> str:
        unused = [note.sentence for note in self.notes if note.severity == "warning"]
        more = ["See the Data view for more."] if len(unused) > 1 else []
        skipped = [f"{self.skipped}."] if self.unreadable_count else []
        sentences = [*skipped, *unused[:1], *more]
        return " ".join([f"{self.size}.", *sentences]) if sentences else self.size

    @property
    def size(self) -> str:
        """The number of classes and images, in words."""
        train, test = f"{sum(self.train_counts):,}", f"{sum(self.test_counts):,}"
        validation = sum(self.validation_counts)
        middle = f" training, {validation:,} validation" if validation else " training"
        return f"{len(self.classes):,} classes, {train}{middle} and {test} test images"

    @property
    def skipped(self) -> str:
        """The number of unreadable files, in words."""
        if self.unreadable_count == 1:
            return "1 file could not be read"
        return f"{self.unreadable_count:,} files could not be read"

    def sample_count(self, row: int) -> int:
        """Number of samples of a class."""
        if row >= self.sampled_classes:
            return 0
        return min(self.samples_per_class, self.train_counts[row])

    def strip(self, row: int) -> bytes:
        """RGB bytes of all samples of a class."""
        size = self.samples_per_class * self.side * self.side * 3
        return self.samples[row * size : (row + 1) * size]

    def sample(self, row: int) -> bytes:
        """RGB bytes of the first sample of a class."""
        return self.strip(row)[: self.side * self.side * 3]


DataState = NotInspected | Loading | NotDownloaded | Failed | DatasetInfo


def megabytes(size: int) -> str:
    """A number of bytes in MB."""
    return f"{max(1, round(size / 1_000_000)):,} MB"
