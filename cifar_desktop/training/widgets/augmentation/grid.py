"""Images beside their augmented versions, epoch by epoch; part of the Training tab."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.look.widgets import Card, flat, small, with_icon
from cifar_desktop.training.widgets.augmentation.single_image import AugmentedImage
from cifar_desktop.ui.image_tiles import GAP, image, paint_tile, tile_side
from cifar_desktop.ui.style import GRID

_NOTHING = "Once the dataset is loaded, this shows how training augments its images."
_NAME_WIDTH = 12 * GRID
_SEPARATION = 2 * GRID
_FIRST = "Original"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Layout:
    """Columns: names where there is room, originals, then epochs. Sizes in pixels."""

    names: int
    tile: float
    epochs: int
    heading: int

    def column(self, column: int) -> float:
        """Left edge of a column; 0 is the column of originals."""
        left = GRID + self.names + column * (self.tile + GAP)
        return left + _SEPARATION if column else left

    def row(self, row: int) -> float:
        """Top edge of a row."""
        return self.heading + row * (self.tile + 2 * GAP)


class AugmentedGrid(Card):
    """One row per image, the original and each epoch; or a single image, larger.

    Signals:
        all_requested: The user wants to see all classes instead of the single image.
    """

    all_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.caption = label(quiet=True)
        self.caption.setWordWrap(True)
        self.back = QPushButton("&Back to all classes")
        self.back.setToolTip("Show one image of each class instead of this one")
        self.back.clicked.connect(self.all_requested)
        with_icon(flat(self.back), "chevL")
        small(self.back)
        self.back.hide()
        self.table, self.single = _Table(), AugmentedImage()
        self._areas = {self.table: _area(self.table), self.single: _area(self.single)}
        header = QHBoxLayout()
        step = unit()
        header.setContentsMargins(step + step // 2, 0, step // 2, 0)
        header.setSpacing(step)
        header.addWidget(label("What training sees", Text.STRONG), 0, Qt.AlignmentFlag.AlignTop)
        header.addWidget(self.caption, 1)
        header.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, step, 1, step // 2)
        layout.setSpacing(step)
        layout.addLayout(header)
        for area in self._areas.values():
            layout.addWidget(area, 1)
        layout.addStretch(0)
        self.show_message(_NOTHING)

    def show_images(
        self, names: Sequence[str], originals: bytes, augmented: bytes, *, side: int, epochs: int
    ) -> None:
        """Show one row per image.

        Args:
            names: Class name of each image.
            originals: RGB bytes of shape [names, side, side, 3].
            augmented: RGB bytes of shape [epochs, names, side, side, 3].
            side: Width and height of an image in pixels.
            epochs: Number of epochs.
        """
        count = len(names)
        pixels = originals + augmented
        columns = [
            [image(pixels, side, column * count + row) for row in range(count)]
            for column in range(epochs + 1)
        ]
        self.table.show_columns(names, columns, side)
        self._show(self.table)
        self._areas[self.table].setAccessibleDescription(
            f"{count} images, each as the original and in {epochs} epochs: {', '.join(names)}"
        )

    def show_image(
        self, name: str, original: bytes, augmented: bytes, *, side: int, epochs: int
    ) -> None:
        """Show a single image, larger.

        Args:
            name: Class name.
            original: RGB bytes of shape [side, side, 3].
            augmented: RGB bytes of shape [epochs, side, side, 3].
            side: Width and height in pixels.
            epochs: Number of epochs.
        """
        pixels = original + augmented
        tiles = [image(pixels, side, each) for each in range(epochs + 1)]
        self.single.show_tiles(name, tiles, side)
        self._show(self.single)
        self._areas[self.single].setAccessibleDescription(
            f"An image of {name}: the original and {epochs} epochs"
        )

    def offer_all(self, *, offered: bool) -> None:
        """Show or hide the button that leads back to all classes."""
        self.back.setVisible(offered)

    def show_caption(self, text: str) -> None:
        """Describe the augmentation."""
        self.caption.setText(text)

    def show_message(self, text: str) -> None:
        """Show why there are no images."""
        self._show(None)
        self.caption.setText(text or _NOTHING)
        self.table.show_columns((), (), 1)
        self.single.show_tiles("", (), 1)

    def _show(self, shown: QWidget | None) -> None:
        for widget, area in self._areas.items():
            area.setVisible(widget is shown)


class _Table(QWidget):
    """Paints the images under column headings."""

    def __init__(self) -> None:
        super().__init__()
        self._names: Sequence[str] = ()
        self._columns: Sequence[Sequence[QImage]] = ()
        self._side = 1
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    @property
    def columns(self) -> Sequence[Sequence[QImage]]:
        """The images: originals, then each epoch."""
        return self._columns

    def show_columns(
        self, names: Sequence[str], columns: Sequence[Sequence[QImage]], side: int
    ) -> None:
        """Show these images."""
        self._names, self._columns, self._side = names, columns, side
        self._fit()
        self.update()

    def minimumSizeHint(self) -> QSize:
        """High enough for all rows."""
        return QSize(0, round(self._grid_layout().row(len(self._names))) + GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out for the new width."""
        super().resizeEvent(event)
        self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the table."""
        if not self._columns:
            return
        painter, layout = QPainter(self), self._grid_layout()
        painter.setPen(roles(self.palette()).quiet)
        self._paint_headings(painter, layout)
        if layout.names:
            self._paint_names(painter, layout)
        for column, images in enumerate(self._columns[: layout.epochs + 1]):
            for row, tile in enumerate(images):
                place = QRectF(layout.column(column), layout.row(row), layout.tile, layout.tile)
                paint_tile(painter, place, tile, self.palette())

    def _fit(self) -> None:
        self.setMinimumHeight(self.minimumSizeHint().height())

    def _grid_layout(self) -> _Layout:
        """Omit the names, then epochs, where there is not enough room."""
        columns, ratio = max(1, len(self._columns)), self.devicePixelRatio()
        room = self.width() - 2 * GRID - _SEPARATION
        names = _NAME_WIDTH
        tile = tile_side(self._side, (room - names) / columns - GAP, ratio)
        if (tile + GAP) * columns > room - names:
            names, tile = 0, tile_side(self._side, room / columns - GAP, ratio)
        epochs = min(columns - 1, int((room - names + GAP) // (tile + GAP)) - 1)
        heading = self.fontMetrics().height() + GRID
        return _Layout(names=names, tile=tile, epochs=max(0, epochs), heading=heading)

    def _paint_headings(self, painter: QPainter, layout: _Layout) -> None:
        widest = self.fontMetrics().horizontalAdvance(f"Epoch {layout.epochs}")
        prefix = "Epoch " if widest < layout.tile else ""
        for column in range(layout.epochs + 1):
            text = f"{prefix}{column}" if column else _FIRST
            # The first heading may be wider than its column: a gap follows it.
            width = layout.tile if column else layout.tile + _SEPARATION
            place = QRectF(layout.column(column), GRID // 2, width, layout.heading - GRID // 2)
            where = Qt.AlignmentFlag.AlignHCenter if column else Qt.AlignmentFlag.AlignLeft
            painter.drawText(place, where, text)

    def _paint_names(self, painter: QPainter, layout: _Layout) -> None:
        metrics, width = self.fontMetrics(), layout.names - GRID
        for row, name in enumerate(self._names):
            text = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width)
            place = QRectF(GRID, layout.row(row), width, layout.tile)
            painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


def _area(content: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(content)
    area.viewport().setAutoFillBackground(False)
    content.setAutoFillBackground(False)
    area.setAccessibleName("Augmentation (preview)")
    return area
