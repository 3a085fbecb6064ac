"""The state of a dataset, as plain values; shown by `summary` and `view`."""

from dataclasses import dataclass

from cifar_desktop.training.widgets.dataset.check_list import CheckResult

NONE_TITLE = "none (no class)"


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
class SourceSize:
    """One of several datasets that are used together.

    Attributes:
        name: Its name on screen.
        train_images: Number of its training images.
        none_images: Number of its pictures of other things to train on.
    """

    name: str
    train_images: int
    none_images: int = 0

    def __str__(self) -> str:
        """What it adds, in words."""
        images = f"{self.train_images:,} training images" if self.train_images else ""
        none = f"{self.none_images:,} of other things" if self.none_images else ""
        return ", ".join(filter(None, (images, none))) or "nothing to train on"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetInfo:
    """Loaded. Pictures of other things follow the classes as a row of their own.

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
        sources: The datasets that are used together.
        none_counts: Number of pictures of other things in the training, validation and test split.
        none_samples: RGB bytes of shape [samples_per_class, side, side, 3].
        none_mean: RGB bytes of shape [side, side, 3].
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
    sources: tuple[SourceSize, ...] = ()
    none_counts: tuple[int, int, int] = (0, 0, 0)
    none_samples: bytes = b""
    none_mean: bytes = b""

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
        size = f"{len(self.classes):,} classes, {train}{middle} and {test} test images"
        none = sum(self.none_counts)
        return f"{size}, and {none:,} pictures of other things" if none else size

    @property
    def brief(self) -> str:
        """The number of classes and of all images, in a few words."""
        counts = *self.train_counts, *self.validation_counts, *self.test_counts, *self.none_counts
        return f"{len(self.classes):,} classes, {sum(counts):,} images"

    @property
    def skipped(self) -> str:
        """The number of unreadable files, in words."""
        if self.unreadable_count == 1:
            return "1 file could not be read"
        return f"{self.unreadable_count:,} files could not be read"

    @property
    def rows(self) -> int:
        """Number of classes, and one more if there are pictures of other things."""
        return len(self.classes) + any(self.none_counts)

    @property
    def sampled_rows(self) -> list[int]:
        """The rows that have samples."""
        return [*range(self.sampled_classes), *range(len(self.classes), self.rows)]

    def is_none(self, row: int) -> bool:
        """Whether a row is that of pictures of other things."""
        return row == len(self.classes)

    def name(self, row: int) -> str:
        """What a row shows."""
        return NONE_TITLE if self.is_none(row) else self.classes[row]

    def counts(self, row: int) -> dict[str, int]:
        """Number of images in each split."""
        if self.is_none(row):
            return dict(zip(("training", "validation", "test"), self.none_counts, strict=True))
        counts = {"training": self.train_counts[row], "test": self.test_counts[row]}
        validation = {"validation": self.validation_counts[row]} if self.validation_counts else {}
        return counts | validation

    @property
    def splits(self) -> tuple[str, ...]:
        """The splits that have images of their own."""
        validates = any(self.validation_counts) or bool(self.none_counts[1])
        return ("training", "validation", "test") if validates else ("training", "test")

    def sum_text(self, row: int) -> str:
        """The number of images in each split as a sum; of other things, what it comes to."""
        counts = self.counts(row)
        terms = " + ".join(f"{counts.get(split, 0):,}" for split in self.splits)
        return f"{terms} = {sum(counts.values()):,}" if self.is_none(row) else terms

    def sampled_images(self, row: int) -> int:
        """Number of images that samples are drawn from."""
        if self.is_none(row):
            return next(filter(None, self.none_counts), 0)
        return self.train_counts[row] if row < self.sampled_classes else 0

    def sample_count(self, row: int) -> int:
        """Number of samples of a row."""
        return min(self.samples_per_class, self.sampled_images(row))

    def strip(self, row: int) -> bytes:
        """RGB bytes of all samples of a row."""
        if self.is_none(row):
            return self.none_samples
        size = self.samples_per_class * self.side * self.side * 3
        return self.samples[row * size : (row + 1) * size]

    def sample(self, row: int) -> bytes:
        """RGB bytes of the first sample of a row."""
        return self.strip(row)[: self.side * self.side * 3]


DataState = NotInspected | Loading | NotDownloaded | Failed | DatasetInfo


def megabytes(size: int) -> str:
    """A number of bytes in MB."""
    return f"{max(1, round(size / 1_000_000)):,} MB"
