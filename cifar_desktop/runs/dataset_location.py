"""Lets a run go on whose data were moved; wired by `app`."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import Notice, NoticeBoard, Topic
from cifar_desktop.runs.services.run_manager import RunManager
from trainer.errors import TrainerError
from trainer.runs.run_folder import RunFolder


def data_of(path: Path) -> str:
    """The word `cifar10`, or the folder that a run learns from; empty if its folder is damaged."""
    try:
        _, data = RunFolder(path).read()
    except TrainerError:
        return ""
    return data


def data_are_gone(path: Path) -> bool:
    """Whether the run in a folder learns from a folder that is not there."""
    data = data_of(path)
    return data not in ("", "cifar10") and not Path(data).is_dir()


class DatasetLocator(QObject):
    """Asks where the data of a run are now, and goes on with it.

    Args:
        trainings: The runs.
        dialogs: Asks for the folder.
        board: Where it is told what goes wrong.
        window: The dialog appears above it.

    Signals: none.
    """

    def __init__(
        self, run_manager: RunManager, dialogs: FileDialogs, board: NoticeBoard, window: QWidget
    ) -> None:
        super().__init__(window)
        self._run_manager, self._dialogs = run_manager, dialogs
        self._board, self._window = board, window

    def find(self, path: Path) -> None:
        """Ask, and resume; other data than those it began with are refused by the trainer."""
        folder = self._dialogs.dataset(self._window)
        if folder is None:
            return
        try:
            RunFolder(path).move_data(str(folder))
        except TrainerError as error:
            self._board.post(Notice.of(error, Topic.TRAINING))
            return
        self._board.clear(Topic.TRAINING)
        self._run_manager.resume(path)
