"""The left half of the Classify tab: file name, picture, and a hint on cropping."""

from PySide6.QtCore import QRectF, Signal, Slot
from PySide6.QtGui import QFont, QImage
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.classify.widgets.crop_geometry import is_whole
from cifar_desktop.classify.widgets.crop_view import CropView
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID, scaled_font

_HINT = "Drag over the picture to crop it"
_HINT_CROP = "Only the crop is classified"


class PicturePane(QWidget):
    """Shows a picture with its name.

    Signals:
        crop_changed: The crop as QRectF, in fractions of width and height.
    """

    crop_changed = Signal(QRectF)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = ElidedLabel(self)
        self.name.setFont(scaled_font(self, 1.0, QFont.Weight.DemiBold))
        self.view = CropView(self)
        self.view.crop_changed.connect(self._on_crop_changed)
        self.hint = ElidedLabel(self)
        self.hint.setForegroundRole(self.hint.palette().ColorRole.PlaceholderText)
        self.whole = QPushButton("&Whole picture", self)
        self.whole.setToolTip("Classify the whole picture again (double-click or Esc)")
        self.whole.clicked.connect(self.view.choose_whole)
        self._arrange()
        self._show_hint(cropped=False)

    def show_picture(self, image: QImage, name: str, origin: str) -> None:
        """Show another picture."""
        self.name.show_text(name, origin)
        self.view.show_image(image)
        self.view.setToolTip("")
        self._show_hint(cropped=False)

    def _arrange(self) -> None:
        footer = QHBoxLayout()
        footer.setSpacing(GRID)
        footer.addWidget(self.hint, 1)
        footer.addWidget(self.whole)
        # The row keeps its height, so that cropping does not move the picture.
        footer.addStrut(self.whole.sizeHint().height())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.name)
        layout.addWidget(self.view, 1)
        layout.addLayout(footer)

    def _show_hint(self, *, cropped: bool) -> None:
        self.hint.show_text(
            _HINT_CROP if cropped else _HINT,
            "With the keyboard: arrows move the crop, Shift+arrows resize it, + and - scale it, "
            "Esc resets it. Hold Shift while dragging for a square.",
        )
        self.whole.setVisible(cropped)

    @Slot(QRectF)
    def _on_crop_changed(self, crop: QRectF) -> None:
        cropped = not is_whole(crop)
        if not cropped and self.whole.hasFocus():
            self.view.setFocus()
        self._show_hint(cropped=cropped)
        self.crop_changed.emit(crop)
