"""Asks what becomes of the runs that go on when the window is closed; used by the main window."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from cifar_desktop.runs.services.run_manager import RunManager

_ONE = (
    "Stopped, it keeps everything and can go on exactly where it was. In the background it goes on "
    "without the window, and is here again at the next start."
)
_SEVERAL = (
    "Stopped, they keep everything and can go on exactly where they were. In the background they "
    "go on without the window, and are here again at the next start."
)


class CloseConfirmation(QObject):
    """Decides whether the window may close, which may take a question and a checkpoint.

    Args:
        window: Asks above it.
        trainings: The runs.

    Signals:
        allowed: Close the window now; nothing more is asked.
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
        """Whether the window may close at once; if not, the person is asked."""
        if self._decided or not self._run_manager.active:
            return True
        if self.box is None:
            self._ask()
        return False

    def _ask(self) -> None:
        self.box = box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setWindowTitle("A network is being trained")
        box.setTextFormat(Qt.TextFormat.PlainText)
        names = self._names()
        box.setText(_question(names))
        box.setInformativeText(_ONE if len(names) == 1 else _SEVERAL)
        role = QMessageBox.ButtonRole.AcceptRole
        self._answers: dict[QAbstractButton, Callable[[], None]] = {
            box.addButton("&Stop and keep", role): self._stop,
            box.addButton("Continue in the &background", role): self._allow,
        }
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.buttonClicked.connect(self._on_answer)
        box.finished.connect(self._forget_box)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.open()

    def _names(self) -> list[str]:
        found = [self._run_manager.summary(path) for path in self._run_manager.active]
        return [run.name for run in found if run is not None]

    @Slot(QAbstractButton)
    def _on_answer(self, button: QAbstractButton) -> None:
        answer = self._answers.get(button)
        if answer is not None:
            answer()

    @Slot()
    def _forget_box(self) -> None:
        self.box = None
        self._answers = {}

    def _stop(self) -> None:
        self.stopping.emit()
        self._run_manager.stop_all()

    @Slot()
    def _allow(self) -> None:
        self._decided = True
        self.allowed.emit()


def _question(names: list[str]) -> str:
    if len(names) == 1:
        return f"“{names[0]}” is being trained. What shall become of it?"
    return f"{len(names)} runs go on. What shall become of them?"
