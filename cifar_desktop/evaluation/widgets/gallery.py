"""A grid of classified images with the selected one enlarged; part of the Evaluation tab."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QComboBox,
    QHBoxLayout,
    QSizePolicy,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.evaluation.widgets.card_tabs import CardHeading
from cifar_desktop.evaluation.widgets.gallery_grid import GalleryGrid
from cifar_desktop.evaluation.widgets.gallery_model import GalleryModel, GallerySource
from cifar_desktop.evaluation.widgets.image_detail import ImageDetail
from cifar_desktop.look.type_scale import Text, label, set_size
from cifar_desktop.look.widgets import icon_button, small
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID

__all__ = ["GallerySource", "ImageGallery"]

_HIGH = 55 * GRID
_WIDE = 62 * GRID
_LOW = 45 * GRID
_DETAIL = 27 * GRID
_WIDEST = (1 << 24) - 1
_NARROW = 50 * GRID
_BACK = "Show all misclassified images, most confident first"


class ImageGallery(QWidget):
    """Shows images; only visible ones are created.

    Signals:
        selected: Position of the selected image; -1 for none.
        opened: Position of an image that was double-clicked or opened with Enter.
        class_chosen: Index of the true class to show the mistakes of; -1 for all.
    """

    selected = Signal(int)
    opened = Signal(int)
    class_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = GalleryModel(self)
        self.back = icon_button("chevL", "Back to all mistakes", _BACK)
        self.heading, self.count = ElidedLabel(), label(quiet=True)
        self.classes = QComboBox()
        self.zoom = QSlider(Qt.Orientation.Horizontal)
        self.grid, self.detail, self.empty = (
            GalleryGrid(self._model),
            ImageDetail(),
            label(quiet=True),
        )
        self._header, self._work, self._pages = CardHeading(), QWidget(), QStackedWidget()
        self._body = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._work)
        self._set_up_controls()
        self._lay_out()
        self.setFocusProxy(self.grid)
        self.grid.moved.connect(self._on_moved)
        self.grid.opened.connect(self.opened)
        self.grid.size_changed.connect(self.zoom.setValue)
        self.grid.sizes_changed.connect(self._offer_sizes)
        self.zoom.valueChanged.connect(self.grid.choose_size)
        self.classes.activated.connect(lambda row: self.class_chosen.emit(row - 1))
        self._offer_sizes()
        self.show_source(None, heading="", empty="")

    @property
    def position(self) -> int:
        """Position of the selected image; -1 for none."""
        return self.grid.position

    def show_source(self, source: GallerySource | None, *, heading: str, empty: str) -> None:
        """Show other images, with the first one selected.

        Args:
            source: The images; None if there is no report.
            heading: Heading above the images.
            empty: Text if there are no images.
        """
        self._model.show_source(source)
        self.heading.show_text(heading)
        self.grid.setAccessibleName(heading or "Images")
        self.empty.setText(empty)
        self._header.setVisible(source is not None)
        some = self._model.rowCount() > 0
        for part in (self.count, self.zoom):
            part.setVisible(some)
        self._pages.setCurrentWidget(self._work if some else self.empty)
        if some:
            # Tab enters at the grid, so the slider above must come after it. Qt ignores hidden
            # widgets, so this cannot be done earlier.
            self.setTabOrder(self.grid, self.classes)
            self.setTabOrder(self.classes, self.zoom)
            self.grid.go_to(0)
            self.grid.scrollToTop()
        else:
            self.selected.emit(-1)

    def offer_classes(self, names: Sequence[str]) -> None:
        """Offer to show the mistakes of one of these classes."""
        self.classes.clear()
        self.classes.addItems(["All classes", *names])

    def choose_class(self, index: int) -> None:
        """Show which class the images are of; -1 for several. Emits no signal."""
        self.classes.setCurrentIndex(index + 1)

    def select(self, position: int) -> None:
        """Select an image, and scroll to it."""
        self.grid.go_to(position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the selected image below the grid, or beside it where there is little height."""
        super().resizeEvent(event)
        height, low = event.size().height(), event.size().height() < _HIGH
        beside = low and event.size().width() >= _WIDE
        self._place(beside=beside, few=height < _LOW if beside else low)
        self.classes.setVisible(event.size().width() >= _NARROW)

    def _place(self, *, beside: bool, few: bool) -> None:
        ways = QBoxLayout.Direction
        self._body.setDirection(ways.LeftToRight if beside else ways.TopToBottom)
        self.detail.setMaximumWidth(_DETAIL if beside else _WIDEST)
        self.detail.setMinimumWidth(_DETAIL if beside else 0)
        self.detail.place(beside=beside, few=few)

    def _set_up_controls(self) -> None:
        set_size(self.heading, Text.STRONG)
        self.heading.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.back.setShortcut(QKeySequence.mnemonic("Back to all &mistakes"))
        self.back.hide()
        self.classes.setAccessibleName("True class")
        self.classes.setToolTip("Show the mistakes of one class")
        small(self.classes)
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.zoom.setAccessibleName("Image size")
        self.zoom.setToolTip("Image size (Ctrl+wheel, Ctrl+plus, Ctrl+minus)")
        self.zoom.setPageStep(1)
        self.zoom.setFixedWidth(10 * GRID)

    def _lay_out(self) -> None:
        row = QHBoxLayout(self._header)
        row.setContentsMargins(2 * GRID, 0, 2 * GRID, 0)
        row.setSpacing(GRID)
        for part, stretch in (
            (self.back, 0), (self.heading, 0), (self.count, 0), (None, 1),
            (self.classes, 0), (self.zoom, 0),
        ):  # fmt: skip
            if part is None:
                row.addStretch(stretch)
            else:
                row.addWidget(part)
        self._body.setContentsMargins(0, 0, 0, 0)
        self._body.setSpacing(0)
        self._body.addWidget(self.grid, 1)
        self._body.addWidget(self.detail)
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self._work)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header)
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
