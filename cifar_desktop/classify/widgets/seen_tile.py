"""The picture as the network gets it, with a caption; part of the prediction panel."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from cifar_desktop.classify.widgets.pixel_view import PixelView
from cifar_desktop.look.type_scale import Text, label, unit

_TITLE = "What the network sees"
_UNITS = 20
"""The usual side, five pixels for each of 32."""


class SeenTile(QWidget):
    """The network's input, as large sharp pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.view = PixelView(_UNITS * unit())
        self.view.setAccessibleName(_TITLE)
        self.title, self.caption = label(_TITLE, Text.STRONG), label(quiet=True)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        for text in (self.title, self.caption):
            text.setWordWrap(True)
            words.addWidget(text)
        words.addStretch(1)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(16)
        self._row.addWidget(self.view, 0, Qt.AlignmentFlag.AlignLeft)
        self._row.addLayout(words, 1)

    def show_seen(self, image: QImage, caption: str) -> None:
        """Show another input with its size; an empty one clears the tile."""
        self.view.show_image(image)
        self.caption.setText(caption)

    def set_units(self, units: int) -> None:
        """Change the largest side; the caption goes below a large one."""
        self.view.set_side(units * unit())
        directions = QBoxLayout.Direction
        below = units > _UNITS
        self._row.setDirection(directions.TopToBottom if below else directions.LeftToRight)
        self._row.setSpacing(unit() if below else 2 * unit())
