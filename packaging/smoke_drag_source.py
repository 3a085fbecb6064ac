"""A window with a photo to drag out of it, as a file manager has them; started by `smoke_steps`.

    python smoke_drag_source.py URI

Tells on its standard output how the drag goes, a word a line: `dragging` when it has begun,
`welcome` when what is under the pointer takes the photo, then what became of it: `copied`,
`refused` or `moved`.
"""

import sys

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

TITLE = "Photos to drag"
_PLACE = QPoint(1180, 560)
_ENDINGS = {Qt.DropAction.CopyAction: "copied", Qt.DropAction.IgnoreAction: "refused"}


class Photo(QLabel):
    """Can be dragged.

    Args:
        uri: Where the photo is.
    """

    def __init__(self, uri: str) -> None:
        super().__init__("A photo")
        self._uri = uri
        self.setWindowTitle(TITLE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(160, 120)
        self.move(_PLACE)

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        """Begin to drag; a mouse that is not held down does not move in here."""
        drag = QDrag(self)
        data = QMimeData()
        data.setUrls([QUrl.fromEncoded(self._uri.encode())])
        drag.setMimeData(data)
        drag.actionChanged.connect(_tell_action)
        _tell("dragging")
        # As a file manager offers it; whoever took "move" would delete the photo.
        done = drag.exec(
            Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction
        )
        _tell(_ENDINGS.get(done, "moved"))


def _tell_action(action: Qt.DropAction) -> None:
    if action is not Qt.DropAction.IgnoreAction:
        _tell("welcome")


def _tell(word: str) -> None:
    print(word, flush=True)


if __name__ == "__main__":
    application = QApplication(sys.argv)
    photo = Photo(sys.argv[1])
    photo.show()
    sys.exit(application.exec())
