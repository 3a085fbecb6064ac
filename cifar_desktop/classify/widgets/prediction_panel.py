"""The right side of the Classify tab: the prediction, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRect, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QGuiApplication,
    QImage,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QGraphicsOpacityEffect,
    QHBoxLayout,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.classify.widgets.prediction_bars import Bar, PredictionBars
from cifar_desktop.classify.widgets.prediction_facts import PredictionFacts
from cifar_desktop.classify.widgets.prediction_tools import PredictionTools
from cifar_desktop.classify.widgets.seen_tile import SeenTile
from cifar_desktop.classify.widgets.verdict_header import VerdictHeader
from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import Surface
from cifar_desktop.ui.layouts import scrolled

BARS = 3
"""Bars that are shown where not all are."""
_GLYPHS = {
    "sure": ("sure", "accent_text"),
    "unsure": ("unsure", "text"),
    "none": ("none", "quiet"),
}
_NARROW = 45
"""The width in units below which the network's input leaves room for its caption."""
_BESIDE, _SMALLEST = 18, 4
"""Width in units that its caption and the margins take, and its least side."""
_LOW, _HIGH = 62, 112
"""Heights in units below which the network's input is smaller, and from which it is larger."""
_ROOM_FOR_ALL = 58.0
"""Height in units that everything but the bars takes."""
_ROW = 3.375
_WAITING = 0.55
_MISSING = (
    "Nothing can be classified without a network. Open a network file (.safetensors), or drop one "
    "on this window."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionText:
    """A prediction in words, ready to be shown.

    Attributes:
        verdict: `sure`, `unsure` or `none`.
        headline: The prediction in a few words.
        hint: Caveat or advice, or else what was classified.
        explanation: How the verdict comes about and how often it is right.
        bars: Name, probability and percentage of the classes, most probable first.
        every: What the button says that shows the bars of all classes.
        facts: Labels and texts: network, accuracy, time, picture.
        digest: The most important facts.
        seen: The network's input image.
        seen_caption: Its size.
    """

    verdict: str
    headline: str
    hint: str
    explanation: str
    bars: Sequence[Bar]
    every: str
    facts: Sequence[tuple[str, str]]
    digest: str
    seen: QImage
    seen_caption: str


class PredictionPanel(Surface):
    """Shows a prediction, that one is pending, or why there is none.

    Signals:
        network_requested: The button for opening a network was pressed.
        copy_requested: The button for copying the prediction was pressed.
    """

    network_requested = Signal()
    copy_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: Sequence[Bar] = ()
        self._verdict = ""
        self._has_prediction = self._waiting = False
        self.header = VerdictHeader()
        self.headline, self.hint = self.header.headline, self.header.hint
        self.bars, self.tools = PredictionBars(), PredictionTools()
        self.tools.copy.clicked.connect(self.copy_requested)
        self.tools.all_toggled.connect(self._show_bars)
        self.tools.copy_seen.triggered.connect(self._copy_seen)
        self.tile, self.facts = SeenTile(), PredictionFacts()
        self.seen, self.why = self.tile.view, self.facts.why
        self.network = QPushButton("Open a networ&k file…")
        self.network.clicked.connect(self.network_requested)
        self._content = QWidget()
        self._dimmed = QGraphicsOpacityEffect(self._content, opacity=_WAITING)
        self._dimmed.setEnabled(False)
        self._content.setGraphicsEffect(self._dimmed)
        self._arrange()
        self.show_waiting("")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give everything the size that there is room for."""
        super().resizeEvent(event)
        self.fit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line at the left."""
        super().paintEvent(event)
        QPainter(self).fillRect(QRect(0, 0, 1, self.height()), roles(self.palette()).line)

    def show_prediction(self, text: PredictionText, *, moving: bool = False) -> None:
        """Show a prediction, and announce it to screen readers.

        Args:
            text: The prediction.
            moving: Whether a crop is being dragged, so that the bars must not lag behind.
        """
        if text.headline != self.headline.text() or not self._has_prediction:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text.headline))
        self._has_prediction, self._waiting = True, False
        self._verdict, self._bars = text.verdict, text.bars
        self.set_dimmed(dimmed=False)
        self.header.show_words(text.headline, text.hint, *_GLYPHS[text.verdict])
        self.tools.show_every(text.every, needed=len(text.bars) > BARS)
        self.tile.show_seen(text.seen, text.seen_caption)
        self.facts.show_facts(text.facts, text.digest, text.explanation)
        self._show_parts(prediction=True)
        self._show_bars(moving=moving)

    def show_waiting(self, text: str) -> None:
        """Dim the previous prediction until there is another; without one, say what is going on."""
        if self._bars:
            self._has_prediction = False
            self.set_dimmed(dimmed=True)
        else:
            self._show_none(text, "", "clock", "quiet")
        self._waiting = True

    def set_dimmed(self, *, dimmed: bool) -> None:
        """Show the prediction faintly while another picture is being loaded."""
        self._dimmed.setEnabled(dimmed)

    def show_missing(self) -> None:
        """Show that there is no network."""
        self._show_none("No network", _MISSING, "network", "quiet")
        self.network.show()

    def show_failure(self, reason: str) -> None:
        """Show why the network made no prediction."""
        self._show_none("No prediction", reason, "warning", "warning")

    @property
    def has_prediction(self) -> bool:
        """Whether a prediction is shown for the picture on screen."""
        return self._has_prediction

    @property
    def waiting(self) -> bool:
        """Whether a prediction is pending."""
        return self._waiting

    def _arrange(self) -> None:
        layout = QVBoxLayout(self._content)
        layout.setContentsMargins(0, 18, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(_inset(self.header, 24))
        layout.addLayout(_inset(self.bars, 24))
        layout.addLayout(_inset(self.network, 24))
        layout.addLayout(_inset(self.tools, 16))
        layout.addLayout(_inset(self.tile, 24))
        layout.addStretch(1)
        layout.addWidget(self.facts)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(scrolled(self._content))

    def _show_none(self, headline: str, hint: str, icon_name: str, role: str) -> None:
        self._has_prediction = self._waiting = False
        self._bars, self._verdict = (), ""
        self.set_dimmed(dimmed=False)
        self.header.show_words(headline, hint, icon_name, role)
        self.bars.show_empty(BARS)
        self.tile.show_seen(QImage(), "")
        self._show_parts(prediction=False)

    def _show_parts(self, *, prediction: bool) -> None:
        for part in (self.tools, self.tile, self.facts):
            part.setVisible(prediction)
        self.network.hide()

    @Slot()
    def _show_bars(self, *, moving: bool = False) -> None:
        if self._bars:
            shown = self._bars if self.tools.shows_all(fits=self._all_fit()) else self._bars[:BARS]
            self.bars.show_values(shown, believed=self._verdict != "none", moving=moving)

    def _all_fit(self) -> bool:
        """Whether there is room for all bars without scrolling."""
        return self.height() >= (_ROOM_FOR_ALL + len(self._bars) * _ROW) * unit()

    def fit(self) -> None:
        """Choose sizes for the room that there is, and for the size of the text."""
        height, width = self.height() / unit(), self.width() / unit()
        usual = 16 if width < _NARROW else 20
        side = 12 if height < _LOW else usual if height < _HIGH else 32
        self.tile.set_units(min(side, max(_SMALLEST, int(width) - _BESIDE)))
        self.header.fit()
        self._show_bars(moving=True)

    @Slot()
    def _copy_seen(self) -> None:
        QGuiApplication.clipboard().setImage(self.seen.image)


def _inset(widget: QWidget, margin: int) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setContentsMargins(margin, 0, margin, 0)
    row.addWidget(widget)
    return row
