"""What is to be said or done about the chosen dataset; part of the training form."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QProgressBar, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.look.widgets import small
from cifar_desktop.training.widgets.dataset.state import (
    DatasetInfo,
    DataState,
    Failed,
    Loading,
    NotDownloaded,
    NotInspected,
)
from cifar_desktop.ui.hint_label import HintLabel
from cifar_desktop.ui.progress import show_fraction
from cifar_desktop.ui.style import GRID


class DatasetSummary(QWidget):
    """Shows loading progress, an offer to download, or an error; nothing once all is well.

    Signals:
        download_requested: Download was pressed.
    """

    download_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state: DataState = NotInspected()
        self._split = ""
        self.text = HintLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(3)
        self.bar.setAccessibleName("Loading the dataset")
        self.download = QPushButton("Download now")
        small(self.download)
        self.download.clicked.connect(self.download_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (self.text, self.bar):
            layout.addWidget(widget)
        layout.addWidget(self.download, 0, Qt.AlignmentFlag.AlignLeft)
        self.show_state(NotInspected())

    def show_state(self, state: DataState) -> None:
        """Show the state of the dataset."""
        self._state = state
        self._show_text()
        self.setVisible(not isinstance(state, NotInspected | DatasetInfo))
        self.download.setVisible(isinstance(state, NotDownloaded))
        self.bar.setVisible(isinstance(state, Loading))
        if isinstance(state, Loading):
            show_fraction(self.bar, state.fraction)

    @property
    def sentence(self) -> str:
        """All that is known about the dataset, for a tooltip."""
        return self.text.text()

    def show_split(self, text: str) -> None:
        """Add a sentence on how many images are held out; said once the dataset is known."""
        self._split = text
        self._show_text()

    def _show_text(self) -> None:
        text = "" if isinstance(self._state, NotInspected) else str(self._state)
        if isinstance(self._state, DatasetInfo) and self._split:
            text = f"{text.removesuffix('.')}. {self._split}"
        self.text.show_text(text, "error" if isinstance(self._state, Failed) else "info")
