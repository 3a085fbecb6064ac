"""Where toasts lie: over the foot of the page, the newest below, at most two."""

from collections.abc import Callable

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QObject,
    QPoint,
    QRect,
    QSize,
    QTimer,
    QVariantAnimation,
    Slot,
)
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QGraphicsOpacityEffect,
    QLabel,
    QPushButton,
    QWidget,
)
from shiboken6 import isValid

from cifar_desktop.look.motion import duration
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import outline
from cifar_desktop.look.states import PRIMARY
from cifar_desktop.look.type_scale import Text, set_size, unit
from cifar_desktop.shell.widgets.toast import SHADOW, Toast

_WIDEST = 70
"""Units."""
_MARGIN, _GAP = 16, 12
_MOVES = {QEvent.Type.Resize, QEvent.Type.Move, QEvent.Type.LayoutRequest}
_IN_MS, _OUT_MS = 160, 120
_RISE = 12
"""Pixels by which a toast rises when it appears."""


class ToastStack(QObject):
    """Places toasts over a page without moving anything of it.

    Args:
        parent: The widget that the toasts are children of.
        area: The widget that they lie over, which changes with the page.

    Attributes:
        toasts: Those in sight, the newest last.
        more: Says how many others there are.

    Signals: none.
    """

    def __init__(self, parent: QWidget, area: Callable[[], QWidget]) -> None:
        super().__init__(parent)
        self._parent, self._area = parent, area
        self.toasts: list[Toast] = []
        self._places: dict[Toast, QPoint] = {}
        self._motions: dict[Toast, QVariantAnimation] = {}
        self.more = _Count(parent)
        self._focus_before: QWidget | None = None
        self._watched: QWidget | None = None
        self._due = QTimer(self, singleShot=True, interval=0)
        self._due.timeout.connect(self.place)
        parent.installEventFilter(self)
        QApplication.instance().focusChanged.connect(self._on_focus)  # type: ignore[union-attr]

    def show_all(self, toasts: list[Toast], others: int) -> None:
        """Show these and no others.

        Args:
            toasts: The newest last; new ones appear, and those that are missing leave.
            others: How many more there are.
        """
        before, self.toasts = self.toasts, toasts
        self.more.setText(f"{others} more" if others else "")
        self.more.setVisible(bool(others))
        for toast in before:
            if toast not in toasts:
                self._leave(toast)
        self.place()
        for toast in toasts:
            if toast not in before:
                self._appear(toast)

    @Slot()
    def place(self) -> None:
        """Put every toast where it belongs; after the page or its size has changed."""
        area = self._room()
        most = min(_WIDEST * unit(), area.width() - 2 * _MARGIN) + 2 * SHADOW
        sizes = [toast.size_within(most) for toast in self.toasts]
        width = max((size.width() for size in sizes), default=0)
        left = area.center().x() - width // 2
        bottom = self._lowest(area, left, width)
        for toast in reversed(self.toasts):
            height = max(toast.size_within(width).height(), 48 + 2 * SHADOW)
            self._places[toast] = QPoint(left, bottom - height + SHADOW)
            toast.setGeometry(QRect(self._places[toast], QSize(width, height)))
            bottom -= height - 2 * SHADOW + _GAP
            toast.raise_()
        self.more.adjustSize()
        self.more.move(area.center().x() - self.more.width() // 2, bottom - self.more.height())
        self.more.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the sizes of window and page, once they are settled."""
        if event.type() in _MOVES and self.toasts:
            self._due.start()
        return super().eventFilter(watched, event)

    def _room(self) -> QRect:
        area = self._area()
        if area is not self._watched:
            if self._watched is not None and isValid(self._watched):
                self._watched.removeEventFilter(self)
            self._watched = area
            area.installEventFilter(self)
        return QRect(area.mapTo(self._parent, QPoint(0, 0)), area.size())

    def _lowest(self, area: QRect, left: int, width: int) -> int:
        """The foot of the lowest toast: above a filled button that it would cover."""
        bottom = area.bottom() + 1 - _MARGIN
        for button in self._parent.findChildren(QPushButton):
            if button.property(PRIMARY) and button.isVisible():
                top = button.mapTo(self._parent, QPoint(0, 0))
                place = QRect(top, button.size())
                beside = place.right() < left or place.left() > left + width
                if not beside and area.bottom() - place.bottom() < area.height() // 3:
                    bottom = min(bottom, place.top() - _MARGIN)
        return bottom

    def _appear(self, toast: Toast) -> None:
        toast.show()
        toast.raise_()
        self._move(toast, 0.0, 1.0, _IN_MS, lambda: toast.setGraphicsEffect(None))  # type: ignore[arg-type]

    def _leave(self, toast: Toast) -> None:
        focus, before = QApplication.focusWidget(), self._focus_before
        if focus and toast.isAncestorOf(focus) and before and isValid(before):
            before.setFocus()
        toast.setEnabled(False)
        self._move(toast, 1.0, 0.0, _OUT_MS, lambda: self._forget(toast))

    def _forget(self, toast: Toast) -> None:
        del self._places[toast]
        self._motions.pop(toast, None)
        toast.hide()
        toast.deleteLater()

    def _move(
        self, toast: Toast, start: float, end: float, length: int, then: Callable[[], None]
    ) -> None:
        """Fade and slide a toast."""
        if (before := self._motions.pop(toast, None)) is not None:
            before.stop()
        if not duration(length):
            then()
            return
        effect = QGraphicsOpacityEffect(toast)
        toast.setGraphicsEffect(effect)
        motion = self._motions[toast] = QVariantAnimation(toast, startValue=start, endValue=end)
        motion.setDuration(duration(length))
        motion.setEasingCurve(QEasingCurve.Type.OutCubic)

        def step(value: float) -> None:
            effect.setOpacity(value)
            toast.move(self._places[toast] + QPoint(0, round((1 - value) * _RISE)))

        motion.valueChanged.connect(step)
        motion.finished.connect(then)
        motion.start()

    @Slot(QWidget, QWidget)
    def _on_focus(self, old: QWidget | None, new: QWidget | None) -> None:
        inside = [toast for toast in self.toasts if new is not None and toast.isAncestorOf(new)]
        if inside and not any(old is not None and each.isAncestorOf(old) for each in self.toasts):
            self._focus_before = old


class _Count(QLabel):
    """A small rounded label that is read over anything."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_size(self, Text.CAPTION)
        self.setContentsMargins(10, 3, 10, 3)
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        found = roles(self.palette())
        radius = self.height() / 2
        outline(QPainter(self), self.rect(), found.line, ground=found.raised, radius=radius)
        super().paintEvent(event)
