"""What needs a word with the user before it is done to a run; wired by `app`."""

from pathlib import Path

from PySide6.QtWidgets import QMessageBox, QWidget

from cifar_desktop.common.confirm import ask
from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.open_externally import open_folder
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.ui import formatting


def ask_to_delete(path: Path, run_manager: RunManager, parent: QWidget) -> None:
    """Delete a run with all its files if the user confirms it."""
    run = run_manager.runs.summary(path)
    if run is None:
        return
    ask(
        parent,
        "Delete a run",
        f"Delete the run “{run.name}”?",
        f"Its settings, curves, checkpoint and network ({formatting.amount(run.size)}) are "
        "deleted permanently. Networks that you use in the Classify tab are kept.",
        {"&Delete": lambda: run_manager.delete(path)},
        QMessageBox.ButtonRole.DestructiveRole,
    )


def show_folder(path: Path, board: NoticeBoard) -> None:
    """Open the folder of a run; where that is impossible, say where it is."""
    if not open_folder(path):
        sentence = f"The run is in “{path}”."
        board.post(Notice(sentence=sentence, topic=Topic.TRAINING, severity=Severity.INFO))
