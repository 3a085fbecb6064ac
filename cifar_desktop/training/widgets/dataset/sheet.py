"""A loaded dataset: counts, check results, classes with samples; part of the dataset view."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout

from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.look.widgets import Card, flat, small, with_icon
from cifar_desktop.training.widgets.dataset.check_list import CheckList, CheckResult
from cifar_desktop.training.widgets.dataset.class_rows import ClassesModel
from cifar_desktop.training.widgets.dataset.sample_list import SampleList
from cifar_desktop.training.widgets.dataset.sample_pager import SHOWN
from cifar_desktop.training.widgets.dataset.state import DatasetInfo


def image_format_text(dataset: DatasetInfo) -> str:
    """Image sizes on disk, color or grayscale, and the size used, if it differs."""
    smallest, largest, side = dataset.smallest, dataset.largest, dataset.side
    if smallest == largest == (side, side):
        return f"{_size(smallest)} pixels, {_color_text(dataset)}"
    sizes = _size(smallest)
    if smallest != largest:
        sizes = f"{sizes} to {_size(largest)}"
    return f"{sizes} pixels, {_color_text(dataset)}; resized to {_size((side, side))}"


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]:,} \N{MULTIPLICATION SIGN} {size[1]:,}"


def _color_text(dataset: DatasetInfo) -> str:
    """Color or grayscale, judging by the samples."""
    pixels = dataset.samples
    gray = pixels[0::3] == pixels[1::3] == pixels[2::3]
    return "grayscale" if gray and pixels else "color"


_MAX_CHECKS_SHARE = 0.45
"""Maximum share of the height; the images matter most."""

_MIN_LIST_HEIGHT = 104


class SampleSheet(Card):
    """Shows a dataset.

    Signals:
        more_requested: More samples will soon be needed (`add_samples`).
        sample_chosen: Class name and RGB bytes of a sample.
        augmentation_requested: The user wants to see what training does to the images.
    """

    more_requested = Signal()
    sample_chosen = Signal(str, bytes)
    augmentation_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.counts = label(size=Text.STRONG)
        self.shape, self.sources, self.hint = (label(quiet=True) for _ in range(3))
        for text in (self.counts, self.sources, self.hint):
            text.setWordWrap(True)
        self.checks = CheckList()
        self.next_page = QPushButton("Ne&xt ten")
        self.next_page.clicked.connect(self._on_next)
        self.augmentation = QPushButton("Augmentation")
        self.augmentation.setToolTip("Show how training changes the images")
        self.augmentation.clicked.connect(self.augmentation_requested)
        for button, name in ((self.next_page, "chevR"), (self.augmentation, "eye")):
            with_icon(flat(button), name)
            small(button)
        self.model = ClassesModel()
        self.classes = SampleList(self.model)
        self.classes.setMinimumHeight(_MIN_LIST_HEIGHT)
        self.classes.sample_chosen.connect(self._on_chosen)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the images."""
        super().resizeEvent(event)
        self.checks.setMaximumHeight(round(_MAX_CHECKS_SHARE * event.size().height()))

    def show_data(self, state: DatasetInfo, results: Sequence[CheckResult]) -> None:
        """Show a dataset and the results of its checks."""
        self.counts.setText(state.size)
        self.shape.setText(image_format_text(state))
        self.sources.setText(_sources_text(state))
        self.sources.setVisible(len(state.sources) > 1)
        self.checks.show_results(results)
        self.model.show_data(state)
        self.show_hint(_hint(state))
        self._update_next()

    def add_samples(self, dataset: DatasetInfo) -> None:
        """Add other samples of the same dataset, for later."""
        self.model.add_samples(dataset)
        self.show_hint(_hint(dataset))

    def show_hint(self, text: str) -> None:
        """Show a hint about the samples, or none."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    @Slot()
    def _on_next(self) -> None:
        needs_samples = self.model.pager.needs_samples
        self.model.next_page()
        # Fetched before they are needed, so that the next click shows them at once.
        if needs_samples:
            self.more_requested.emit()

    @Slot(int, int)
    def _on_chosen(self, row: int, column: int) -> None:
        name = self.model.data_shown.name(row)
        self.sample_chosen.emit(name, self.model.pixels(row, column))

    def _update_next(self) -> None:
        others = self.model.pager.has_more
        self.next_page.setEnabled(others)
        self.next_page.setToolTip(
            f"Show {SHOWN} other random images of each class" if others
            else "All training images are shown"
        )  # fmt: skip

    def _arrange(self) -> None:
        step = unit()
        header = QHBoxLayout()
        header.setSpacing(step)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.counts)
        words.addWidget(self.shape)
        header.addLayout(words, 1)
        for button in (self.augmentation, self.next_page):
            header.addWidget(button)
        above = QVBoxLayout()
        above.setContentsMargins(step + step // 2, 0, step // 2, 0)
        above.setSpacing(step // 2)
        above.addLayout(header)
        for each in (self.sources, self.checks, self.hint):
            above.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, step // 2 + 2, 1, step // 2)
        layout.setSpacing(step // 2)
        layout.addLayout(above)
        layout.addWidget(self.classes, 1)


def _sources_text(state: DatasetInfo) -> str:
    """The datasets that are used together, and what each adds."""
    return "; ".join(f"{source.name}: {source}" for source in state.sources)


def _hint(state: DatasetInfo) -> str:
    """A hint if some classes have no samples; usually empty."""
    if state.sampled_classes == len(state.classes):
        return ""
    return f"Samples are shown for the first {state.sampled_classes} classes only."
