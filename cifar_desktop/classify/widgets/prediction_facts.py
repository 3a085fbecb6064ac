"""What is folded below a prediction: how reliable it is, and facts about it."""

from collections.abc import Sequence

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import label
from cifar_desktop.ui.disclosure import Disclosure
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.layouts import padded

_WHY = "How the verdict comes about, and how often it is right"
_FACTS = "Which network this is from, and what was classified"
_MARGIN = 16


class PredictionFacts(QWidget):
    """Two folded sections with a line above each."""

    def __init__(self) -> None:
        super().__init__()
        self.explanation = label(quiet=True)
        self.explanation.setWordWrap(True)
        self.rows: list[tuple[QLabel, ElidedLabel]] = []
        self._form = QFormLayout()
        self._form.setContentsMargins(8, 0, 8, 8)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(4)
        self._form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        form = QWidget()
        form.setLayout(self._form)
        explained = padded(self.explanation, 8, 0, 8, 8)
        self.why = Disclosure("How reliable is this?", explained, _WHY)
        self.facts = Disclosure("Facts", form, _FACTS)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for section in (self.why, self.facts):
            layout.addWidget(_Section(section))

    def show_facts(self, facts: Sequence[tuple[str, str]], digest: str, explanation: str) -> None:
        """Show labels and texts, the most important of them beside the heading."""
        self.explanation.setText(explanation)
        self.facts.show_digest(digest)
        self._provide(len(facts))
        for (name, value), (fact, text) in zip(self.rows, facts, strict=False):
            name.setText(fact)
            value.show_text(text)
            value.setAccessibleName(f"{fact}: {text}")
        for number in range(len(self.rows)):
            self._form.setRowVisible(number, number < len(facts))

    def _provide(self, count: int) -> None:
        while len(self.rows) < count:
            row = (label(quiet=True), ElidedLabel())
            self._form.addRow(*row)
            self.rows.append(row)


class _Section(QWidget):
    """A section with a line above it."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_MARGIN, 7, _MARGIN + 8, 6)
        layout.addWidget(content)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the line."""
        QPainter(self).fillRect(QRect(0, 0, self.width(), 1), roles(self.palette()).line)
