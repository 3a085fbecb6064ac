"""A dataset that was read: counts, findings, classes with samples; part of the sample grid."""

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


def shape_in_words(described: DatasetInfo) -> str:
    """Their sizes on disk, their colour, and at what size they are used, if that is another."""
    smallest, largest, side = described.smallest, described.largest, described.side
    if smallest == largest == (side, side):
        return f"{_size(smallest)} pixels, {_colour(described)}"
    sizes = _size(smallest)
    if smallest != largest:
        sizes = f"From {sizes} to {_size(largest)}"
    return f"{sizes} pixels, {_colour(described)}; used at {_size((side, side))}"


def _size(size: tuple[int, int]) -> str:
    return f"{size[0]:,} \N{MULTIPLICATION SIGN} {size[1]:,}"


def _colour(described: DatasetInfo) -> str:
    """Judged by the samples; every image is used as red, green and blue."""
    pixels = described.samples
    grey = pixels[0::3] == pixels[1::3] == pixels[2::3]
    return "shades of grey" if grey and pixels else "colour"


_FINDINGS_SHARE = 0.45
"""Of the height; the images are what the page is for."""

_IMAGES = 13 * GRID
"""Height for a class, at least."""


class SampleSheet(QWidget):
    """Shows a dataset.

    Signals:
        more_wanted: Other samples will soon be needed (`add_samples`).
        sample_chosen: Name of a class, and the bytes of one of its samples.
    """

    more_requested = Signal()
    sample_chosen = Signal(str, bytes)

    def __init__(self) -> None:
        super().__init__()
        self.counts = QLabel()
        self.counts.setFont(scaled_font(self, 1.0, QFont.Weight.DemiBold))
        self.counts.setWordWrap(True)
        self.shape, self.hint = quiet(), quiet()
        self.findings = CheckList()
        self.another = QPushButton("Ne&xt ten")
        self.another.clicked.connect(self._on_another)
        self.model = ClassesModel()
        self.classes = SampleList(self.model)
        self.classes.setMinimumHeight(_IMAGES)
        self.classes.sample_chosen.connect(self._on_chosen)
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave room for the images."""
        super().resizeEvent(event)
        self.findings.setMaximumHeight(round(_FINDINGS_SHARE * event.size().height()))

    def show_data(self, state: DatasetInfo, findings: Sequence[CheckResult]) -> None:
        """Show a dataset, and what checks of it found."""
        train, test = sum(state.train_counts), sum(state.test_counts)
        self.counts.setText(
            f"{len(state.classes):,} classes, {train:,} training and {test:,} test images"
        )
        self.shape.setText(shape_in_words(state))
        self.findings.show_checks(findings)
        self.model.show_data(state)
        self.show_hint(_hint(state))
        self._show_another()

    def add_samples(self, described: DatasetInfo) -> None:
        """Take other samples of the same dataset, for when they are wanted."""
        self.model.add_samples(described)
        self.show_hint(_hint(described))

    def show_hint(self, text: str) -> None:
        """Say something about the samples, or nothing."""
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    @Slot()
    def _on_another(self) -> None:
        wants_more = self.model.deck.wants_more
        self.model.turn_over()
        # Before they are needed, so that they are there at once when they are.
        if wants_more:
            self.more_requested.emit()

    @Slot(int, int)
    def _on_chosen(self, row: int, column: int) -> None:
        name = self.model.data_shown.classes[row]
        self.sample_chosen.emit(name, self.model.pixels(row, column))

    def _show_another(self) -> None:
        others = self.model.deck.has_others
        self.another.setEnabled(others)
        self.another.setToolTip(
            f"Show {SHOWN} other random images of each class" if others
            else "All training images are shown"
        )  # fmt: skip

    def _arrange(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(GRID // 4)
        words.addWidget(self.counts)
        words.addWidget(self.shape)
        header = QHBoxLayout()
        header.setSpacing(GRID)
        header.addLayout(words, 1)
        header.addWidget(self.another)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(header)
        layout.addWidget(self.findings)
        layout.addWidget(self.hint)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self.classes, 1)


def _hint(state: DatasetInfo) -> str:
    """Why there are no samples of some classes; mostly nothing."""
    if state.sampled_classes == len(state.classes):
        return ""
    return f"Samples are shown of the first {state.sampled_classes} classes."
