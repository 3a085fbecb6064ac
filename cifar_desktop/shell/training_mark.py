"""Shows on the Training tab how a run is getting on, whichever tab is open; for the main window."""

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_summary import RunState
from cifar_desktop.shell.widgets.header_tabs import HeaderTabs
from cifar_desktop.trainer_process.outcome import Ending, Outcome
from cifar_desktop.ui.progress import ring

_END_WORDS = {Ending.DONE: "finished", Ending.STOPPED: "", Ending.KILLED: ""}
"""What is to be seen of an end; nothing of one that the user has brought about."""
_PAUSE_MS = 1000
"""Between two changes of the mark: nobody looks more often."""


class TrainingMark(QObject):
    """A ring with a percentage while a run trains, a glyph for how it ended until that is seen.

    Args:
        tabs: The tabs.
        page: The page of the Training tab.
        run_manager: The runs.

    Signals: none.
    """

    def __init__(self, tabs: HeaderTabs, page: QWidget, run_manager: RunManager) -> None:
        super().__init__(tabs)
        self._tabs, self._page, self._run_manager = tabs, page, run_manager
        self._ended = ""
        self._stale = False
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._after_pause)
        run_manager.runs.changed.connect(self._refresh)
        run_manager.runs.list_changed.connect(self._refresh)
        run_manager.finished.connect(self._on_finished)
        tabs.currentChanged.connect(self._on_tab)

    @Slot()
    def _refresh(self) -> None:
        self._stale = True
        if not self._pause.isActive():
            self._after_pause()

    @Slot()
    def _after_pause(self) -> None:
        if self._stale:
            self._stale = False
            self._pause.start()
            self._show()

    @Slot(object, object)
    def _on_finished(self, _path: Path, outcome: Outcome) -> None:
        if self._tabs.currentWidget() is not self._page:
            self._ended = _END_WORDS.get(outcome.ending, "failed")
        self._refresh()

    @Slot()
    def _on_tab(self) -> None:
        if self._ended and self._tabs.currentWidget() is self._page:
            self._ended = ""
            self._refresh()

    def _show(self) -> None:
        active = self._run_manager.active
        training = [path for path in active if self._state(path) is not RunState.WAITING]
        if training:
            self._show_share(self._run_manager.follow(training[0]).history.share_done or 0.0)
        elif active:
            self._tabs.show_status(self._page, icon("clock", "quiet"), "", "waiting")
        elif self._ended:
            self._tabs.show_status(self._page, _glyph(self._ended), "", self._ended)
        else:
            self._tabs.show_status(self._page, None, "", "")

    def _state(self, path: Path) -> RunState | None:
        run = self._run_manager.runs.summary(path)
        return run.state if run else None

    def _show_share(self, share: float) -> None:
        # 100 % is for what has ended.
        percent = min(99, int(100 * share))
        self._tabs.show_status(self._page, ring(share), f"{percent} %", f"{percent} percent")


def _glyph(ended: str) -> QIcon:
    return icon("success", "success") if ended == "finished" else icon("error", "error")
