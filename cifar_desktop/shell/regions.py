"""F6 and Shift+F6 go round the parts of the window; made by the main window."""

from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QApplication, QWidget


class Regions(QObject):
    """Moves the focus from one part of the window to the next.

    Args:
        window: The window.
        parts: Its parts at the moment, in order.

    Signals: none.
    """

    def __init__(self, window: QWidget, parts: Callable[[], list[QWidget]]) -> None:
        super().__init__(window)
        self._parts = parts
        QShortcut(QKeySequence("F6"), window, lambda: self.go(1))
        QShortcut(QKeySequence("Shift+F6"), window, lambda: self.go(-1))

    def go(self, step: int) -> None:
        """Go to the next part that has controls, or with -1 to the previous one."""
        goals = [(part, goal) for part in self._parts() if (goal := _goal(part)) is not None]
        if not goals:
            return
        focus = QApplication.focusWidget()
        inside = [focus is not None and _holds(part, focus) for part, _ in goals]
        # From nowhere, the first or the last.
        now = inside.index(True) if True in inside else -max(0, step)
        goals[(now + step) % len(goals)][1].setFocus(Qt.FocusReason.TabFocusReason)


def _holds(part: QWidget, widget: QWidget) -> bool:
    return widget is part or part.isAncestorOf(widget)


def _goal(part: QWidget) -> QWidget | None:
    """What had the focus last in a part, or its first control."""
    last = part.focusWidget()
    if last is not None and _holds(part, last) and _takes_focus(last):
        return last
    return next(filter(_takes_focus, _within(part)), None)


def _within(part: QWidget) -> Iterator[QWidget]:
    """The part and what is in it, in the order of the Tab key."""
    yield part
    widget = part.nextInFocusChain()
    while widget is not None and widget is not part:
        if _holds(part, widget):
            yield widget
        widget = widget.nextInFocusChain()


def _takes_focus(widget: QWidget) -> bool:
    by_tab = widget.focusPolicy().value & Qt.FocusPolicy.TabFocus.value
    return bool(by_tab) and widget.isVisible() and widget.isEnabled() and not widget.focusProxy()
