"""Where the parts of a row of the sample grid go; used by `sample_rows` and `sample_list`."""

from dataclasses import dataclass

from PySide6.QtCore import QRectF

from cifar_desktop.training.widgets.dataset.sample_pager import SHOWN
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.image_tiles import GAP, tile_side
from cifar_desktop.ui.style import GRID

MEAN = 0
"""Column of the mean image; those of the samples follow."""

BAR = 3
_APART = GRID + GRID // 2
_NAMES = 18 * GRID
_WIDEST_NAMES = 24 * GRID


@dataclass(frozen=True, slots=True, kw_only=True)
class RowLayout:
    """Where the parts of a row go, in a view of some width.

    Attributes:
        stacked: Whether the images are below the name instead of beside it.
        names: Width for name, counts and bar.
        text: Height for them.
        left: Where the images begin.
        apart: From where the mean image begins to where the samples begin.
        top: Where they begin, from the row's upper edge.
        tile: Their side.
        tiles: How many samples there is room for.
        height: Of the row.
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
        """Where an image goes, from the row's upper left corner."""
        past_mean = self.apart + (column - 1) * (self.tile + GAP) if column > MEAN else 0.0
        return QRectF(self.left + past_mean, self.top, self.tile, self.tile)

    def column(self, x: float, y: float) -> int | None:
        """Which image is at a place."""
        columns = range(self.tiles + 1)
        return next((each for each in columns if self.place(each).contains(x, y)), None)


def plan(width: int, line: int, described: DatasetInfo, ratio: float) -> RowLayout:
    """Arrange a row: beside each other if there is room, otherwise below each other.

    Args:
        width: Of the view.
        line: Height of a line of text.
        described: What is shown.
        ratio: Screen pixels for each of the view's units.
    """
    wanted, inner = max(1, min(SHOWN, described.samples_per_class)), width - 2 * GRID
    beside = inner - _NAMES - 2 * GRID
    tile = _tile(described.side, beside, wanted, ratio)
    stacked = beside < _images(tile, wanted)
    if stacked:
        tile = _tile(described.side, inner, wanted, ratio)
    room = int(inner - _images(tile, wanted) - 2 * GRID)
    names = inner if stacked else min(_WIDEST_NAMES, room)
    text = line + BAR + GRID // 2 if stacked else 2 * line + BAR + GRID // 2
    left = GRID if stacked else 3 * GRID + names
    content = text + GRID // 2 + tile if stacked else max(text, tile)
    height = round(content + 2 * GRID)
    return RowLayout(
        stacked=stacked, names=names, text=text, left=left, apart=tile + _APART, tile=tile,
        height=height, top=GRID + text + GRID // 2 if stacked else (height - tile) / 2,
        tiles=min(wanted, int((width - left - tile - _APART - GRID + GAP) // (tile + GAP))),
    )  # fmt: skip


def _tile(side: int, room: int, wanted: int, ratio: float) -> float:
    return tile_side(side, (room - _APART) / (wanted + 1) - GAP, ratio)


def _images(tile: float, wanted: int) -> float:
    """Width of the mean image and the samples."""
    return tile + _APART + wanted * (tile + GAP)
