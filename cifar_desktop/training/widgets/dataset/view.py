"""A contact sheet of a dataset: its classes with samples, so that a wrong folder is seen at once.

Made by the Training tab.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

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
from cifar_desktop.ui.layouts import centered
from cifar_desktop.ui.progress import show_fraction
from cifar_desktop.ui.style import GRID, quiet, title


class DatasetView(QStackedWidget):
    """Shows a dataset, or why there is none to show.

    Signals:
        download_requested: Download it, and look at it.
        inspect_requested: Look at it, or try that again.
        cancel_requested: Stop reading or downloading it.
        more_requested: Other samples of the same dataset will soon be needed.
        sample_chosen: Name of a class, and the bytes of one of its samples.
    """

    download_requested = Signal()
    inspect_requested = Signal()
    cancel_requested = Signal()
    more_requested = Signal()
    sample_chosen = Signal(str, bytes)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = _Message()
        self.message.download.clicked.connect(self.download_requested)
        self.message.look.clicked.connect(self.inspect_requested)
        self.message.cancel.clicked.connect(self.cancel_requested)
        self.sheet = SampleSheet()
        self.sheet.more_requested.connect(self.more_requested)
        self.sheet.sample_chosen.connect(self.sample_chosen)
        self.addWidget(self.message)
        self.addWidget(self.sheet)
        self.show_state(NotInspected())

    def show_state(self, state: DataState, findings: Sequence[CheckResult] = ()) -> None:
        """Show what is known about the dataset, and what checks of it found."""
        if isinstance(state, DatasetInfo):
            self.sheet.show_data(state, findings)
            self.setCurrentWidget(self.sheet)
        else:
            self.message.show_state(state)
            self.setCurrentWidget(self.message)


class _Message(QWidget):
    """Stands where the images would be."""

    def __init__(self) -> None:
        super().__init__()
        self.heading, self.text = title(factor=1.4), quiet()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Reading the data")
        self.bar.setMaximumWidth(60 * GRID)
        self.download = QPushButton("Download and look")
        self.look, self.cancel = QPushButton("Look at the data"), QPushButton("Cancel")
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID + GRID // 2)
        layout.addStretch(1)
        for label in (self.heading, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addLayout(centered(self.bar, 4))
        for button in (self.download, self.look, self.cancel):
            layout.addLayout(centered(button))
        layout.addStretch(1)

    def show_state(self, state: NotInspected | Loading | NotDownloaded | Failed) -> None:
        """Say what there is to say."""
        heading, text = _words(state)
        self.heading.setText(heading)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.download.setVisible(isinstance(state, NotDownloaded))
        self.look.setVisible(isinstance(state, NotInspected | Failed))
        self.look.setText("Try again" if isinstance(state, Failed) else "Look at the data")
        self.cancel.setVisible(isinstance(state, Loading))
        self.bar.setVisible(isinstance(state, Loading))
        if isinstance(state, Loading):
            show_fraction(self.bar, state.fraction)


def _words(state: NotInspected | Loading | NotDownloaded | Failed) -> tuple[str, str]:
    """A heading and a text."""
    match state:
        case Loading():
            return str(state), ""
        case NotDownloaded():
            text = f"It is {megabytes(state.size)} to download, once. Start does that as well."
            return f"{state.title} is not on this computer yet", text
        case Failed():
            return "These data cannot be used", state.reason
        case NotInspected():
            return "Nothing to look at yet", "Choose CIFAR-10 or a folder of your own pictures."
