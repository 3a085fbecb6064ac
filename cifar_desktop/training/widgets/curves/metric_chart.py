"""A chart that a person can look around in, by mouse and by keys; the live curves have three."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from cifar_desktop.training.widgets.curves.axis_math import Range, zoom_images
from cifar_desktop.training.widgets.curves.chart_canvas import ChartCanvas, Measure
from cifar_desktop.ui.style import GRID

HELP = (
    "The wheel zooms; with Ctrl, or over the numbers on the left, it zooms the height. Dragging "
    "moves, a double click shows the whole run again.\n"
    "Keys: arrows move, + and - zoom, Shift with up and down zooms the height, Home shows the "
    "whole run again, Ctrl with left and right reads the values, Escape ends that."
)

_STEP = 0.1
_ZOOM = 1.25
_NOTCH = 120
_ARROWS = {
    Qt.Key.Key_Left: (-_STEP, 0.0),
    Qt.Key.Key_Right: (_STEP, 0.0),
    Qt.Key.Key_Up: (0.0, _STEP),
    Qt.Key.Key_Down: (0.0, -_STEP),
}
_AS_LINES = {"antialias": True, "resolutionScale": 1.0}
_CLOSER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_FARTHER = (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)
_STEADY = 2 * GRID
"""Pixels up or down that do not count yet: who drags along the epochs keeps the fitting height."""


class MetricChart(ChartCanvas):
    """Draws lines, and tells which part of the x axis a person asks for.

    The pane decides what becomes of it, for all charts alike; only the height is the chart's own.

    Signals:
        span_chosen: The part of the x axis to show, as two floats; it may reach beyond the run.
        followed: The whole run is to be shown again.
        pointed: The pointer is over a place: x as float and the point in this widget.
        left: The pointer is gone.
        stepped: The cursor is to go to the point before (-1) or after (1).
    """

    span_chosen = Signal(float, float)
    followed = Signal()
    pointed = Signal(float, QPointF)
    left = Signal()
    stepped = Signal(int)

    def __init__(self, measure: Measure, parent: QWidget | None = None) -> None:
        super().__init__(measure, parent)
        self._pressed: tuple[QPointF, Range, Range] | None = None
        self._lifted = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(measure.title)
        self.heading.setToolTip(HELP)

    def describe(self, words: str, figures: str, progress: str) -> None:
        """Say the latest values, in the title and to assistive technology.

        Args:
            words: The values with their names.
            figures: The values alone, where there is no room for words.
            progress: How far the run is.
        """
        description = f"{words}, {progress}" if words else progress
        if self.accessibleDescription() != description:
            self._words = words, figures
            self._summarise()
            self.setAccessibleDescription(description)

    @property
    def heights(self) -> tuple[bool, Range | None]:
        """Whether the y axis is logarithmic, and the part of it that a person chose."""
        return self._log, self._chosen_y

    def look_like(self, other: "MetricChart") -> None:
        """Show the same part of the y axis as another chart, drawn in lines only: for a file."""
        log, chosen = other.heights
        self.show_log(log=log)
        self.choose_y(chosen)
        # The ground and the dots are bitmaps otherwise, which is faster on a screen.
        self._view.setCacheMode(self._view.CacheModeFlag.CacheNone)
        for item in self._view.scene().items():
            if hasattr(item, "setExportMode"):
                item.setExportMode(export=True, opts=_AS_LINES)

    def draw_fine(self, ratio: float) -> None:
        """Draw for a picture with so many pixels for each of the widget's units."""
        self.fineness = ratio
        self._redraw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; a sideways wheel moves."""
        event.accept()
        turned = event.angleDelta()
        upright = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if abs(turned.x()) > abs(turned.y()):
            self._move(-_STEP * turned.x() / _NOTCH, 0.0)
        elif upright or event.position().x() < self.plot.left():
            self._zoom_y(_ZOOM ** (-turned.y() / _NOTCH), self._y_at(event.position()))
        else:
            self._zoom_x(_ZOOM ** (-turned.y() / _NOTCH), self._x_at(event.position()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to move."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position(), self.span, self.shown_y
            self._lifted = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Move; without a button, tell what is pointed at."""
        if self._pressed is not None:
            self._drag(event.position())
        elif self.plot.contains(event.position()):
            self.pointed.emit(self._x_at(event.position()), event.position())
        else:
            self.left.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Moved."""
        self._pressed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The whole run again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.followed.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)
        self.left.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Move, zoom, follow again, or read values; see `HELP`."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._arrow(key, event.modifiers())
        elif key in _CLOSER or key in _FARTHER:
            self._zoom_x(1 / _ZOOM if key in _CLOSER else _ZOOM, sum(self.span) / 2)
        elif key == Qt.Key.Key_Home:
            self.followed.emit()
        elif key == Qt.Key.Key_Escape and self.has_cursor:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.update()

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        dx, dy = _ARROWS[key]
        if dx and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.stepped.emit(1 if dx > 0 else -1)
        elif dy and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._zoom_y(1 / _ZOOM if dy > 0 else _ZOOM, sum(self.shown_y) / 2)
        else:
            self._move(dx, dy)

    def _drag(self, to: QPointF) -> None:
        if self._pressed is None:
            return
        start, span, shown = self._pressed
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.left.emit()
        moved = to - start
        self._lifted = self._lifted or abs(moved.y()) > _STEADY
        if self._lifted:
            self.choose_y(_shifted(shown, moved.y() / max(self.plot.height(), 1.0)))
        self.span_chosen.emit(*_shifted(span, -moved.x() / max(self.plot.width(), 1.0)))

    def _move(self, dx: float, dy: float) -> None:
        """Go so many widths to the right and heights up."""
        if dy:
            self.choose_y(_shifted(self.shown_y, dy))
        self.span_chosen.emit(*_shifted(self.span, dx))

    def _zoom_x(self, factor: float, at: float) -> None:
        self.span_chosen.emit(*zoom_images(self.span, factor, at))

    def _zoom_y(self, factor: float, at: float) -> None:
        self.choose_y(zoom_images(self.shown_y, factor, at))
        self.span_chosen.emit(*self.span)

    def _x_at(self, point: QPointF) -> float:
        plot, (start, end) = self.plot, self.span
        return start + (end - start) * (point.x() - plot.left()) / max(plot.width(), 1.0)

    def _y_at(self, point: QPointF) -> float:
        plot, (low, high) = self.plot, self.shown_y
        return high - (high - low) * (point.y() - plot.top()) / max(plot.height(), 1.0)


def _shifted(span: Range, parts: float) -> Range:
    by = (span[1] - span[0]) * parts
    return span[0] + by, span[1] + by
