"""A contact sheet of a dataset: its classes with samples, so that a wrong folder is seen at once.

Made by the Training tab.
"""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QListWidget,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.widgets.data_states import (
    DataState,
    Described,
    Failed,
    Missing,
    Reading,
    Unknown,
    megabytes,
)
from cifar_desktop.widgets.data_summary import show_fraction
from cifar_desktop.widgets.sample_rows import ClassesModel, ClassPainter
from cifar_desktop.widgets.style import GRID, quiet, scaled_font, title

_UNEVEN = 2.0


class SampleGrid(QStackedWidget):
    """Shows a dataset, or why there is none to show.

    Signals:
        download_wanted: Download it, and look at it.
        look_wanted: Look at it, or try that again.
        cancel_wanted: Stop reading or downloading it.
    """

    download_wanted = Signal()
    look_wanted = Signal()
    cancel_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.message = _Message()
        self.message.download.clicked.connect(self.download_wanted)
        self.message.look.clicked.connect(self.look_wanted)
        self.message.cancel.clicked.connect(self.cancel_wanted)
        self.sheet = _Sheet()
        self.addWidget(self.message)
        self.addWidget(self.sheet)
        self.show_state(Unknown())

    def show_state(self, state: DataState) -> None:
        """Show what is known about the dataset."""
        if isinstance(state, Described):
            self.sheet.show_data(state)
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
        layout.addLayout(_centred(self.bar, 4))
        for button in (self.download, self.look, self.cancel):
            layout.addLayout(_centred(button, 0))
        layout.addStretch(1)

    def show_state(self, state: Unknown | Reading | Missing | Failed) -> None:
        """Say what there is to say."""
        heading, text = _words(state)
        self.heading.setText(heading)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.download.setVisible(isinstance(state, Missing))
        self.look.setVisible(isinstance(state, Unknown | Failed))
        self.look.setText("Try again" if isinstance(state, Failed) else "Look at the data")
        self.cancel.setVisible(isinstance(state, Reading))
        self.bar.setVisible(isinstance(state, Reading))
        if isinstance(state, Reading):
            show_fraction(self.bar, state.fraction)


class _Sheet(QWidget):
    """Counts, files that were skipped, classes with samples."""

    def __init__(self) -> None:
        super().__init__()
        self.counts = QLabel()
        self.counts.setFont(scaled_font(self, 1.0, QFont.Weight.DemiBold))
        self.counts.setWordWrap(True)
        self.remark = quiet()
        self.skipped = QToolButton()
        self.skipped.setCheckable(True)
        self.skipped.setToolTip("Show which files, and why")
        self.files = QListWidget()
        self.files.setAccessibleName("Files that could not be read")
        self.files.setMaximumHeight(14 * GRID)
        self.files.setWordWrap(True)
        self.files.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.skipped.toggled.connect(self.files.setVisible)
        self.model = ClassesModel()
        self.classes = _ClassList(self.model)
        self._arrange()

    def show_data(self, state: Described) -> None:
        """Show a dataset."""
        train, test = sum(state.train_counts), sum(state.test_counts)
        self.counts.setText(
            f"{len(state.classes):,} classes, {train:,} training and {test:,} test images"
        )
        remark = _remark(state)
        self.remark.setText(remark)
        self.remark.setVisible(bool(remark))
        self._show_skipped(state)
        self.model.show_data(state)

    def _show_skipped(self, state: Described) -> None:
        self.skipped.setText(f"{state.skipped}…")
        self.skipped.setVisible(state.unreadable_count > 0)
        self.skipped.setChecked(False)
        self.files.hide()
        self.files.clear()
        self.files.addItems(state.unreadable)
        more = state.unreadable_count - len(state.unreadable)
        if more > 0:
            self.files.addItem(f"and {more:,} more")

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.counts)
        layout.addWidget(self.remark)
        layout.addWidget(self.skipped, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self.files)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self.classes, 1)


class _ClassList(QListView):
    """The rows; arrows, Page Up, Page Down, Home and End go through them, letters jump."""

    def __init__(self, model: ClassesModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(ClassPainter(self, model))
        self.setAccessibleName("Classes with samples")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setUniformItemSizes(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the rows for the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()


def _words(state: Unknown | Reading | Missing | Failed) -> tuple[str, str]:
    """A heading and a text."""
    match state:
        case Reading():
            return str(state), ""
        case Missing():
            text = f"It is {megabytes(state.size)} to download, once. Start does that as well."
            return f"{state.title} is not on this computer yet", text
        case Failed():
            return "These data cannot be used", state.reason
        case Unknown():
            return "Nothing to look at yet", "Choose CIFAR-10 or a folder of your own pictures."


def _remark(state: Described) -> str:
    """What is worth knowing about the counts; often nothing."""
    parts = []
    most, least = max(state.train_counts, default=0), min(state.train_counts, default=0)
    if least == 0:
        parts.append("Some classes have no training images.")
    elif most / least >= _UNEVEN:
        parts.append(f"The largest class has {most / least:,.0f} times the images of the smallest.")
    if state.sampled_classes < len(state.classes):
        parts.append(f"Samples are shown of the first {state.sampled_classes} classes.")
    return " ".join(parts)


def _centred(widget: QWidget, stretch: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(widget, stretch)
    row.addStretch(1)
    return row
