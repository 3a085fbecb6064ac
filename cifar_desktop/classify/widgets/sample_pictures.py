"""Pictures of the empty page: a stack as an eye-catcher, and samples to click."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QEnterEvent, QImageReader, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget

from cifar_desktop.look.colors import BLACK
from cifar_desktop.look.icons import tinted
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill, outline
from cifar_desktop.look.type_scale import Text, font, unit

_RATIO = 0.75
_WIDEST, _NARROWEST, _GAP = 16.5, 9.0, 2.0
"""Widths of a sample and the distance between two, in units."""
_RADIUS = 6
_FRAME = 3
_STACK = ((-9.0, -0.52, 0.12), (9.0, 0.52, 0.12), (0.0, 0.0, 0.0))
"""Turn in degrees, shift to the right and down, as shares of the width, of each photo."""
_BUTTON, _ARROW = 5.0, 20
_SHADOW = 0.05


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture that comes with the program.

    Attributes:
        path: Its file.
        caption: What it shows.
    """

    path: Path
    caption: str


def scaled_picture(path: Path, size: QSize, scale: float) -> QPixmap:
    """A picture of a file in a size, with `scale` pixels for each of the screen's."""
    reader = QImageReader(str(path))
    # A JPEG is decoded at a fraction of its size for a fraction of the time.
    reader.setScaledSize(size * scale)
    found = QPixmap.fromImage(reader.read())
    found.setDevicePixelRatio(scale)
    return found


class PhotoStack(QWidget):
    """Three photos and an arrow: things can be dropped here."""

    def __init__(self, pictures: Sequence[Path]) -> None:
        super().__init__()
        self._paths = pictures
        self._pictures: list[QPixmap] = []
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def changeEvent(self, event: QEvent) -> None:
        """Draw the photos again in another size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._pictures.clear()

    def sizeHint(self) -> QSize:
        """Room for the stack and the arrow."""
        return QSize(35 * unit(), 17 * unit())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the photos, the middle one on top."""
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        width = 14.5 * unit()
        size = QSize(round(width), round(width * _RATIO))
        if not self._pictures:
            scale = self.devicePixelRatioF()
            self._pictures = [scaled_picture(path, size, scale) for path in self._paths]
        for picture, (turn, right, down) in zip(self._pictures, _STACK, strict=True):
            painter.save()
            painter.translate(self.width() / 2 + right * width, 7 * unit() + down * width)
            painter.rotate(turn)
            self._paint_photo(painter, picture, size)
            painter.restore()
        self._paint_arrow(painter)

    def _paint_photo(self, painter: QPainter, picture: QPixmap, size: QSize) -> None:
        place = QRectF(-size.width() / 2, -size.height() / 2, size.width(), size.height())
        framed = place.adjusted(-_FRAME, -_FRAME, _FRAME, _FRAME)
        _paint_shadow(painter, framed)
        fill(painter, framed, roles(self.palette()).raised)
        painter.drawPixmap(place.topLeft(), picture)

    def _paint_arrow(self, painter: QPainter) -> None:
        found, side = roles(self.palette()), _BUTTON * unit()
        circle = QRectF((self.width() - side) / 2, self.height() - side - unit(), side, side)
        _paint_shadow(painter, circle, side / 2)
        fill(painter, circle, found.fill, side / 2)
        arrow = tinted("arrow", found.on_fill, _ARROW, self.devicePixelRatioF())
        painter.translate(circle.center())
        painter.rotate(90)
        painter.drawPixmap(QPointF(-_ARROW / 2, -_ARROW / 2), arrow)


def _paint_shadow(painter: QPainter, rect: QRectF, radius: float = _RADIUS) -> None:
    shade = BLACK.toRgb()
    shade.setAlphaF(_SHADOW)
    for spread in (1, 3, 5):
        fill(
            painter, rect.adjusted(-spread, 2 - spread, spread, 2 + spread), shade, radius + spread
        )


class SampleButton(QAbstractButton):
    """A sample picture with its caption."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path, self._picture = path, QPixmap()
        self._width = round(_WIDEST * unit())
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_caption(self, caption: str) -> None:
        """Show what the picture is of."""
        self.setText(caption)
        self.setAccessibleName(f"Sample picture: {caption}")
        self.update()

    def set_width(self, width: int) -> None:
        """Change the width of the picture."""
        if width != self._width:
            self._width, self._picture = width, QPixmap()
            self.updateGeometry()

    def sizeHint(self) -> QSize:
        """The picture, its focus ring and a line of text."""
        return QSize(self._width + 8, round(self._width * _RATIO) + 8 + 3 * unit())

    def enterEvent(self, event: QEnterEvent) -> None:
        """Show that it can be clicked."""
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture and the caption below."""
        painter, found = QPainter(self), roles(self.palette())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRect(4, 4, self._width, round(self._width * _RATIO))
        if self._picture.isNull():
            self._picture = self._drawn(place.size())
        painter.drawPixmap(place, self._picture)
        keyboard = self.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
        if self.underMouse() or (self.hasFocus() and keyboard):
            outline(painter, place.adjusted(-4, -4, 4, 4), found.mark, width=2, radius=_RADIUS + 4)
        painter.setFont(font(Text.CAPTION))
        painter.setPen(found.text)
        words = self.rect().adjusted(0, place.bottom() + 5, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignCenter, self.text())

    def _drawn(self, size: QSize) -> QPixmap:
        scale = self.devicePixelRatioF()
        drawn = QPixmap(size * scale)
        drawn.setDevicePixelRatio(scale)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        fill(painter, QRect(QPointF(0, 0).toPoint(), size), BLACK, _RADIUS)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.drawPixmap(0, 0, scaled_picture(self._path, size, scale))
        painter.end()
        return drawn


class SampleRow(QWidget):
    """Sample pictures beside each other.

    Signals:
        chosen: Path of the picture that was clicked.
    """

    chosen = Signal(Path)

    def __init__(self, samples: Sequence[Sample]) -> None:
        super().__init__()
        self.buttons = [SampleButton(sample.path) for sample in samples]
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addStretch(1)
        for button, sample in zip(self.buttons, samples, strict=True):
            button.clicked.connect(lambda _checked=False, path=sample.path: self.chosen.emit(path))
            button.show_caption(sample.caption)
            row.addWidget(button)
        row.addStretch(1)

    def fit(self, width: int) -> None:
        """Choose the size of the pictures for a row of this width."""
        gap = _GAP * unit()
        each = min((width + gap) / len(self.buttons) - gap, _WIDEST * unit())
        for button in self.buttons:
            button.set_width(round(max(each, _NARROWEST * unit())))
        spare = gap if each >= _WIDEST * unit() else gap / 2
        self._row.setSpacing(max(0, round(spare) - 8))
