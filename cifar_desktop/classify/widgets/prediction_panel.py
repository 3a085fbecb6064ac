"""The right half of the Classify tab: the prediction, or why there is none."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QFont, QImage, QResizeEvent
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.classify.widgets.pixel_view import PixelView
from cifar_desktop.classify.widgets.prediction_bars import PredictionBars
from cifar_desktop.ui.disclosure import Disclosure
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.layouts import scrolled
from cifar_desktop.ui.style import GRID, quiet, scaled_font, title

BARS = 3
_WHY = "How the verdict comes about, and how often it is right"
_MISSING = (
    "Nothing can be classified without a network. Open a network file (.safetensors), or drop one "
    "on this window."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PredictionText:
    """A prediction in words, ready to be shown.

    Attributes:
        headline: The prediction in a few words.
        hint: Caveat or advice; may be empty.
        explanation: How the verdict comes about and how often it is right.
        bars: Name, probability and percentage of the most probable classes.
        faint: Whether to paint the bars faintly, because none of them is credible.
        facts: Labels and texts: network, accuracy, time, picture.
        seen: The network's input image.
        seen_caption: Caption of that image.
    """

    headline: str
    hint: str
    explanation: str
    bars: Sequence[tuple[str, float, str]]
    faint: bool
    facts: Sequence[tuple[str, str]]
    seen: QImage
    seen_caption: str


class PredictionPanel(QStackedWidget):
    """Shows a prediction, that one is pending, or that there is no network.

    Signals:
        network_requested: The button for opening a network was pressed.
    """

    network_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.headline = title()
        self.headline.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.hint = quiet()
        self.explanation = quiet()
        self.why = Disclosure("How reliable is this?", self.explanation, _WHY)
        self.bars = PredictionBars(BARS)
        self.seen = PixelView(12 * GRID)
        self.seen_caption = quiet()
        self.facts = QFormLayout()
        self._facts: list[tuple[QLabel, ElidedLabel]] = []
        self.waiting_text = title(factor=1.4)
        self.missing_title, self.missing_text = title(factor=1.4), quiet()
        self._prediction_page = scrolled(self._build_prediction())
        self._waiting_page = self._build_waiting()
        self._missing_page = self._build_missing()
        self.setMinimumWidth(24 * GRID)
        self.setMaximumWidth(52 * GRID)
        for page in (self._waiting_page, self._prediction_page, self._missing_page):
            self.addWidget(page)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Shrink the contents in a small window before anything has to scroll."""
        super().resizeEvent(event)
        small = self.width() < 30 * GRID or self.height() < 44 * GRID
        self.headline.setFont(scaled_font(self, 1.35 if small else 1.8, QFont.Weight.DemiBold))
        self.seen.set_side((7 if small else 12) * GRID)

    def show_prediction(self, text: PredictionText) -> None:
        """Show a prediction, and announce it to screen readers."""
        if text.headline != self.headline.text() or self.currentWidget() != self._prediction_page:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text.headline))
        self.headline.setText(text.headline)
        self.hint.setText(text.hint)
        self.hint.setVisible(bool(text.hint))
        self.explanation.setText(text.explanation)
        self.bars.show_values(text.bars, faint=text.faint)
        self.seen.show_image(text.seen)
        self.seen_caption.setText(text.seen_caption)
        self._show_facts(text.facts)
        self.setCurrentWidget(self._prediction_page)

    def show_waiting(self, text: str) -> None:
        """Show that a prediction is pending, and why."""
        self.waiting_text.setText(text)
        self.setCurrentWidget(self._waiting_page)

    def show_missing(self) -> None:
        """Show that there is no network."""
        self.missing_title.setText("No network")
        self.missing_text.setText(_MISSING)
        self.setCurrentWidget(self._missing_page)

    def show_failure(self, reason: str) -> None:
        """Show why the network made no prediction."""
        self.missing_title.setText("No prediction")
        self.missing_text.setText(reason)
        self.setCurrentWidget(self._missing_page)

    @property
    def has_prediction(self) -> bool:
        """Whether a prediction is shown."""
        return self.currentWidget() is self._prediction_page

    def _build_prediction(self) -> QWidget:
        self.seen.setAccessibleName("Network input")
        self.facts.setContentsMargins(0, 0, 0, 0)
        self.facts.setHorizontalSpacing(GRID)
        self.facts.setVerticalSpacing(GRID // 2)
        self.facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        seen = QHBoxLayout()
        seen.setSpacing(GRID + GRID // 2)
        seen.addWidget(self.seen)
        seen.addWidget(self.seen_caption, 1, Qt.AlignmentFlag.AlignVCenter)
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, GRID // 2, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.headline)
        layout.addWidget(self.hint)
        layout.addWidget(self.why)
        layout.addSpacing(GRID // 2)
        layout.addWidget(self.bars)
        layout.addSpacing(GRID)
        layout.addLayout(seen)
        layout.addSpacing(GRID // 2)
        layout.addLayout(self.facts)
        layout.addStretch(1)
        return page

    def _build_waiting(self) -> QWidget:
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setAccessibleName("Waiting for the prediction")
        return _column(self.waiting_text, bar)

    def _build_missing(self) -> QWidget:
        button = QPushButton("Open a networ&k file…")
        button.clicked.connect(self.network_requested)
        return _column(self.missing_title, self.missing_text, button)

    def _show_facts(self, facts: Sequence[tuple[str, str]]) -> None:
        rows = self._fact_rows(len(facts))
        for (name, value), (label, text) in zip(rows, facts, strict=False):
            name.setText(label)
            value.show_text(text)
            value.setAccessibleName(f"{label}: {text}")
        for number in range(len(rows)):
            self.facts.setRowVisible(number, number < len(facts))

    def _fact_rows(self, count: int) -> list[tuple[QLabel, ElidedLabel]]:
        """At least so many rows of facts, created when first needed."""
        while len(self._facts) < count:
            row = (quiet(), ElidedLabel())
            row[0].setWordWrap(False)
            self.facts.addRow(*row)
            self._facts.append(row)
        return self._facts


def _column(*widgets: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(2 * GRID)
    for widget in widgets:
        layout.addWidget(widget)
    layout.addStretch(1)
    return page
