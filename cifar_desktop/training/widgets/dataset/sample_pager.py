"""Which samples of a dataset are in sight: ten of each class at a time; used by `sample_rows`."""

from cifar_desktop.training.widgets.dataset.state import DatasetInfo

SHOWN = 10


class SamplePager:
    """Goes through the samples of a dataset ten by ten, then through others of the same dataset.

    Args:
        described: The dataset with as many samples as were asked for.
    """

    def __init__(self, described: DatasetInfo) -> None:
        self.described = described
        self._turn = 0
        self._waiting = False
        self._next: DatasetInfo | None = None

    @property
    def has_others(self) -> bool:
        """Whether any class has more images than are in sight."""
        return self.wants_more or self._most > SHOWN

    @property
    def wants_more(self) -> bool:
        """Whether there are images of which nobody has fetched samples yet."""
        shown = self.described
        counts = shown.train_counts[: shown.sampled_classes]
        return self._next is None and any(count > shown.samples_per_class for count in counts)

    def in_sight(self, row: int) -> list[int]:
        """Which of a class's samples are in sight; after its last come its first."""
        count = self.described.sample_count(row)
        if count <= SHOWN:
            return list(range(count))
        return [(self._turn * SHOWN + place) % count for place in range(SHOWN)]

    def turn_over(self) -> None:
        """Show ten others at once, if there are any; otherwise as soon as they come."""
        self._turn += 1
        if self._turn * SHOWN >= self._most:
            self._waiting = self._next is None and self._most <= SHOWN
            self._take_next()

    def add(self, described: DatasetInfo) -> bool:
        """Take others of the same dataset for later; shown at once (True) if they were missed."""
        self._next = described
        missed, self._waiting = self._waiting, False
        if missed:
            self._take_next()
        return missed

    def _take_next(self) -> None:
        if self._next is not None:
            self.described, self._next, self._turn = self._next, None, 0

    @property
    def _most(self) -> int:
        shown = self.described
        return max(map(shown.sample_count, range(shown.sampled_classes)), default=0)
