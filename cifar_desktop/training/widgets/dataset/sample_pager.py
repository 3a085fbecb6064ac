"""Pages through the samples of a dataset, ten per class at a time."""

from cifar_desktop.training.widgets.dataset.state import DatasetInfo

SHOWN = 10


class SamplePager:
    """Shows the samples of a dataset page by page, then those of the next batch of samples.

    Args:
        dataset: The dataset with its first batch of samples.
    """

    def __init__(self, dataset: DatasetInfo) -> None:
        self.dataset = dataset
        self._page = 0
        self._waiting = False
        self._next: DatasetInfo | None = None

    @property
    def has_more(self) -> bool:
        """Whether any class has more images than are visible."""
        return self.needs_samples or self._most > SHOWN

    @property
    def needs_samples(self) -> bool:
        """Whether the next batch of samples should be requested."""
        shown = self.dataset
        counts = map(shown.sampled_images, shown.sampled_rows)
        return self._next is None and any(count > shown.samples_per_class for count in counts)

    def visible(self, row: int) -> list[int]:
        """Indices of the visible samples of a class; they wrap around at the end."""
        count = self.dataset.sample_count(row)
        if count <= SHOWN:
            return list(range(count))
        return [(self._page * SHOWN + place) % count for place in range(SHOWN)]

    def next_page(self) -> None:
        """Show ten others at once if available, otherwise as soon as they arrive."""
        self._page += 1
        if self._page * SHOWN >= self._most:
            self._waiting = self._next is None and self._most <= SHOWN
            self._take_next()

    def add(self, dataset: DatasetInfo) -> bool:
        """Add the next batch of samples; returns whether it is shown at once, as it was awaited."""
        self._next = dataset
        awaited, self._waiting = self._waiting, False
        if awaited:
            self._take_next()
        return awaited

    def _take_next(self) -> None:
        if self._next is not None:
            self.dataset, self._next, self._page = self._next, None, 0

    @property
    def _most(self) -> int:
        shown = self.dataset
        return max(map(shown.sample_count, shown.sampled_rows), default=0)
