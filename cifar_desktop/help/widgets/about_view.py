"""The contents of the About window: program, versions, licenses."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QIcon, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
)

from cifar_desktop.help.widgets.license_view import Component, LicenseView
from cifar_desktop.look.type_scale import Text, label
from cifar_desktop.look.widgets import Surface
from cifar_desktop.ui.facts_form import FactsForm
from cifar_desktop.ui.layouts import padded, rule
from cifar_desktop.ui.style import GRID

_ICON = 8 * GRID
_SIDE, _BAR, _TABS = 20, 12, 6
"""Space beside the content, around the buttons, and beside the tabs, which have some already."""
_COPY = "&Copy versions"
_COPIED_MS = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class AboutContent:
    """The content of the window.

    Attributes:
        name: Name of the program.
        version: Version of the program.
        sentence: Purpose of the program.
        facts: Names and values: versions, device.
    """

    name: str
    version: str
    sentence: str
    facts: Sequence[tuple[str, str]]


class AboutView(Surface):
    """A header, and tabs for versions and licenses.

    Args:
        content: The content.
        icon: Program icon.

    Signals:
        copy_requested: The user wants to copy the versions.
        licenses_requested: The licenses are about to be shown for the first time.
        link_requested: Address of a clicked link.
        close_requested: Close was pressed.
    """

    copy_requested = Signal()
    licenses_requested = Signal()
    link_requested = Signal(str)
    close_requested = Signal()

    def __init__(self, content: AboutContent, icon: QIcon) -> None:
        super().__init__()
        self.licenses = LicenseView()
        self.licenses.link_requested.connect(self.link_requested)
        self.facts: list[tuple[str, QLabel]] = []
        self.tabs = QTabWidget()
        self.tabs.addTab(self._facts(content.facts), "&Versions")
        self.tabs.addTab(self.licenses, "&Licenses")
        self.tabs.currentChanged.connect(self._on_tab)
        self.copy, self.close_button = QPushButton(_COPY), QPushButton("Close")
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(self._copy)
        self.close_button.setDefault(True)
        self.close_button.clicked.connect(self.close_requested)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(lambda: self.copy.setText(_COPY))
        self._requested = False
        self._arrange(self._header(content, icon))

    def show_licenses(self, components: Sequence[Component]) -> None:
        """Fill the Licenses tab."""
        self.licenses.show_components(components)

    def _header(self, content: AboutContent, icon: QIcon) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(icon.pixmap(_ICON, _ICON))
        words = QVBoxLayout()
        words.setSpacing(GRID // 2)
        self.name = label(content.name, Text.TITLE)
        self.version = label(f"Version {content.version}", quiet=True)
        sentence = QLabel(content.sentence)
        sentence.setWordWrap(True)
        for line in (self.name, self.version, sentence):
            words.addWidget(line)
        header = QHBoxLayout()
        header.setContentsMargins(_SIDE, _SIDE, _SIDE, GRID)
        header.setSpacing(2 * GRID)
        header.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        header.addLayout(words, 1)
        return header

    def _facts(self, facts: Sequence[tuple[str, str]]) -> QScrollArea:
        page = FactsForm(facts, _SIDE - _TABS)
        self.facts = page.rows
        area = QScrollArea()
        area.setWidget(page)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        # The ground is the tab's, as on the page beside it.
        for ground in (area.viewport(), page):
            ground.setAutoFillBackground(False)
        return area

    def _arrange(self, header: QHBoxLayout) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(_SIDE, _BAR, _SIDE, _BAR)
        buttons.setSpacing(GRID)
        buttons.addWidget(self.copy)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(header)
        layout.addWidget(padded(self.tabs, _TABS, 0, _TABS, 0), 1)
        layout.addWidget(rule())
        layout.addLayout(buttons)

    @Slot(int)
    def _on_tab(self, _index: int) -> None:
        shown = self.tabs.currentWidget() is self.licenses
        if shown and not self._requested:
            self._requested = True
            self.licenses_requested.emit()
        if shown:
            self.licenses.search.setFocus()

    @Slot()
    def _copy(self) -> None:
        self.copy_requested.emit()
        self.copy.setText("Copied")
        self._copied.start()
