"""What the Diagnostics window shows: devices, folders, versions; used by `diagnostics`."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.help.widgets.device_rows import DeviceRows
from cifar_desktop.help.widgets.folder_rows import FolderRows
from cifar_desktop.ui.facts_form import FactsForm, selectable
from cifar_desktop.ui.style import GRID, quiet, scaled_font

_COPY = "&Copy report"
_AGAIN, _STOP = "&Try again", "S&top"
_THANKED_MS = 2000
_TRYING = (
    "Computing something small on every device. This takes a few seconds, and up to a minute when "
    "the program is read from a slow disk."
)


class DiagnosticsView(QWidget):
    """A page that scrolls, and the buttons below it.

    Args:
        facts: Names and values: versions and the computer.

    Signals:
        copy_wanted: The report is wanted in the clipboard.
        again_wanted: The devices are to be tried again.
        stop_wanted: They need not be tried any longer.
        close_wanted: The button for closing was pressed.
    """

    copy_requested = Signal()
    again_requested = Signal()
    stop_requested = Signal()
    close_requested = Signal()

    def __init__(self, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.devices, self.folders, self.facts = DeviceRows(), FolderRows(), FactsForm(facts)
        self.state, self.details = selectable(""), selectable("")
        self.details.setAccessibleName("Last words of the trainer")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName("Devices are being tried")
        self.again, self.copy = QPushButton(_AGAIN), QPushButton(_COPY)
        self.again.clicked.connect(self._on_again)
        self.copy.clicked.connect(self._copy)
        self.close_button = QPushButton("Close")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.close_requested)
        self._busy = False
        self._thanked = QTimer(self, singleShot=True, interval=_THANKED_MS)
        self._thanked.timeout.connect(lambda: self.copy.setText(_COPY))
        self._arrange()

    def show_trying(self) -> None:
        """Say that the devices are being tried."""
        self.devices.clear()
        self._show_state(_TRYING, busy=True)

    def show_tried(self, sentence: str, details: str = "") -> None:
        """Say what came of it; the details only where something went wrong."""
        self._show_state(sentence, details)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _show_state(self, sentence: str, details: str = "", *, busy: bool = False) -> None:
        self._busy = busy
        self.state.setText(sentence)
        self.details.setText(details)
        self.details.setVisible(bool(details))
        self.bar.setVisible(busy)
        self.again.setText(_STOP if busy else _AGAIN)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.copy)
        buttons.addWidget(quiet("Plain text; read it before you send it."), 1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addWidget(self._page(), 1)
        buttons.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        layout.addLayout(buttons)

    def _page(self) -> QScrollArea:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID + GRID // 2)
        header = QHBoxLayout()
        header.addWidget(_heading("Devices"), 1)
        header.addWidget(self.again)
        layout.addLayout(header)
        for widget in (self.state, self.bar, self.details, self.devices):
            layout.addWidget(widget)
        for title, content in (("Folders", self.folders), ("Versions and system", self.facts)):
            layout.addSpacing(GRID)
            layout.addWidget(_heading(title))
            layout.addWidget(content)
        layout.addStretch(1)
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        return area

    @Slot()
    def _on_again(self) -> None:
        (self.stop_requested if self._busy else self.again_requested).emit()

    @Slot()
    def _copy(self) -> None:
        self.copy_requested.emit()
        self.copy.setText("Copied")
        self._thanked.start()


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setFont(scaled_font(label, 1.25, QFont.Weight.DemiBold))
    return label
