"""A single image and, larger, its augmented versions in many epochs; part of `grid`."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.ui.image_tiles import GAP, paint_tile, tile_side
from cifar_desktop.ui.style import GRID

_SMALLEST, _LARGEST = 64, 96
_COLUMNS = 6
"""Epochs per row, unless the images would become too small."""

_SEPARATION = 2 * GRID
_FIRST = "Original"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """The original on the left, epochs in rows beside it, a caption below each. In pixels."""

    tile: float
    columns: int
    line: int

    def place(self, number: int) -> QRectF:
        """Rectangle of the original, 0, or of an epoch."""
        if not number:
            return QRectF(GRID, GRID, self.tile, self.tile)
        row, column = divmod(number - 1, self.columns)
        left = GRID + self.tile + _SEPARATION + column * (self.tile + GRID)
        return QRectF(left, GRID + row * self.step, self.tile, self.tile)

    @property
    def step(self) -> float:
        """Distance between rows."""
        return self.tile + GAP + self.line + GRID

    def height(self, count: int) -> int:
        """Height of everything, with `count` epochs."""
        return round(GRID + self.line + max(1, -(-count // self.columns)) * self.step)


class AugmentedImage(QWidget):
    """Paints an image and its augmented versions.

    Signals: none.
    """

    def __init__(self) -> None:
        super().__init__()
        self._name = ""
        self._tiles: Sequence[QImage] = ()
        self._side = 1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    @property
    def tiles(self) -> Sequence[QImage]:
        """The original, then each epoch."""
        return self._tiles

    def show_tiles(self, name: str, tiles: Sequence[QImage], side: int) -> None:
        """Show an image and its augmented versions.

        Args:
            name: Class name.
            tiles: The original, then each epoch.
            side: Width and height of each, in image pixels.
        """
        self._name, self._tiles, self._side = name, tiles, side
        self._fit()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """High enough for all rows."""
        return QSize(0, self._grid_layout().height(len(self._tiles) - 1))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the images, each above its epoch."""
        painter, layout = QPainter(self), self._grid_layout()
        for number, tile in enumerate(self._tiles):
            place = layout.place(number)
            paint_tile(painter, place, tile, self.palette())
            below = QRectF(place.left(), place.bottom() + GAP, place.width(), layout.line)
            painter.setPen(roles(self.palette()).quiet)
            self._paint_caption(painter, below, f"Epoch {number}" if number else _FIRST)
            if not number:
                painter.setPen(roles(self.palette()).text)
                self._paint_caption(painter, below.translated(0, layout.line), self._name)

    def _paint_caption(self, painter: QPainter, place: QRectF, words: str) -> None:
        mode = Qt.TextElideMode.ElideMiddle
        words = self.fontMetrics().elidedText(words, mode, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignHCenter, words)

    def _fit(self) -> None:
        self.setMinimumHeight(self.minimumSizeHint().height())

    def _grid_layout(self) -> _Layout:
        room, line = self.width() - 2 * GRID - _SEPARATION, self.fontMetrics().height()
        preferred = room / (_COLUMNS + 1) - GRID
        tile = tile_side(
            self._side, preferred, self.devicePixelRatio(), smallest=_SMALLEST, largest=_LARGEST
        )
        columns = max(1, int((room - tile + GRID) // (tile + GRID)))
        return _Layout(tile=tile, columns=columns, line=line)
