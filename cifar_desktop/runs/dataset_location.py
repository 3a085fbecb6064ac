"""Resumes a run whose dataset was moved; made by `app`."""

from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from cifar_desktop.common.dataset_choices import CIFAR10
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import Notice, NoticeBoard, Topic
from cifar_desktop.runs.services.run_manager import RunManager
from trainer.errors import TrainerError
from trainer.runs.run_folder import RunFolder


def data_of(path: Path) -> tuple[str, ...]:
    """The datasets of a run, each `cifar10` or a folder; empty if the run is damaged."""
    try:
        _, data = RunFolder(path).read()
    except TrainerError:
        return ()
    return data


def data_are_gone(path: Path) -> bool:
    """Whether a dataset of a run is a folder that does not exist."""
    return any(map(_is_gone, data_of(path)))


def _is_gone(data: str) -> bool:
    return data != CIFAR10 and not Path(data).is_dir()


class DatasetLocator(QObject):
    """Asks where the datasets of a run are now, and resumes it.

    Args:
        run_manager: The runs.
        dialogs: Asks for the folder.
        board: Where errors are posted.
        window: The parent of the dialog.

    Signals: none.
    """

    def __init__(
        self, run_manager: RunManager, dialogs: FileDialogs, board: NoticeBoard, window: QWidget
    ) -> None:
        super().__init__(window)
        self._run_manager, self._dialogs = run_manager, dialogs
        self._board, self._window = board, window

    def find(self, path: Path) -> None:
        """Ask for each one that is gone, and resume; the trainer refuses other content."""
        places = list(data_of(path))
        for index, place in enumerate(places):
            if not _is_gone(place):
                continue
            folder = self._dialogs.moved_dataset(self._window, Path(place).name)
            if folder is None:
                return
            places[index] = str(folder)
        try:
            RunFolder(path).move_data(tuple(places))
        except TrainerError as error:
            self._board.post(Notice.of(error, Topic.TRAINING))
            return
        self._board.clear(Topic.TRAINING)
        self._run_manager.resume(path)
