"""The Training tab: form, live curves, runs. Made by the main window.

Empty until it is first shown: nobody who came to classify a photo should wait for charts. What they
need is imported beforehand, once the network is ready.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cifar_desktop.common.background_import import BackgroundImport
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import NoticeBoard
from cifar_desktop.common.settings import Settings
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.trainer_process.command_queue import CommandQueue
from cifar_desktop.training.services.augmentation_preview import AugmentationPreview

if TYPE_CHECKING:
    from cifar_desktop.training.page import TrainingPage


class TrainingTab(QWidget):
    """Holds the page, once there is one.

    Args:
        trainings: The runs.
        questions: Asks the trainer.
        board: Where it is told what went wrong.
        dialogs: Asks for a folder.
        settings: Remembers the dataset.

    Signals:
        use_wanted: Path of a run whose network shall answer in the Classify tab.
        look_wanted: Path of a run whose network shall be looked into.
    """

    use_requested = Signal(object)
    evaluate_requested = Signal(object)

    def __init__(
        self,
        run_manager: RunManager,
        commands: CommandQueue,
        board: NoticeBoard,
        dialogs: FileDialogs,
        settings: Settings,
    ) -> None:
        super().__init__()
        self.run_manager, self._commands = run_manager, commands
        self._board, self._dialogs, self._settings = board, dialogs, settings
        self._preview: AugmentationPreview | None = None
        self._page: TrainingPage | None = None
        self._parts = BackgroundImport(
            "cifar_desktop.training.page", "cifar_desktop.training.widgets.curves.charts"
        )
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    @property
    def page(self) -> "TrainingPage":
        """What the tab shows; made when it is first asked for."""
        if self._page is None:
            from cifar_desktop.training.page import TrainingPage

            self._preview = AugmentationPreview()
            self._page = TrainingPage(
                self.run_manager,
                self._commands,
                self._preview,
                self._board,
                self._dialogs,
                self._settings,
            )
            self._page.use_requested.connect(self.use_requested)
            self._page.evaluate_requested.connect(self.evaluate_requested)
            self._layout.addWidget(self._page)
        return self._page

    @Slot()
    def prepare(self) -> None:
        """Import page and charts in the background: 0.2 s in which the window would stand still."""
        self._parts.begin()

    def showEvent(self, event: QShowEvent) -> None:
        """Make the page, and find out what it shows."""
        super().showEvent(event)
        self.page.begin()

    @Slot(object)
    def show_run(self, path: Path) -> None:
        """Show a run's curves."""
        self.page.show_run(path)

    def shutdown(self) -> None:
        """End what was begun here."""
        self._parts.shutdown()
        if self._page is not None:
            self._page.leave()
        if self._preview is not None:
            self._preview.shutdown()
