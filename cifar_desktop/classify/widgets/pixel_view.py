"""Shows a tiny image as sharp pixels; used for the network's input."""

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill

_RADIUS = 6


class PixelView(QWidget):
    """A square of visible pixels, all of the same size.

    Args:
        side: Largest width and height on screen.
    """

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._largest = side
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage) -> None:
        """Show an image; an empty one clears the view."""
        resized = image.width() != self._image.width()
        self._image = image
        if resized:
            self.updateGeometry()
        self.update()

    def set_side(self, side: int) -> None:
        """Change the largest size on screen."""
        if side != self._largest:
            self._largest = side
            self.updateGeometry()
            self.update()

    @property
    def image(self) -> QImage:
        """The image on screen."""
        return self._image

    def sizeHint(self) -> QSize:
        """The largest square in which every pixel of the image takes equally much."""
        pixels = self._image.width() or 1
        side = self._largest // pixels * pixels or self._largest
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each pixel as a block with sharp edges."""
        painter, frame = QPainter(self), QRect(0, 0, self.width(), self.height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._image.isNull():
            fill(painter, frame, roles(self.palette()).track)
            return
        rounded = QPainterPath()
        rounded.addRoundedRect(frame, _RADIUS, _RADIUS)
        painter.setClipPath(rounded)
        painter.drawImage(frame, self._image)
