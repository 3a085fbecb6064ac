"""Shows a tiny image as sharp pixels; used for the network's input."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.ui.style import blend


class PixelView(QWidget):
    """A square of visible pixels.

    Args:
        side: Width and height on screen.
    """

    def __init__(self, side: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._side = side
        self._image = QImage()
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_image(self, image: QImage) -> None:
        """Show an image; an empty one clears the view."""
        self._image = image
        self.update()

    def set_side(self, side: int) -> None:
        """Change the size on screen."""
        if side != self._side:
            self._side = side
            self.updateGeometry()
            self.update()

    @property
    def image(self) -> QImage:
        """The image on screen."""
        return self._image

    def sizeHint(self) -> QSize:
        """The square."""
        return QSize(self._side, self._side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint each pixel as a block with sharp edges."""
        painter = QPainter(self)
        frame = QRect(0, 0, self._side - 1, self._side - 1)
        if not self._image.isNull():
            painter.drawImage(frame, self._image)
        painter.setPen(blend(self.palette(), QPalette.ColorRole.WindowText, 0.25))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(frame)
