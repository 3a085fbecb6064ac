"""The figures above the charts: each with a caption above it and a note beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, font, unit

_GAP = 8
"""Pixels between a figure and its note."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A figure.

    Attributes:
        caption: What it is.
        value: The figure.
        note: What to know about it; may be empty.
        about: A tooltip; may be empty.
    """

    caption: str
    value: str
    note: str = ""
    about: str = ""

    @property
    def words(self) -> str:
        """The figure with its note."""
        return f"{self.value} {self.note}".rstrip()


class FigureTiles(QWidget):
    """Figures side by side; those at the end that do not fit are hidden.

    Signals: none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._tiles: list[_Tile] = []
        self._about = ""
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addStretch(1)
        self.setMinimumWidth(10 * unit())

    @property
    def texts(self) -> dict[str, str]:
        """The figures with their notes by caption, including hidden ones."""
        return {tile.figure.caption: tile.figure.words for tile in self._tiles}

    def show_figures(self, figures: Sequence[Figure]) -> None:
        """Show these figures, most important first."""
        if [tile.figure for tile in self._tiles] == list(figures):
            return
        for tile in self._tiles:
            tile.hide()
            tile.deleteLater()
        self._tiles = [_Tile(figure, first=not index) for index, figure in enumerate(figures)]
        for index, tile in enumerate(self._tiles):
            self._row.insertWidget(index, tile)
        lines = [f"{figure.caption}: {figure.words}" for figure in figures]
        self.setAccessibleName(", ".join(lines))
        self.explain(self._about)
        self._fit()

    def explain(self, about: str) -> None:
        """Say what the figures are of, in the tooltip that also gives the hidden ones."""
        self._about = about
        lines = [f"{caption}: {words}" for caption, words in self.texts.items()]
        self.setToolTip("\n".join([*lines, about]))
        self.setAccessibleDescription(about)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show as many as fit."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        left, fits = self.width(), True
        for tile in self._tiles:
            left -= tile.sizeHint().width()
            fits = fits and left >= 0
            # The first one is cut rather than missing.
            tile.setVisible(fits or tile is self._tiles[0])


class _Tile(QWidget):
    """One figure; its hairline is at its left."""

    def __init__(self, figure: Figure, *, first: bool) -> None:
        super().__init__()
        self.figure, self._first = figure, first
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{figure.caption}: {figure.words}")
        self.setToolTip(figure.about)

    def sizeHint(self) -> QSize:
        caption, value, note = (QFontMetrics(each) for each in _fonts())
        line = value.horizontalAdvance(self.figure.value)
        if self.figure.note:
            line += _GAP + note.horizontalAdvance(self.figure.note)
        width = max(caption.horizontalAdvance(self.figure.caption), line)
        height = caption.height() + value.height()
        return QSize(self._left() + width + 3 * unit(), height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, found, left = QPainter(self), roles(self.palette()), self._left()
        caption, value, note = _fonts()
        if not self._first:
            painter.fillRect(0, 2, 1, self.height() - 4, found.line)
        painter.setFont(caption)
        painter.setPen(found.quiet)
        top = QFontMetrics(caption)
        painter.drawText(left, top.ascent(), self.figure.caption)
        painter.setFont(value)
        painter.setPen(found.text)
        baseline = top.height() + QFontMetrics(value).ascent()
        painter.drawText(left, baseline, self.figure.value)
        left += QFontMetrics(value).horizontalAdvance(self.figure.value) + _GAP
        painter.setFont(note)
        painter.setPen(found.quiet)
        room = self.width() - left
        elided = Qt.TextElideMode.ElideRight
        words = QFontMetrics(note).elidedText(self.figure.note, elided, room)
        painter.drawText(left, baseline, words)

    def _left(self) -> int:
        return 0 if self._first else 3 * unit()


def _fonts() -> tuple[QFont, QFont, QFont]:
    """Of the caption, the figure and the note."""
    return font(Text.CAPTION), font(Text.TITLE), font(Text.CAPTION)
