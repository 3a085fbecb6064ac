"""A dataset as a sheet of its classes with samples; part of the Training tab."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.look.widgets import Card
from cifar_desktop.training.widgets.dataset.check_list import CheckResult
from cifar_desktop.training.widgets.dataset.sheet import SampleSheet
from cifar_desktop.training.widgets.dataset.state import (
    DatasetInfo,
    DataState,
    Failed,
    Loading,
    NotDownloaded,
    NotInspected,
    megabytes,
)
from cifar_desktop.ui.layouts import centered, scrolled
from cifar_desktop.ui.progress import show_fraction
from cifar_desktop.ui.style import show_centered


class DatasetView(QStackedWidget):
    """Shows a dataset, or why there is none.

    Signals:
        download_requested: The user wants to download and show it.
        inspect_requested: The user wants to load it, or to try again.
        cancel_requested: The user wants to cancel loading or downloading.
        more_requested: More samples of the same dataset will soon be needed.
        sample_chosen: Class name and RGB bytes of a sample.
        augmentation_requested: The user wants to see what training does to the images.
    """

    download_requested = Signal()
    inspect_requested = Signal()
    cancel_requested = Signal()
    more_requested = Signal()
    sample_chosen = Signal(str, bytes)
    augmentation_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = _Message()
        self.message.download.clicked.connect(self.download_requested)
        self.message.inspect.clicked.connect(self.inspect_requested)
        self.message.cancel.clicked.connect(self.cancel_requested)
        self.sheet = SampleSheet()
        self.sheet.more_requested.connect(self.more_requested)
        self.sheet.sample_chosen.connect(self.sample_chosen)
        self.sheet.augmentation_requested.connect(self.augmentation_requested)
        self._card = Card()
        # What a folder contains may take more lines than a low window has.
        QVBoxLayout(self._card).addWidget(scrolled(self.message))
        self.addWidget(self._card)
        self.addWidget(self.sheet)
        self.set_small(False)
        self.show_state(NotInspected())

    @Slot(bool)
    def set_small(self, small: bool) -> None:  # noqa: FBT001 - a slot
        """Offer the augmentation here where the header has no room for it."""
        self.sheet.augmentation.setVisible(small)

    def show_state(self, state: DataState, results: Sequence[CheckResult] = ()) -> None:
        """Show the state of the dataset, and the results of its checks."""
        if isinstance(state, DatasetInfo):
            self.sheet.show_data(state, results)
            self.setCurrentWidget(self.sheet)
        else:
            self.message.show_state(state)
            self.setCurrentWidget(self._card)


class _Message(QWidget):
    """Replaces the images while there are none."""

    def __init__(self) -> None:
        super().__init__()
        self.heading, self.text = label(size=Text.TITLE), label(quiet=True)
        for words in (self.heading, self.text):
            words.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Loading the dataset")
        self.bar.setMaximumWidth(60 * unit())
        self.download = QPushButton("Download and show")
        self.inspect, self.cancel = QPushButton("Show the dataset"), QPushButton("Cancel")
        layout = QVBoxLayout(self)
        layout.setSpacing(unit() + unit() // 2)
        layout.addStretch(2)
        for words in (self.heading, self.text):
            words.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(words)
        layout.addLayout(centered(self.bar, 4))
        for button in (self.download, self.inspect, self.cancel):
            layout.addLayout(centered(button))
        layout.addStretch(3)

    def show_state(self, state: NotInspected | Loading | NotDownloaded | Failed) -> None:
        """Show a heading, a text and the buttons that help."""
        heading, text = _words(state)
        self.heading.setText(heading)
        show_centered(self.text, text)
        self.text.setVisible(bool(text))
        self.download.setVisible(isinstance(state, NotDownloaded))
        self.inspect.setVisible(isinstance(state, NotInspected | Failed))
        self.inspect.setText("Try again" if isinstance(state, Failed) else "Show the dataset")
        self.cancel.setVisible(isinstance(state, Loading))
        self.bar.setVisible(isinstance(state, Loading))
        if isinstance(state, Loading):
            show_fraction(self.bar, state.fraction)


def _words(state: NotInspected | Loading | NotDownloaded | Failed) -> tuple[str, str]:
    """Heading and text."""
    match state:
        case Loading():
            return str(state), ""
        case NotDownloaded():
            text = f"The download is {megabytes(state.size)}, once. Start downloads it too."
            return f"{state.title} is not downloaded yet", text
        case Failed():
            return "This dataset cannot be used", state.reason
        case NotInspected():
            return "No dataset shown yet", "Choose CIFAR-10 or a folder of your own pictures."
