"""Many small images with answers, and the selected one enlarged; part of the Evaluation tab."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFont, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QGridLayout,
    QLabel,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.evaluation.widgets.gallery_grid import GalleryGrid
from cifar_desktop.evaluation.widgets.gallery_model import GalleryModel, GallerySource
from cifar_desktop.evaluation.widgets.image_detail import ImageDetail
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID, quiet, scaled_font

__all__ = ["GallerySource", "ImageGallery"]

_HIGH = 55 * GRID
_WIDE = 62 * GRID
_LOW = 45 * GRID
_DETAIL = 27 * GRID
_WIDEST_DETAIL = 90 * GRID


class ImageGallery(QWidget):
    """Shows images; what is not in sight costs nothing.

    Signals:
        selected: Position of the image that is selected now; -1 if none is.
        opened: Position of an image that was double-clicked, or Enter pressed on.
    """

    selected = Signal(int)
    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = GalleryModel(self)
        self.heading, self.count = ElidedLabel(), QLabel()
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.grid, self.detail, self.empty = GalleryGrid(self._model), ImageDetail(), quiet()
        self._head, self._work, self._pages = QWidget(), QWidget(), QStackedWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._work)
        self._name_controls()
        self._lay_out()
        self.setFocusProxy(self.grid)
        self.grid.moved.connect(self._on_moved)
        self.grid.opened.connect(self.opened)
        self.grid.size_changed.connect(self.zoom.setValue)
        self.grid.sizes_changed.connect(self._offer_sizes)
        self.zoom.valueChanged.connect(self.grid.choose_size)
        self._offer_sizes()
        self.show_source(None, heading="", empty="")

    @property
    def position(self) -> int:
        """Of the selected image; -1 if there is none."""
        return self.grid.position

    def show_source(self, source: GallerySource | None, *, heading: str, empty: str) -> None:
        """Show other images, the first one selected.

        Args:
            source: The images; None if there is nothing to look for.
            heading: What they have in common.
            empty: What to say if there are none.
        """
        self._model.show_source(source)
        self.heading.show_text(heading)
        self.grid.setAccessibleName(heading or "Images")
        self.empty.setText(empty)
        self._head.setVisible(source is not None)
        some = self._model.rowCount() > 0
        for part in (self.count, self.zoom):
            part.setVisible(some)
        self._pages.setCurrentWidget(self._work if some else self.empty)
        if some:
            # Whoever comes by Tab begins in the grid: what stands before it must come after it. Qt
            # leaves out what is hidden, so this has to wait until now.
            self.setTabOrder(self.grid, self.zoom)
            self.grid.go_to(0)
            self.grid.scrollToTop()
        else:
            self.selected.emit(-1)

    def select(self, position: int) -> None:
        """Select an image, and bring it into sight."""
        self.grid.go_to(position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the selected image below the others, or beside them where it is low."""
        super().resizeEvent(event)
        height, low = event.size().height(), event.size().height() < _HIGH
        beside = low and event.size().width() >= _WIDE
        self._place(beside=beside, few=height < _LOW if beside else low)
        self._head_in(1 if low or event.size().width() >= _WIDE else 2)

    def _place(self, *, beside: bool, few: bool) -> None:
        ways = QBoxLayout.Direction
        self._body.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self.detail.setMaximumWidth(_DETAIL if beside else _WIDEST_DETAIL)
        self.detail.setMinimumWidth(_DETAIL if beside else 0)
        self.detail.place(beside=beside, few=few)

    def _head_in(self, rows: int) -> None:
        """Give the heading a row of its own where it would be shortened otherwise."""
        below = rows - 1
        self._head_grid.addWidget(self.heading, 0, 0, 1, 3 if below else 1)
        self._head_grid.addWidget(self.count, below, 0 if below else 1)
        self._head_grid.addWidget(self.zoom, below, 2)

    def _name_controls(self) -> None:
        self.heading.setFont(scaled_font(self.heading, 1.1, QFont.Weight.DemiBold))
        self.count.setForegroundRole(quiet().foregroundRole())
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom.setAccessibleName("Size of the images")
        self.zoom.setToolTip(
            "How large the images are (Ctrl and the wheel, Ctrl and plus or minus)"
        )
        self.zoom.setPageStep(1)
        self.zoom.setFixedWidth(10 * GRID)

    def _lay_out(self) -> None:
        self._head_grid = QGridLayout(self._head)
        self._head_grid.setContentsMargins(0, 0, 0, 0)
        self._head_grid.setHorizontalSpacing(GRID + GRID // 2)
        self._head_grid.setVerticalSpacing(0)
        self._head_grid.setColumnStretch(0, 1)
        self._head_in(1)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(GRID + GRID // 2)
        self._body.addWidget(self.grid, 1)
        self._body.addWidget(self.detail)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self._head)
        layout.addWidget(self._pages, 1)

    @Slot()
    def _offer_sizes(self) -> None:
        self.zoom.blockSignals(True)  # noqa: FBT003 (Qt's own argument)
        self.zoom.setRange(0, len(self.grid.sizes) - 1)
        self.zoom.setValue(self.grid.size_index)
        self.zoom.blockSignals(False)  # noqa: FBT003

    @Slot(int)
    def _on_moved(self, position: int) -> None:
        source = self._model.source
        if position < 0 or source is None:
            return
        self.count.setText(f"{position + 1:,} of {len(source):,}")
        self.detail.show_image(source, position, self._model.image(position))
        self.selected.emit(position)
