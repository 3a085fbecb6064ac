"""The contents of the Diagnostics window: devices, folders, versions."""

from collections.abc import Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.help.widgets.device_rows import DeviceRows
from cifar_desktop.help.widgets.folder_rows import FolderRows
from cifar_desktop.look.type_scale import Text, label
from cifar_desktop.look.widgets import Surface, small
from cifar_desktop.ui.facts_form import FactsForm, selectable
from cifar_desktop.ui.layouts import rule, scrolled
from cifar_desktop.ui.style import GRID

_SIDE, _BAR = 20, 12
"""Space beside the content, and around the buttons."""
_COPY = "&Copy report"
_TEST_AGAIN, _STOP = "&Test again", "S&top"
_COPIED_MS = 2000
_TESTING = (
    "Testing every device with a small computation. This takes a few seconds, or up to a minute if "
    "the program is on a slow disk."
)


class DiagnosticsView(Surface):
    """A scrolling page, and buttons below.

    Args:
        facts: Names and values: versions and system.

    Signals:
        copy_requested: The user wants to copy the report.
        again_requested: The user wants to test the devices again.
        stop_requested: The user wants to stop the test.
        close_requested: Close was pressed.
    """

    copy_requested = Signal()
    again_requested = Signal()
    stop_requested = Signal()
    close_requested = Signal()

    def __init__(self, facts: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.devices, self.folders, self.facts = DeviceRows(), FolderRows(), FactsForm(facts)
        self.state, self.details = selectable(""), selectable("")
        self.details.setAccessibleName("Last trainer output")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName("Testing the devices")
        self.again, self.copy = QPushButton(_TEST_AGAIN), QPushButton(_COPY)
        self.again.clicked.connect(self._on_again)
        self.copy.clicked.connect(self._copy)
        self.close_button = QPushButton("Close")
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.close_requested)
        self._busy = False
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy.setText(_COPY))
        self._arrange()

    def show_testing(self) -> None:
        """Show that the devices are being tested."""
        self.devices.clear()
        self._show_state(_TESTING, busy=True)

    def show_result(self, sentence: str, details: str = "") -> None:
        """Show the result; details only after a failure."""
        self._show_state(sentence, details)
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def _show_state(self, sentence: str, details: str = "", *, busy: bool = False) -> None:
        self._busy = busy
        self.state.setText(sentence)
        self.details.setText(details)
        self.details.setVisible(bool(details))
        self.bar.setVisible(busy)
        self.again.setText(_STOP if busy else _TEST_AGAIN)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.copy)
        buttons.addWidget(label("Plain text; check it before you send it.", quiet=True), 1)
        buttons.addWidget(self.close_button)
        buttons.setContentsMargins(_SIDE, _BAR, _SIDE, _BAR)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._page(), 1)
        layout.addWidget(rule())
        layout.addLayout(buttons)

    def _page(self) -> QScrollArea:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(_SIDE, _SIDE, _SIDE, _SIDE)
        layout.setSpacing(GRID + GRID // 2)
        header = QHBoxLayout()
        header.addWidget(label("Devices", Text.HEADING), 1)
        header.addWidget(small(self.again))
        layout.addLayout(header)
        for widget in (self.state, self.bar, self.details, self.devices):
            layout.addWidget(widget)
        for title, content in (("Folders", self.folders), ("Versions and system", self.facts)):
            layout.addSpacing(GRID)
            layout.addWidget(rule())
            layout.addSpacing(GRID // 2)
            layout.addWidget(label(title, Text.HEADING))
            layout.addWidget(content)
        layout.addStretch(1)
        return scrolled(page)

    @Slot()
    def _on_again(self) -> None:
        (self.stop_requested if self._busy else self.again_requested).emit()

    @Slot()
    def _copy(self) -> None:
        self.copy_requested.emit()
        self.copy.setText("Copied")
        self._copied.start()
