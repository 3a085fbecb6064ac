"""Asks what to do with the runs that are active when the window is closed; for the main window."""

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from cifar_desktop.common.confirm import ask
from cifar_desktop.runs.services.run_manager import RunManager

_DETAIL = (
    "Stopping saves a checkpoint; you can resume later. In the background, training continues "
    "after you close the window."
)


class CloseConfirmation(QObject):
    """Decides whether the window may close; while a run is active, the user decides.

    Args:
        window: The window above which the question appears.
        run_manager: The runs.

    Signals:
        allowed: The window is to be closed now, without another question.
        stopping: The runs are being stopped; `allowed` follows.
    """

    allowed = Signal()
    stopping = Signal()

    def __init__(self, window: QWidget, run_manager: RunManager) -> None:
        super().__init__(window)
        self._window, self._run_manager = window, run_manager
        self._decided = False
        self.box: QMessageBox | None = None
        run_manager.all_stopped.connect(self._allow)

    def may_close(self) -> bool:
        """Whether the window may close at once; if not, the user is asked."""
        if self._decided or not self._run_manager.active:
            return True
        if self.box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        self.box = ask(
            self._window,
            "Training in progress",
            _question(self._names()),
            _DETAIL,
            {"&Stop and save": self._stop, "Continue in the &background": self._allow},
        )
        self.box.finished.connect(self._forget_box)

    def _names(self) -> list[str]:
        found = [self._run_manager.runs.summary(path) for path in self._run_manager.active]
        return [run.name for run in found if run is not None]

    @Slot()
    def _forget_box(self) -> None:
        self.box = None

    def _stop(self) -> None:
        self.stopping.emit()
        self._run_manager.stop_all()

    @Slot()
    def _allow(self) -> None:
        self._decided = True
        self.allowed.emit()


def _question(names: list[str]) -> str:
    training = f"“{names[0]}” is" if len(names) == 1 else f"{len(names)} runs are"
    return f"{training} still training. What would you like to do?"
