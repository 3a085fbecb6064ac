"""The Classify tab without a picture: ways to open one, samples, and what the network knows."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.classify.widgets.class_chips import ClassChips
from cifar_desktop.classify.widgets.sample_pictures import PhotoStack, Sample, SampleRow
from cifar_desktop.classify.widgets.stage_pages import row_of
from cifar_desktop.look.type_scale import Text, label, set_size, unit
from cifar_desktop.look.widgets import Page, primary, with_icon
from cifar_desktop.ui.layouts import scrolled

_NO_NETWORK = "No network is loaded, so nothing can be classified yet."
_HIGH_BUTTON = 5.0
_ROOM_FOR_STACK, _ROOMY = 64, 84
"""Height in units that the stack and everything but the classes take; from the second, all have
more room."""
_NARROW = 84


class EmptyPage(Page):
    """The page shown at startup.

    Args:
        samples: Pictures to try.
        stack: Three pictures as an eye-catcher.

    Signals:
        open_requested: The button for opening a picture was pressed.
        paste_requested: The button for pasting one was pressed.
        sample_requested: Path of a sample picture that was clicked.
        network_requested: The button for opening a network was pressed.
    """

    open_requested = Signal()
    paste_requested = Signal()
    sample_requested = Signal(Path)
    network_requested = Signal()

    def __init__(self, samples: Sequence[Sample], stack: Sequence[Path]) -> None:
        super().__init__()
        self.stack = PhotoStack(stack)
        self.heading = label("Drop a photo anywhere in this window", Text.VERDICT)
        self.open = primary(QPushButton("Open a &photo…"))
        with_icon(self.open, "open", "on_fill").clicked.connect(self.open_requested)
        self.open.setDefault(True)
        self.paste = QPushButton("P&aste")
        with_icon(self.paste, "paste").clicked.connect(self.paste_requested)
        self.paste.setToolTip("Show the picture, file or address on the clipboard (Ctrl+V)")
        self.network = QPushButton("Open a networ&k file…")
        with_icon(self.network, "network").clicked.connect(self.network_requested)
        self.network.hide()
        self.samples = SampleRow(samples)
        self.samples.chosen.connect(self.sample_requested)
        self.chips = ClassChips()
        self._arrange()

    def show_classes(self, names: Sequence[str], sentence: str, none_caption: str) -> None:
        """Show the network's classes; without any, say that there is no network.

        Args:
            names: Readable class names.
            sentence: What introduces them.
            none_caption: Caption of the last sample, which shows none of the classes.
        """
        self.chips.show_names(names, sentence if names else _NO_NETWORK)
        self.samples.buttons[-1].show_caption(none_caption)
        self.network.setVisible(not names)
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give everything the room that there is."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Choose sizes for the room that there is, and for the size of the text."""
        height, width = self.height() / unit(), self.width() / unit()
        low = height < _ROOM_FOR_STACK + self.chips.heightForWidth(self.width()) / unit()
        self.stack.setVisible(not low)
        set_size(self.heading, Text.TITLE if low or width < _NARROW else Text.VERDICT)
        gap = 4.0 if height >= _ROOMY else 1.0
        for spacer, share in zip(self._gaps, (0.25, 1.0, 1.0), strict=True):
            spacer.setFixedHeight(round(gap * share * unit()))
        for button in (self.open, self.paste, self.network):
            button.setMinimumHeight(round(_HIGH_BUTTON * unit()))
        self.samples.fit(self.width() - 4 * unit())

    def _arrange(self) -> None:
        self._gaps = [QWidget() for _ in range(3)]
        content = QWidget()
        column = QVBoxLayout(content)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(8)
        column.addStretch(1)
        for part in (
            row_of(self.stack),
            self.heading,
            label("Everything stays on your computer.", quiet=True),
            self._gaps[0],
            row_of(self.open, self.paste, self.network),
            self._gaps[1],
            label("No photo at hand? Try one of these", quiet=True),
            self.samples,
            self._gaps[2],
            self.chips,
        ):
            if isinstance(part, QLabel):
                part.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                part.setWordWrap(True)
            column.addWidget(part)
        column.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(content))
