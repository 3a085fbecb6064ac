"""The Evaluation tab: what networks confuse. Made by `app`.

Empty until it is first shown, as the Training tab is; its parts are imported beforehand, once the
network is ready.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cifar_desktop.common.background_import import BackgroundImport
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.evaluation.services.evaluator import Evaluator
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.runs.services.run_manager import RunManager

if TYPE_CHECKING:
    from cifar_desktop.evaluation.page import EvaluationPage


class EvaluationTab(QWidget):
    """Holds the page, once there is one.

    Args:
        evaluations: Judges.
        trainings: The runs.
        networks: The network files.
        board: Where it is told what went wrong.
        dialogs: Asks for files and folders.
        settings: Remembers folders of data.

    Signals: none.
    """

    def __init__(
        self,
        evaluations: Evaluator,
        run_manager: RunManager,
        networks: NetworkChooser,
        board: NoticeBoard,
        dialogs: FileDialogs,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.evaluations, self._run_manager, self._networks = evaluations, run_manager, networks
        self._board, self._dialogs, self._settings = board, dialogs, settings
        self._page: EvaluationPage | None = None
        self._parts = BackgroundImport("cifar_desktop.evaluation.page", "trainer.evaluation.report")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def page(self) -> "EvaluationPage":
        """What the tab shows; made when it is first asked for."""
        if self._page is None:
            from cifar_desktop.evaluation.page import EvaluationPage

            self._page = EvaluationPage(
                self.evaluations,
                self._run_manager,
                self._networks,
                self._board,
                self._dialogs,
                self._settings,
            )
            self._layout.addWidget(self._page)
        return self._page

    @Slot()
    def prepare(self) -> None:
        """Import what the page is made of in the background."""
        self._parts.begin()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page, and look for what is known."""
        super().showEvent(event)
        self.page.begin()

    @Slot(object)
    def show_run(self, path: Path) -> None:
        """Show what the network of a run does."""
        self.page.show_run(path)

    def shutdown(self) -> None:
        """End what was begun here."""
        self._parts.shutdown()
        if self._page is not None:
            self._page.leave()
