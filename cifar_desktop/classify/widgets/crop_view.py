"""The picture with the crop that is classified; part of the Classify tab."""

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPalette,
    QPen,
    QPixmap,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from cifar_desktop.classify.widgets import crop_geometry as geometry
from cifar_desktop.ui.style import GRID, blend

_HANDLE_RADIUS = GRID / 2
_STEP = 0.02
_ZOOM = 1.15
_ARROWS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, -_STEP),
    Qt.Key.Key_Down: (0.0, _STEP),
}
# From this magnification on, pixels are drawn sharp instead of smoothed.
_PIXELS_FROM = 4.0


class CropView(QWidget):
    """Shows a picture; the mouse or the keyboard crops it.

    Signals:
        crop_changed: The crop as QRectF, in fractions of width and height.
    """

    crop_changed = Signal(QRectF)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._scaled = QPixmap()
        self._crop = geometry.whole()
        self._anchor: QPointF | None = None
        self._grip: QPointF | None = None
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

    def show_image(self, image: QImage) -> None:
        """Show another picture, uncropped."""
        self._image = image
        self._scaled = QPixmap()
        self._crop = geometry.whole()
        self._anchor = self._grip = None
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
        return QSize(60 * GRID, 45 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Large enough to recognize something."""
        return QSize(20 * GRID, 12 * GRID)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to draw, resize or move a crop."""
        if event.button() != Qt.MouseButton.LeftButton or self._image.isNull():
            return
        self._pressed = event.position()
        self._anchor = self._opposite_corner(self._pressed)
        inside = self._crop_on_screen().contains(self._pressed)
        if self._anchor is None and inside and not geometry.is_whole(self._crop):
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
        elif self._anchor is not None or self._is_drag(event.position()):
            self._anchor = self._anchor or self._clamped(self._to_picture(self._pressed))
            square = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            ratio = self._image.width() / self._image.height() if square else None
            self.choose_crop(geometry.spanned(self._anchor, point, square=ratio))

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Finish the drag."""
        self._anchor = self._grip = None

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
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_background(painter)
        if self._image.isNull():
            return
        frame = self._frame()
        painter.drawPixmap(frame, self._pixmap(frame.size()))
        if not geometry.is_whole(self._crop):
            self._paint_crop(painter, QRectF(frame))

    def _paint_background(self, painter: QPainter) -> None:
        focus = self.hasFocus()
        role = QPalette.ColorRole.Accent if focus else QPalette.ColorRole.WindowText
        painter.setPen(QPen(blend(self.palette(), role, 1.0 if focus else 0.15), 2 if focus else 1))
        painter.setBrush(blend(self.palette(), QPalette.ColorRole.WindowText, 0.05))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), GRID / 2, GRID / 2)

    def _paint_crop(self, painter: QPainter, frame: QRectF) -> None:
        crop = self._crop_on_screen()
        outside = QPainterPath()
        outside.addRect(frame)
        outside.addRect(crop)
        shade = self.palette().color(QPalette.ColorRole.Shadow)
        shade.setAlphaF(0.55)
        painter.fillPath(outside, shade)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Two colors, so that the edge is visible on any picture.
        for role, width in (
            (QPalette.ColorRole.HighlightedText, 4.0),
            (QPalette.ColorRole.Accent, 2.0),
        ):
            painter.setPen(QPen(self.palette().color(role), width))
            painter.drawRect(crop)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Accent))
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.HighlightedText), 1.0))
        for corner in _corners(crop):
            painter.drawEllipse(corner, _HANDLE_RADIUS, _HANDLE_RADIUS)

    def _pixmap(self, size: QSize) -> QPixmap:
        """The picture at the size and resolution of the screen; cached until either changes."""
        pixels = (QSizeF(size) * self.devicePixelRatioF()).toSize()
        if self._scaled.size() != pixels:
            enlarged = pixels.width() / self._image.width() >= _PIXELS_FROM
            mode = Qt.TransformationMode
            smooth = mode.FastTransformation if enlarged else mode.SmoothTransformation
            ignore = Qt.AspectRatioMode.IgnoreAspectRatio
            self._scaled = QPixmap.fromImage(self._image.scaled(pixels, ignore, smooth))
        return self._scaled

    def _frame(self) -> QRect:
        """The rectangle in which the picture is painted."""
        room = self.rect().adjusted(GRID // 2, GRID // 2, -GRID // 2, -GRID // 2)
        size = self._image.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
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

    def _opposite_corner(self, point: QPointF) -> QPointF | None:
        """The corner that stays fixed while the one under `point` is dragged, or None."""
        if geometry.is_whole(self._crop):
            return None
        opposite = reversed(_corners(self._crop))
        for corner, other in zip(_corners(self._crop_on_screen()), opposite, strict=True):
            if (corner - point).manhattanLength() <= 4 * _HANDLE_RADIUS:
                return other
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
            if self._opposite_corner(point) is not None:
                shape = Qt.CursorShape.PointingHandCursor
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


def _corners(crop: QRectF) -> list[QPointF]:
    """Top left, top right, bottom left, bottom right: reversed, each meets its opposite."""
    return [crop.topLeft(), crop.topRight(), crop.bottomLeft(), crop.bottomRight()]
