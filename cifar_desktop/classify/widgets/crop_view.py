"""The picture with the crop that is classified; part of the Classify tab."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from cifar_desktop.classify.widgets import crop_geometry as geometry
from cifar_desktop.classify.widgets.crop_frame import dimmed, has_grip, paint_crop
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import outline, rounded_picture
from cifar_desktop.look.type_scale import unit
from cifar_desktop.ui.formatting import size as size_text

_MARGIN = 4
"""Room for the focus ring around the picture."""
_RADIUS = 4.0
_REACH = 16
"""How far from a corner or grip a press takes it."""
_STEP = 0.02
_ZOOM = 1.15
_ARROWS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}
_CURSORS = {
    (-1, -1): Qt.CursorShape.SizeFDiagCursor,
    (1, 1): Qt.CursorShape.SizeFDiagCursor,
    (1, -1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 1): Qt.CursorShape.SizeBDiagCursor,
    (-1, 0): Qt.CursorShape.SizeHorCursor,
    (1, 0): Qt.CursorShape.SizeHorCursor,
    (0, -1): Qt.CursorShape.SizeVerCursor,
    (0, 1): Qt.CursorShape.SizeVerCursor,
}
_BY_KEYBOARD = Qt.WidgetAttribute.WA_KeyboardFocusChange
_LARGEST = 4
"""The magnification that a picture is shown with at most; its pixels are then drawn sharp."""


class CropView(QWidget):
    """Shows a picture; the mouse or the keyboard crops it.

    Signals:
        crop_changed: The crop as QRectF, in fractions of width and height.
    """

    crop_changed = Signal(QRectF)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._scaled, self._dimmed = QPixmap(), QPixmap()
        self._pixels = QSize()
        self._crop = geometry.whole()
        self._anchor: QPointF | None = None
        self._grip: QPointF | None = None
        self._edge: tuple[int, int] | None = None
        self._pressed = QPointF()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Picture")
        self._describe()

    @property
    def crop(self) -> QRectF:
        """The current crop, in fractions of width and height."""
        return QRectF(self._crop)

    @property
    def dragging(self) -> bool:
        """Whether the mouse is changing the crop at this moment."""
        return any(part is not None for part in (self._anchor, self._grip, self._edge))

    def show_image(self, image: QImage, pixels: QSize | None = None) -> None:
        """Show another picture, uncropped; `pixels` is its size before any downscaling."""
        self._image, self._pixels = image, pixels or image.size()
        self._scaled = QPixmap()
        self._crop = geometry.whole()
        self._anchor = self._grip = self._edge = None
        self._describe()
        self.update()

    def choose_crop(self, crop: QRectF) -> None:
        """Set the crop and emit `crop_changed`."""
        if self._image.isNull() or crop == self._crop:
            return
        self._crop = geometry.whole() if geometry.is_whole(crop) else crop
        self._describe()
        self.update()
        self.crop_changed.emit(self.crop)

    def choose_whole(self) -> None:
        """Reset the crop to the whole picture."""
        self.choose_crop(geometry.whole())

    def sizeHint(self) -> QSize:
        """A large size; the layout decides."""
        return QSize(60 * unit(), 45 * unit())

    def minimumSizeHint(self) -> QSize:
        """Large enough to recognize something."""
        return QSize(16 * unit(), 12 * unit())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw, resize or move a crop."""
        if event.button() != Qt.MouseButton.LeftButton or self._image.isNull():
            return
        self._pressed = event.position()
        found = self._handle_at(self._pressed)
        inside = self._crop_on_screen().contains(self._pressed)
        if found in geometry.EDGES:
            self._edge = found
        elif found is not None:
            self._anchor = geometry.handle(self._crop, (-found[0], -found[1]))
        elif inside and not geometry.is_whole(self._crop):
            self._grip = self._to_picture(self._pressed) - self._crop.topLeft()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Draw, resize or move; without a button, show what a press would do."""
        if not event.buttons() & Qt.MouseButton.LeftButton:
            self._show_cursor(event.position())
            return
        point = self._to_picture(event.position())
        if self._grip is not None:
            to = point - self._grip - self._crop.topLeft()
            self.choose_crop(geometry.moved(self._crop, to.x(), to.y()))
        elif self._edge is not None:
            self.choose_crop(geometry.pulled(self._crop, self._edge, point))
        elif self._anchor is not None or self._is_drag(event.position()):
            self._anchor = self._anchor or self._clamped(self._to_picture(self._pressed))
            square = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            ratio = self._image.width() / self._image.height() if square else None
            self.choose_crop(geometry.spanned(self._anchor, point, square=ratio))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Finish the drag."""
        self._anchor = self._grip = self._edge = None
        self.update()

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        """Reset the crop."""
        self.choose_whole()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the crop, Shift+arrows resize it, + and - scale it."""
        key = Qt.Key(event.key())
        if self._image.isNull():
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self._push(
                *_ARROWS[key], resize=bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            )
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.choose_crop(geometry.scaled(self._crop, _ZOOM))
        elif key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
            self.choose_crop(geometry.scaled(self._crop, 1 / _ZOOM))
        elif key == Qt.Key.Key_Escape and not geometry.is_whole(self._crop):
            self.choose_whole()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Stop showing the focus."""
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the picture, the shaded area outside the crop, and the focus."""
        if self._image.isNull():
            return
        painter, frame = QPainter(self), self._frame()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        picture = self._pixmap(frame.size())
        if geometry.is_whole(self._crop):
            painter.drawPixmap(frame, picture)
        else:
            self._paint_crop(painter, frame, picture)
        if self.hasFocus() and self.window().testAttribute(_BY_KEYBOARD):
            around = QRectF(frame).adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
            outline(painter, around, roles(self.palette()).mark, width=2, radius=6)

    def _paint_crop(self, painter: QPainter, frame: QRect, picture: QPixmap) -> None:
        if self._dimmed.isNull():
            self._dimmed = dimmed(picture)
        crop, place, scale = self._crop, self._crop_on_screen(), picture.width() / frame.width()
        part = QRectF((place.topLeft() - frame.topLeft()) * scale, place.size() * scale)
        painter.drawPixmap(frame, self._dimmed)
        painter.drawPixmap(place, picture, part)
        width, height = crop.width() * self._pixels.width(), crop.height() * self._pixels.height()
        paint_crop(painter, place, size_text(width, height), thirds=self.dragging)

    def _pixmap(self, size: QSize) -> QPixmap:
        """The picture at the size and resolution of the screen; cached until either changes."""
        pixels = (QSizeF(size) * self.devicePixelRatioF()).toSize()
        if self._scaled.size() != pixels:
            enlarged = pixels.width() / self._image.width() >= _LARGEST
            mode = Qt.TransformationMode
            smooth = mode.FastTransformation if enlarged else mode.SmoothTransformation
            ignore = Qt.AspectRatioMode.IgnoreAspectRatio
            self._dimmed = QPixmap()
            self._scaled = rounded_picture(
                self._image.scaled(pixels, ignore, smooth), _RADIUS * self.devicePixelRatioF()
            )
        return self._scaled

    def _frame(self) -> QRect:
        """The rectangle in which the picture is painted."""
        room = self.rect().adjusted(_MARGIN, _MARGIN, -_MARGIN, -_MARGIN)
        most = room.size().boundedTo(self._image.size() * _LARGEST)
        size = self._image.size().scaled(most, Qt.AspectRatioMode.KeepAspectRatio)
        frame = QRect(0, 0, max(1, size.width()), max(1, size.height()))
        frame.moveCenter(room.center())
        return frame

    def _crop_on_screen(self) -> QRectF:
        frame = self._frame()
        return QRectF(
            frame.left() + self._crop.left() * frame.width(),
            frame.top() + self._crop.top() * frame.height(),
            self._crop.width() * frame.width(),
            self._crop.height() * frame.height(),
        )

    def _to_picture(self, point: QPointF) -> QPointF:
        frame = self._frame()
        return QPointF(
            (point.x() - frame.left()) / frame.width(), (point.y() - frame.top()) / frame.height()
        )

    def _clamped(self, point: QPointF) -> QPointF:
        return QPointF(min(max(point.x(), 0.0), 1.0), min(max(point.y(), 0.0), 1.0))

    def _handle_at(self, point: QPointF) -> tuple[int, int] | None:
        """The corner or edge that a press takes, as its direction from the center, or None."""
        crop = self._crop_on_screen()
        if geometry.is_whole(self._crop):
            return None
        edges = [each for each in geometry.EDGES if has_grip(_length(crop, each))]
        for each in (*geometry.CORNERS, *edges):
            if (geometry.handle(crop, each) - point).manhattanLength() <= _REACH:
                return each
        return None

    def _is_drag(self, point: QPointF) -> bool:
        return (point - self._pressed).manhattanLength() >= QApplication.startDragDistance()

    def _push(self, dx: float, dy: float, *, resize: bool) -> None:
        change = geometry.resized if resize else geometry.moved
        start = self._crop
        if not resize and geometry.is_whole(start):
            start = geometry.scaled(start, 0.75)  # The whole cannot move: begin with its center.
        self.choose_crop(change(start, dx, dy))

    def _show_cursor(self, point: QPointF) -> None:
        shape = Qt.CursorShape.ArrowCursor
        if not self._image.isNull() and self._frame().contains(point.toPoint()):
            shape = Qt.CursorShape.CrossCursor
            if (found := self._handle_at(point)) is not None:
                shape = _CURSORS[found]
            elif not geometry.is_whole(self._crop) and self._crop_on_screen().contains(point):
                shape = Qt.CursorShape.SizeAllCursor
        self.setCursor(shape)

    def _describe(self) -> None:
        what = "No picture"
        if not self._image.isNull():
            what = "The whole picture is classified."
        if not geometry.is_whole(self._crop):
            crop = self._crop
            edges = (crop.left(), crop.top(), crop.width(), crop.height())
            left, top, width, height = (round(100 * value) for value in edges)
            what = (
                f"The crop is {width} by {height} percent, {left} percent from the left, "
                f"{top} from the top."
            )
        self.setAccessibleDescription(what)


def _length(crop: QRectF, edge: tuple[int, int]) -> float:
    return crop.height() if edge[0] else crop.width()
