"""Sliders, scroll bars and progress bars."""

from PySide6.QtCore import QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyleOption,
    QStyleOptionProgressBar,
    QStyleOptionSlider,
    QWidget,
)
from shiboken6 import isValid

from cifar_desktop.look.roles import Roles
from cifar_desktop.look.shapes import fill, ring
from cifar_desktop.look.states import NEUTRAL, enabled, hovered, pressed, ringed
from cifar_desktop.look.type_scale import unit

_Part, _Horizontal = QStyle.SubControl, Qt.Orientation.Horizontal
_THUMB, _WIDE_THUMB, _SHORTEST_THUMB = 6, 10, 24
BAR = 6
"""Thickness of a progress bar in pixels."""
_TRACK, _TICK = 4, 2
_STEP_TIME = 40
"""Milliseconds between two pictures of a bar that only says that something goes on."""
_ROUND_TIME = 1600
"""Milliseconds that its mark takes from one end to the other."""


def paint_slider(
    painter: QPainter,
    option: QStyleOptionSlider,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a slider: its bar runs from the neutral value, if it has one, to the knob."""
    knob = QApplication.style().subControlRect(
        QStyle.ComplexControl.CC_Slider, option, _Part.SC_SliderHandle, widget
    )
    usable = enabled(option)
    fill(painter, _along(option, _start(option), _end(option)), found.track, _TRACK / 2)
    neutral = _neutral_position(option, widget, knob)
    knob.moveCenter(_middle(option, knob))
    here = QRectF(knob).center()
    at = here.x() if option.orientation == _Horizontal else here.y()
    color = found.mark if usable else found.faint
    fill(painter, _along(option, neutral, at), color, _TRACK / 2)
    if widget is not None and widget.property(NEUTRAL) is not None:
        tick = _along(option, neutral - _TICK / 2, neutral + _TICK / 2)
        fill(painter, tick.adjusted(0, -2, 0, 2), found.quiet if usable else found.faint, 0.5)
    _paint_knob(painter, option, found, QRectF(knob))


def paint_scroll_bar(
    painter: QPainter, option: QStyleOptionSlider, found: Roles, _widget: QWidget | None
) -> None:
    """Paint a scroll bar: the thumb alone, wider under the mouse."""
    if option.minimum >= option.maximum:
        return
    thumb = QRectF(scroll_bar_part(option, _Part.SC_ScrollBarSlider) or QRect())
    wide = hovered(option) or pressed(option)
    color = found.quiet if pressed(option) else found.edge
    across = _WIDE_THUMB if wide else _THUMB
    if option.orientation == _Horizontal:
        gap = (thumb.height() - across) / 2
        thumb.adjust(1, gap, -1, -gap)
    else:
        gap = (thumb.width() - across) / 2
        thumb.adjust(gap, 1, -gap, -1)
    fill(painter, thumb, color, across / 2)


def scroll_bar_part(option: QStyleOptionSlider, part: QStyle.SubControl) -> QRect | None:
    """Where the parts of a scroll bar are: no arrows, and the thumb takes the whole width."""
    rect, sideways = option.rect, option.orientation == _Horizontal
    length = rect.width() if sideways else rect.height()
    span = option.maximum - option.minimum
    thumb = length
    if span > 0:
        share = option.pageStep / (span + option.pageStep)
        thumb = min(length, max(_SHORTEST_THUMB, round(length * share)))
    at = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, option.sliderPosition, length - thumb, option.upsideDown
    )
    places = {
        _Part.SC_ScrollBarGroove: (0, length),
        _Part.SC_ScrollBarSlider: (at, thumb),
        _Part.SC_ScrollBarSubPage: (0, at),
        _Part.SC_ScrollBarAddPage: (at + thumb, length - at - thumb),
    }
    start, size = places.get(part, (0, 0))
    if sideways:
        return QRect(rect.x() + start, rect.y(), size, rect.height())
    return QRect(rect.x(), rect.y() + start, rect.width(), size)


def paint_progress_bar(
    painter: QPainter,
    option: QStyleOptionProgressBar,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a progress bar, with its text at the right."""
    room = 6 * unit() if option.textVisible and option.text else 0
    if room:
        painter.setPen(found.text if enabled(option) else found.faint)
        side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(option.rect, side, option.text)
        option.rect = option.rect.adjusted(0, 0, -room, 0)
    fill(painter, _bar(option), found.track, BAR / 2)
    _paint_done(painter, option, found, widget)


def _paint_done(
    painter: QPainter,
    option: QStyleOptionProgressBar,
    found: Roles,
    widget: QWidget | None,
) -> None:
    whole, sideways = _bar(option), bool(option.state & QStyle.StateFlag.State_Horizontal)
    span = option.maximum - option.minimum
    if span <= 0:
        start, part = _going_on(widget), 0.3
    else:
        start, part = 0.0, max(0.0, (option.progress - option.minimum) / span)
    if part <= 0:
        return
    if sideways:
        width = max(BAR, whole.width() * part)
        done = QRectF(whole.x() + (whole.width() - width) * start, whole.y(), width, BAR)
    else:
        height = max(BAR, whole.height() * part)
        done = QRectF(whole.x(), whole.bottom() - height, BAR, height)
    fill(painter, done, found.mark if enabled(option) else found.faint, BAR / 2)


def progress_size(option: QStyleOptionProgressBar, size: QSize, _widget: QWidget | None) -> QSize:
    """The size of a progress bar, with its text at the right if it has one."""
    lines = option.fontMetrics.height() if option.textVisible else 0
    return QSize(size.width(), max(BAR, lines))


class _Waiting(QObject):
    """Repaints the bars of what goes on without a known end."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: dict[int, QWidget] = {}
        self._time, self._timer = 0, QTimer(self, interval=_STEP_TIME)
        self._timer.timeout.connect(self._step)

    def place(self, bar: QWidget) -> float:
        """Where its mark is, from 0 to 1; the bar is painted again soon."""
        if bar.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration, None, bar) == 0:
            return 0.5
        self._bars[id(bar)] = bar
        if not self._timer.isActive():
            self._timer.start()
        share = self._time % (2 * _ROUND_TIME) / _ROUND_TIME
        return 2 - share if share > 1 else share

    def _step(self) -> None:
        """Have the bars painted, which names those again that still wait."""
        bars = list(self._bars.values())
        self._bars.clear()
        self._time += _STEP_TIME
        if not bars:
            self._timer.stop()
        for bar in filter(isValid, bars):
            bar.update()


_waiting: list[_Waiting] = []


def _going_on(bar: QWidget | None) -> float:
    if bar is None:
        return 0.5
    if not _waiting:
        _waiting.append(_Waiting())
    return _waiting[0].place(bar)


def _bar(option: QStyleOption) -> QRectF:
    rect = QRectF(option.rect)
    if option.state & QStyle.StateFlag.State_Horizontal:
        return QRectF(rect.x(), rect.center().y() - BAR / 2, rect.width(), BAR)
    return QRectF(rect.center().x() - BAR / 2, rect.y(), BAR, rect.height())


def _along(option: QStyleOptionSlider, start: float, end: float) -> QRectF:
    """A piece of a slider's track."""
    low, length, rect = min(start, end), abs(end - start), QRectF(option.rect)
    if option.orientation == _Horizontal:
        return QRectF(low, rect.center().y() - _TRACK / 2, length, _TRACK)
    return QRectF(rect.center().x() - _TRACK / 2, low, _TRACK, length)


def _middle(option: QStyleOptionSlider, knob: QRect) -> QPoint:
    """The center of a knob on its track; Fusion's is a pixel beside it."""
    at, middle = knob.center(), option.rect.center()
    if option.orientation == _Horizontal:
        return QPoint(at.x(), middle.y())
    return QPoint(middle.x(), at.y())


def _start(option: QStyleOptionSlider) -> float:
    return option.rect.x() if option.orientation == _Horizontal else option.rect.y()


def _end(option: QStyleOptionSlider) -> float:
    rect = QRectF(option.rect)
    return rect.right() if option.orientation == _Horizontal else rect.bottom()


def _neutral_position(option: QStyleOptionSlider, widget: QWidget | None, knob: QRect) -> float:
    value = widget.property(NEUTRAL) if widget is not None else None
    if value is None:
        return _end(option) if option.upsideDown else _start(option)
    side = knob.width() if option.orientation == _Horizontal else knob.height()
    room = round(_end(option) - _start(option)) - side
    at = QStyle.sliderPositionFromValue(
        option.minimum, option.maximum, int(value), room, option.upsideDown
    )
    return _start(option) + at + side / 2


def _paint_knob(painter: QPainter, option: QStyleOptionSlider, found: Roles, rect: QRectF) -> None:
    radius = min(rect.width(), rect.height()) / 2 - 0.7
    if ringed(option):
        ring(painter, rect.adjusted(-2, -2, 2, 2), found.mark, radius + 3)
        radius -= 2
    lit = enabled(option) and (hovered(option) or pressed(option))
    color: QColor = found.text if lit else found.edge if enabled(option) else found.line
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(found.text if found.dark and enabled(option) else found.raised)
    painter.setPen(QPen(color, 1.4))
    painter.drawEllipse(QPointF(rect.center()), radius, radius)
    painter.restore()
