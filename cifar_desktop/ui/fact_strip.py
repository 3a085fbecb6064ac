"""A row of facts about a run or a network, each with its name above it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, font, label, unit

Fact = tuple[str, str]
"""A label and its value."""


class FactStrip(QWidget):
    """A row of figures, each under its label; those at the end that do not fit are hidden.

    Args:
        most: How many are shown at most; the others are in the tooltip.
        last: A widget that follows them if all of them fit.
    """

    def __init__(self, most: int = 99, last: QWidget | None = None) -> None:
        super().__init__()
        self._most, self._last = most, last
        self._cells: list[_Cell] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * unit() + unit() // 2)
        if last is not None:
            self._layout.addWidget(last)
        self._layout.addStretch(1)
        self.setMinimumWidth(6 * unit())

    @property
    def texts(self) -> dict[str, str]:
        """The figures by label, including hidden ones."""
        return {cell.label.text(): cell.value.text() for cell in self._cells}

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show these facts, most important first."""
        while len(self._cells) < len(facts):
            cell = _Cell()
            self._layout.insertWidget(len(self._cells), cell)
            self._cells.append(cell)
        for cell in self._cells[len(facts) :]:
            cell.hide()
            cell.deleteLater()
        del self._cells[len(facts) :]
        for cell, fact in zip(self._cells, facts, strict=True):
            cell.show_fact(fact)
        self.setAccessibleName(", ".join(f"{label} {value}" for label, value in facts))
        self.setToolTip("\n".join(f"{label}: {value}" for label, value in facts))
        self.fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Show as many as fit."""
        left, fits = self.width(), True
        for place, cell in enumerate(self._cells):
            left -= cell.required_width() if place < self._most else 0
            fits = fits and left >= 0
            left -= self._layout.spacing()
            cell.setVisible(fits and place < self._most)
        if self._last is not None:
            offered = bool(self._last.property(_OFFERED))
            self._last.setVisible(fits and offered and left >= self._last.sizeHint().width())

    def offer_last(self, *, offered: bool) -> None:
        """Show the last widget where there is room, or not."""
        if self._last is not None and bool(self._last.property(_OFFERED)) != offered:
            self._last.setProperty(_OFFERED, offered)
            self.fit()


_OFFERED = "isOffered"


class _Cell(QFrame):
    """One figure under its label; never shrinks, so that nothing jitters."""

    def __init__(self) -> None:
        super().__init__()
        self.label, self.value = label(size=Text.CAPTION, quiet=True), label(size=Text.STRONG)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self.label)
        layout.addWidget(self.value)

    def show_fact(self, fact: Fact) -> None:
        name, value = fact
        if (name, value) == (self.label.text(), self.value.text()):
            return
        hint = QFontMetrics(font(Text.STRONG)).size(Qt.TextFlag.TextSingleLine, value)
        before = self.value.minimumWidth() if name == self.label.text() else 0
        self.label.setText(name)
        # A fixed size avoids a new layout of the whole page on every change.
        self.value.setFixedSize(max(before, hint.width()), hint.height())
        self.value.setText(value)

    def required_width(self) -> int:
        return max(self.label.sizeHint().width(), self.value.minimumWidth())
