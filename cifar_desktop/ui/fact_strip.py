"""A row of facts about a run or a network, each with its name above it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.ui.style import GRID, scaled_font

Fact = tuple[str, str]
"""A label and its value."""


class FactStrip(QWidget):
    """A row of figures, each under its label; those at the end that do not fit are hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells: list[_Cell] = []
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(3 * GRID)
        self._layout.addStretch(1)
        self.setMinimumWidth(10 * GRID)

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
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        left = self.width()
        fits = True
        for cell in self._cells:
            left -= cell.required_width()
            fits = fits and left >= 0
            left -= self._layout.spacing()
            cell.setVisible(fits)


class _Cell(QFrame):
    """One figure under its label; never shrinks, so that nothing jitters."""

    def __init__(self) -> None:
        super().__init__()
        self.label, self.value = QLabel(), QLabel()
        self.label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.label.setFont(scaled_font(self.label, 0.88, QFont.Weight.Normal))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.label)
        layout.addWidget(self.value)

    def show_fact(self, fact: Fact) -> None:
        label, value = fact
        if (label, value) == (self.label.text(), self.value.text()):
            return
        hint = self.value.fontMetrics().size(Qt.TextFlag.TextSingleLine, value)
        before = self.value.minimumWidth() if label == self.label.text() else 0
        self.label.setText(label)
        # A fixed size avoids a new layout of the whole page on every change.
        self.value.setFixedSize(max(before, hint.width()), hint.height())
        self.value.setText(value)

    def required_width(self) -> int:
        return max(self.label.sizeHint().width(), self.value.minimumWidth())
