"""Tells what became of saving something, with a way to it; for the Save menus of two tabs."""

from functools import partial
from pathlib import Path

from cifar_desktop.common.notices import Action, Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.open_externally import open_folder
from trainer.errors import TrainerError

TABLE_KINDS = "Table (*.csv)"


class SavedNotices:
    """Posts notices on one topic.

    Args:
        board: Where they go.
        topic: What they are about.
    """

    def __init__(self, board: NoticeBoard, topic: Topic) -> None:
        self._board, self._topic = board, topic

    def tell_file(self, path: Path) -> None:
        """A file is saved."""
        self.tell(f"“{path.name}” is saved.", path.parent)

    def tell(self, sentence: str, folder: Path | None = None) -> None:
        """Say something, and offer to show a folder."""
        show = None
        if folder is not None:
            show = Action(label="Show in &folder", run=partial(self._open, folder))
        self._board.post(
            Notice(sentence=sentence, topic=self._topic, severity=Severity.INFO, action=show)
        )

    def complain(self, error: TrainerError) -> None:
        """Something could not be saved."""
        self._board.post(Notice.of(error, self._topic))

    def _open(self, folder: Path) -> None:
        if not open_folder(folder):
            self.tell(f"It is in “{folder}”.")
