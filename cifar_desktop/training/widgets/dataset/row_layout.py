"""The layout of a row of the class list."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from cifar_desktop.training.widgets.dataset.sample_pager import SHOWN
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.image_tiles import GAP, tile_side
from cifar_desktop.ui.style import GRID

MEAN = 0
"""Column of the mean image; the samples follow."""

BAR = 3
_SEPARATION = GRID + GRID // 2
_NAME_WIDTH = 18 * GRID
_MAX_NAME_WIDTH = 24 * GRID


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """The positions within a row, in the view's units.

    Attributes:
        stacked: Whether the images are below the name instead of beside it.
        names: Width of name, counts and bar.
        text: Height of name, counts and bar.
        left: Left edge of the images.
        apart: Distance from the left edge of the mean image to that of the samples.
        top: Top edge of the images within the row.
        tile: Side of an image.
        tiles: Number of samples that fit.
        height: Height of the row.
    """

    stacked: bool
    names: int
    text: int
    left: int
    apart: float
    top: float
    tile: float
    tiles: int
    height: int

    def place(self, column: int) -> QRectF:
        """Rectangle of an image within the row."""
        past_mean = self.apart + (column - 1) * (self.tile + GAP) if column > MEAN else 0.0
        return QRectF(self.left + past_mean, self.top, self.tile, self.tile)

    def column(self, x: float, y: float) -> int | None:
        """The column of the image at a position within the row, or None."""
        columns = range(self.tiles + 1)
        return next((each for each in columns if self.place(each).contains(x, y)), None)


def row_layout(width: int, line: int, dataset: DatasetInfo, ratio: float) -> RowLayout:
    """Lay out a row: images beside the name if there is room, otherwise below it.

    Args:
        width: Width of the view.
        line: Height of a text line.
        dataset: The dataset on screen.
        ratio: Device pixel ratio.
    """
    count, inner = max(1, min(SHOWN, dataset.samples_per_class)), width - 2 * GRID
    beside = inner - _NAME_WIDTH - 2 * GRID
    tile = _tile(dataset.side, beside, count, ratio)
    stacked = beside < _images(tile, count)
    if stacked:
        tile = _tile(dataset.side, inner, count, ratio)
    room = int(inner - _images(tile, count) - 2 * GRID)
    names = inner if stacked else min(_MAX_NAME_WIDTH, room)
    text = line + BAR + GRID // 2 if stacked else 2 * line + BAR + GRID // 2
    left = GRID if stacked else 3 * GRID + names
    content = text + GRID // 2 + tile if stacked else max(text, tile)
    height = round(content + 2 * GRID)
    return RowLayout(
        stacked=stacked, names=names, text=text, left=left, apart=tile + _SEPARATION, tile=tile,
        height=height, top=GRID + text + GRID // 2 if stacked else (height - tile) / 2,
        tiles=min(count, int((width - left - tile - _SEPARATION - GRID + GAP) // (tile + GAP))),
    )  # fmt: skip


def _tile(side: int, room: int, count: int, ratio: float) -> float:
    return tile_side(side, (room - _SEPARATION) / (count + 1) - GAP, ratio)


def _images(tile: float, count: int) -> float:
    """Width of the mean image and the samples."""
    return tile + _SEPARATION + count * (tile + GAP)
