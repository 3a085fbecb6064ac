"""A loaded dataset: counts, check results, classes with samples; part of the dataset view."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.training.widgets.dataset.check_list import CheckList, CheckResult
from cifar_desktop.training.widgets.dataset.class_rows import ClassesModel
from cifar_desktop.training.widgets.dataset.sample_list import SampleList
from cifar_desktop.training.widgets.dataset.sample_pager import SHOWN
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.style import GRID, quiet, scaled_font


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

_MIN_LIST_HEIGHT = 13 * GRID


class SampleSheet(QWidget):
    """Shows a dataset.

    Signals:
        more_requested: More samples will soon be needed (`add_samples`).
        sample_chosen: Class name and RGB bytes of a sample.
    """

    more_requested = Signal()
    sample_chosen = Signal(str, bytes)

    def __init__(self) -> None:
        super().__init__()
        self.counts = QLabel()
        self.counts.setFont(scaled_font(self, 1.0, QFont.Weight.DemiBold))
        self.counts.setWordWrap(True)
        self.shape, self.sources, self.hint = quiet(), quiet(), quiet()
        self.checks = CheckList()
        self.next_page = QPushButton("Ne&xt ten")
        self.next_page.clicked.connect(self._on_next)
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
        words = QVBoxLayout()
        words.setSpacing(GRID // 4)
        words.addWidget(self.counts)
        words.addWidget(self.shape)
        words.addWidget(self.sources)
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addLayout(words, 1)
        header.addWidget(self.next_page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(header)
        layout.addWidget(self.checks)
        layout.addWidget(self.hint)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self.classes, 1)


def _sources_text(state: DatasetInfo) -> str:
    """The datasets that are used together, and what each adds."""
    return "; ".join(f"{source.name}: {source}" for source in state.sources)


def _hint(state: DatasetInfo) -> str:
    """A hint if some classes have no samples; usually empty."""
    if state.sampled_classes == len(state.classes):
        return ""
    return f"Samples are shown for the first {state.sampled_classes} classes only."
