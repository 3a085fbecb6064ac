"""A window with a photo to drag out of it, like a file manager's; started by `smoke_steps`.

    python smoke_drag_source.py URI

Prints the state of the drag, one word per line: `dragging` once it has started, `accepted` when the
window under the pointer accepts the photo, then the outcome: `copied`, `refused` or `moved`.
"""

import sys

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDrag, QMouseEvent
from PySide6.QtWidgets import QApplication, QLabel

TITLE = "Photos to drag"
_PLACE = QPoint(1180, 560)
_OUTCOMES = {Qt.DropAction.CopyAction: "copied", Qt.DropAction.IgnoreAction: "refused"}


class Photo(QLabel):
    """A label that can be dragged.

    Args:
        uri: URI of the photo.
    """

    def __init__(self, uri: str) -> None:
        super().__init__("A photo")
        self._uri = uri
        self.setWindowTitle(TITLE)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedSize(160, 120)
        self.move(_PLACE)

    def mouseMoveEvent(self, _event: QMouseEvent) -> None:
        """Start the drag; without mouse tracking, moves arrive only while a button is down."""
        drag = QDrag(self)
        data = QMimeData()
        data.setUrls([QUrl.fromEncoded(self._uri.encode())])
        drag.setMimeData(data)
        drag.actionChanged.connect(_report_action)
        _report("dragging")
        # As a file manager offers it; accepting "move" would delete the photo.
        done = drag.exec(
            Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction
        )
        _report(_OUTCOMES.get(done, "moved"))


def _report_action(action: Qt.DropAction) -> None:
    if action is not Qt.DropAction.IgnoreAction:
        _report("accepted")


def _report(word: str) -> None:
    print(word, flush=True)


if __name__ == "__main__":
    application = QApplication(sys.argv)
    photo = Photo(sys.argv[1])
    photo.show()
    sys.exit(application.exec())
