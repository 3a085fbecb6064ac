"""Shows the notices of the board as toasts, and keeps the errors that were closed.

Made by the main window.
"""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QWidget

from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.shell.widgets.toast import Toast
from cifar_desktop.shell.widgets.toast_stack import ToastStack
from cifar_desktop.shell.widgets.unread_errors import UnreadErrors
from cifar_desktop.ui.accessible_role import set_role

_AT_MOST = 2


class NoticeToasts(QObject):
    """Keeps toasts and the mark of closed errors in line with the board.

    Args:
        board: The notices.
        window: The widget that the toasts lie over.
        area: What they lie over the foot of, on the tab that is open.
        mark: Counts closed errors.
        elsewhere: Topics that are out of place on the tab that is open.
        program: Name and version, for copied details.

    Attributes:
        stack: The toasts.

    Signals: none.
    """

    def __init__(
        self,
        board: NoticeBoard,
        window: QWidget,
        area: Callable[[], QWidget],
        mark: UnreadErrors,
        elsewhere: Callable[[], set[Topic]],
        program: str,
    ) -> None:
        super().__init__(window)
        self._board, self._mark, self._elsewhere = board, mark, elsewhere
        self._window, self._program = window, program
        self.stack = ToastStack(window, area)
        self._shown: dict[Topic, tuple[Notice, Toast]] = {}
        self._closed: list[tuple[Notice, Toast]] = []
        set_role(Toast, QAccessible.Role.AlertMessage)
        board.changed.connect(self.refresh)
        board.settled.connect(self._on_settled)
        mark.listed.clear_button.clicked.connect(self._forget_all)

    @property
    def newest(self) -> Toast | None:
        """The newest toast in sight, or None."""
        return self.stack.toasts[-1] if self.stack.toasts else None

    @Slot()
    def refresh(self) -> None:
        """Show what belongs to the tab that is open."""
        elsewhere = self._elsewhere()
        notices = [each for each in self._board.notices if each.topic not in elsewhere]
        shown = {each.topic: (each, self._toast(each)) for each in notices[-_AT_MOST:]}
        self._shown = shown
        self.stack.show_all([toast for _, toast in shown.values()], len(notices) - len(shown))

    @Slot(object)
    def copy(self, notice: Notice) -> None:
        """Copy a notice with its details, and the version of the program."""
        text = f"{notice.sentence}\n\n{notice.details}\n\n{self._program}"
        QGuiApplication.clipboard().setText(text)

    def _toast(self, notice: Notice) -> Toast:
        """The toast that shows it; that of an earlier notice on the same topic is used again."""
        before, toast = self._shown.get(notice.topic, (None, None))
        if toast is None:
            toast = Toast(self._window)
            self._connect(toast)
        if before is not notice:
            _fill(toast, notice)
        return toast

    def _connect(self, toast: Toast) -> None:
        act = partial(self._with_notice, toast)
        toast.acted.connect(partial(act, _run_action))
        toast.details_requested.connect(partial(act, self.copy))
        toast.dismissed.connect(partial(act, self._close))
        toast.expired.connect(partial(act, self._board.remove))

    def _with_notice(self, toast: Toast, act: Callable[[Notice], None]) -> None:
        """Do something with the notice that a toast shows, unless it is just leaving."""
        found = next((notice for notice, each in self._shown.values() if each is toast), None)
        if found is not None:
            act(found)

    def _close(self, notice: Notice) -> None:
        if notice.severity is Severity.ERROR:
            self._keep(notice)
        self._board.remove(notice)

    def _keep(self, notice: Notice) -> None:
        row = Toast()
        _fill(row, notice)
        row.acted.connect(partial(_run_action, notice))
        row.details_requested.connect(partial(self.copy, notice))
        row.dismissed.connect(lambda: self._keep_only(lambda each: each is not notice))
        self._closed.append((notice, row))
        self._show_closed()

    @Slot(object)
    def _on_settled(self, topic: Topic) -> None:
        self._keep_only(lambda each: each.topic is not topic)

    @Slot()
    def _forget_all(self) -> None:
        self._keep_only(lambda _: False)

    def _keep_only(self, still: Callable[[Notice], bool]) -> None:
        kept = [each for each in self._closed if still(each[0])]
        if len(kept) < len(self._closed):
            self._closed = kept
            self._show_closed()

    def _show_closed(self) -> None:
        self._mark.show_errors([row for _, row in self._closed])


def _run_action(notice: Notice) -> None:
    if notice.action is not None:
        notice.action.run()


def _fill(toast: Toast, notice: Notice) -> None:
    toast.show_notice(
        notice.sentence,
        notice.severity.value,
        action=notice.action.label if notice.action else "",
        details=notice.details,
        passing=notice.severity.passing and not notice.lasting,
    )
