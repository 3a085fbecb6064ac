"""The stage of the Classify tab: the picture, and a bar with its name and size."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from cifar_desktop.classify.widgets.crop_geometry import is_whole
from cifar_desktop.classify.widgets.crop_view import CropView
from cifar_desktop.look.type_scale import Text, label, set_size, unit
from cifar_desktop.look.widgets import Page, flat, with_icon
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.formatting import size as size_text

_HINT = "Drag over the picture to crop it"
_KEYS = (
    "With the keyboard: arrows move the crop, Shift+arrows resize it, + and - scale it, Esc resets "
    "it. Hold Shift while dragging for a square."
)
_BAR = 6.5
"""Height of the bar in units."""
_MARGIN, _TIGHT = 2, 1
"""Margins around the picture in units."""
_LOW, _NARROW, _NARROWEST = 62, 62, 40
"""The height in units below which margins are smaller; the widths below which the hint, then the
picture's size, is left out."""


class PicturePane(Page):
    """Shows a picture with its name.

    Signals:
        crop_changed: The crop as QRectF, in fractions of width and height.
    """

    crop_changed = Signal(QRectF)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(self)
        set_size(self.name, Text.STRONG)
        # As wide as its text, so that the size stands beside it.
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.size_label = label(quiet=True)
        self.view = CropView(self)
        self.view.crop_changed.connect(self._on_crop_changed)
        self.hint = label(_HINT, quiet=True)
        self.hint.setToolTip(_KEYS)
        self.whole = flat(QPushButton("&Whole picture", self))
        with_icon(self.whole, "whole")
        self.whole.setToolTip("Classify the whole picture again (double-click or Esc)")
        self.whole.clicked.connect(self.view.choose_whole)
        self._arrange()
        self._show_bar()

    def show_picture(self, image: QImage, name: str, origin: str, pixels: QSize) -> None:
        """Show another picture; `pixels` is its size before any downscaling."""
        self.name.show_text(name, origin)
        self.size_label.setText(size_text(pixels.width(), pixels.height()))
        self.view.show_image(image, pixels)
        self._show_bar()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leave the picture more room where there is little."""
        super().resizeEvent(event)
        self.fit()

    def fit(self) -> None:
        """Choose margins for the size of the stage and of the text."""
        margin = (_TIGHT if self.height() < _LOW * unit() else _MARGIN) * unit()
        self._around.setContentsMargins(margin, margin, margin, 0)
        # The bar keeps its height, so that cropping does not move the picture.
        self._bar.setFixedHeight(round(_BAR * unit()))
        self._show_bar()

    def _arrange(self) -> None:
        self._bar = QWidget()
        bar = QHBoxLayout(self._bar)
        bar.setContentsMargins(20, 0, 10, 0)
        bar.setSpacing(12)
        bar.addWidget(self.name, 0, Qt.AlignmentFlag.AlignVCenter)
        bar.addWidget(self.size_label)
        bar.addStretch(1)
        bar.addWidget(self.hint)
        bar.addWidget(self.whole)
        self._around = QVBoxLayout()
        self._around.addWidget(self.view)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._around, 1)
        layout.addWidget(self._bar)

    def _show_bar(self) -> None:
        cropped = not is_whole(self.view.crop)
        self.whole.setVisible(cropped)
        self.hint.setVisible(not cropped and self.width() >= _NARROW * unit())
        self.size_label.setVisible(self.width() >= _NARROWEST * unit())

    @Slot(QRectF)
    def _on_crop_changed(self, crop: QRectF) -> None:
        if is_whole(crop) and self.whole.hasFocus():
            self.view.setFocus()
        self._show_bar()
        self.crop_changed.emit(crop)
