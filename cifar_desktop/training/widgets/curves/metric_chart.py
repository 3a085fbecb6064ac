"""A chart that can be explored by mouse and keyboard; the live curves have three."""

from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from cifar_desktop.training.widgets.curves.axis_math import Range, zoom_span
from cifar_desktop.training.widgets.curves.chart_canvas import ChartCanvas, Metric
from cifar_desktop.ui.style import GRID

HELP = (
    "Mouse: the wheel zooms; with Ctrl, or over the numbers on the left, it zooms vertically. Drag "
    "to pan, double-click to show the whole run.\n"
    "Keys: arrows pan, + and - zoom, Shift with up or down zooms vertically, Home shows the whole "
    "run, Ctrl with left or right reads the values, Escape hides them."
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
_ZOOM_IN = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_ZOOM_OUT = (Qt.Key.Key_Minus, Qt.Key.Key_Underscore)
_DEAD_ZONE = 2 * GRID
"""Vertical pixels that are ignored, so that dragging along the epochs keeps the fitted height."""


class MetricChart(ChartCanvas):
    """Draws lines, and reports which part of the x axis the user wants to see.

    The x axis is shared by all charts, so `CurvesCharts` moves it; the y axis is the chart's own.

    Signals:
        span_requested: The part of the x axis to show, as two floats; may reach beyond the run.
        follow_requested: Show the whole run again.
        hovered: The pointer is over the plot: x in epochs, and the point in this widget.
        hover_ended: The pointer has left.
        step_requested: Move the cursor to the previous (-1) or next (1) point.
    """

    span_requested = Signal(float, float)
    follow_requested = Signal()
    hovered = Signal(float, QPointF)
    hover_ended = Signal()
    step_requested = Signal(int)

    def __init__(self, metric: Metric, parent: QWidget | None = None) -> None:
        super().__init__(metric, parent)
        self._pressed: tuple[QPointF, Range, Range] | None = None
        self._vertical = False
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(metric.title)
        self.heading.setToolTip(HELP)

    def describe(self, words: str, progress: str) -> None:
        """Tell assistive technology the latest values, and how far the run is."""
        description = f"{words}, {progress}" if words else progress
        if self.accessibleDescription() != description:
            self.setAccessibleDescription(description)

    @property
    def y_view(self) -> tuple[bool, Range | None]:
        """Whether the y axis is logarithmic, and the part of it that the user chose."""
        return self._log, self._chosen_y

    def copy_view(self, other: "MetricChart") -> None:
        """Show the same part of the y axis as another chart."""
        log, chosen = other.y_view
        self.show_log(log=log)
        self.choose_y(chosen)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom around the pointer; a horizontal wheel pans."""
        event.accept()
        turned = event.angleDelta()
        vertical = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        at, factor = event.position(), _ZOOM ** (-turned.y() / _NOTCH)
        if abs(turned.x()) > abs(turned.y()):
            self._pan(-_STEP * turned.x() / _NOTCH, 0.0)
        elif vertical or at.x() < self.plot.left():
            self._zoom_y(factor, self.projection.y_at(at.y()))
        else:
            self._zoom_x(factor, self.projection.x_at(at.x()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Start panning."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed = event.position(), self.span, self.shown_y
            self._vertical = False

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Pan; without a button, report the hovered place."""
        if self._pressed is not None:
            self._drag(event.position())
        elif self.plot.contains(event.position()):
            self.hovered.emit(self.projection.x_at(event.position().x()), event.position())
        else:
            self.hover_ended.emit()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        """Stop panning."""
        self._pressed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Show the whole run again."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.follow_requested.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """Hide the values."""
        super().leaveEvent(event)
        self.hover_ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pan, zoom, follow again, or read values; see `HELP`."""
        key = Qt.Key(event.key())
        if key in _ARROWS:
            self._arrow(key, event.modifiers())
        elif key in _ZOOM_IN or key in _ZOOM_OUT:
            self._zoom_x(1 / _ZOOM if key in _ZOOM_IN else _ZOOM, sum(self.span) / 2)
        elif key == Qt.Key.Key_Home:
            self.follow_requested.emit()
        elif key == Qt.Key.Key_Escape and self.has_cursor:
            self.hover_ended.emit()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self._redraw()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self._redraw()

    def _arrow(self, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
        dx, dy = _ARROWS[key]
        if dx and modifiers & Qt.KeyboardModifier.ControlModifier:
            self.step_requested.emit(1 if dx > 0 else -1)
        elif dy and modifiers & Qt.KeyboardModifier.ShiftModifier:
            self._zoom_y(1 / _ZOOM if dy > 0 else _ZOOM, sum(self.shown_y) / 2)
        else:
            self._pan(dx, dy)

    def _drag(self, to: QPointF) -> None:
        if self._pressed is None:
            return
        start, span, shown = self._pressed
        self.setCursor(Qt.CursorShape.ClosedHandCursor)
        self.hover_ended.emit()
        moved = to - start
        self._vertical = self._vertical or abs(moved.y()) > _DEAD_ZONE
        if self._vertical:
            self.choose_y(_shifted(shown, moved.y() / self.plot.height()))
        self.span_requested.emit(*_shifted(span, -moved.x() / self.plot.width()))

    def _pan(self, dx: float, dy: float) -> None:
        """Move by fractions of the width and the height."""
        if dy:
            self.choose_y(_shifted(self.shown_y, dy))
        self.span_requested.emit(*_shifted(self.span, dx))

    def _zoom_x(self, factor: float, at: float) -> None:
        self.span_requested.emit(*zoom_span(self.span, factor, at))

    def _zoom_y(self, factor: float, at: float) -> None:
        self.choose_y(zoom_span(self.shown_y, factor, at))
        self.span_requested.emit(*self.span)


def _shifted(span: Range, fraction: float) -> Range:
    by = (span[1] - span[0]) * fraction
    return span[0] + by, span[1] + by
