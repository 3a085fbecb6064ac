"""Saves what a widget shows as a picture, PNG or SVG; for the Save menus of the tabs."""

import re
from functools import partial
from pathlib import Path
from typing import Protocol, runtime_checkable

from PySide6.QtCore import QBuffer, QPoint, QRect
from PySide6.QtGui import QImage, QPainter, QPalette, QPicture
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QWidget

from cifar_desktop.common.notices import Action, Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.open_externally import open_folder
from trainer.errors import StorageError, TrainerError
from trainer.files.atomic_write import write_atomically

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


PICTURE_KINDS = "Picture (*.png);;Drawing (*.svg)"
"""What the dialogs offer."""

_SHARP = 2.0
"""Pixels for each of the widget's: half as fine would look coarse on paper."""
_FAMILY = re.compile(rb'font-family="([^"]*)"')


@runtime_checkable
class Unscrolled(Protocol):
    """A widget that shows only a part of itself, or more than belongs into a picture."""

    def unscrolled(self) -> QWidget:
        """All of it as a widget of its own, which nobody sees, and which the caller deletes."""
        ...


def save_widget(widget: QWidget, path: Path, *, description: str = "") -> None:
    """Write what a widget shows: as an SVG drawing if the file is called so, or else as a PNG.

    Args:
        widget: What to save.
        path: Where to.
        description: What the picture shows, for those who do not see it; by default what the widget
            says of itself.

    Raises:
        StorageError: If it cannot be written.
    """
    if not isinstance(widget, Unscrolled):
        _save(widget, path, description or _described(widget))
        return
    whole = widget.unscrolled()
    try:
        _save(whole, path, description or _described(widget))
    finally:
        whole.close()
        whole.deleteLater()


def _save(widget: QWidget, path: Path, description: str) -> None:
    paint = _svg if path.suffix.lower() == ".svg" else _png
    content = paint(widget, path.stem, description)
    if not content:
        raise StorageError(f"There is not enough memory for the picture “{path.name}”.")
    write_atomically(path, lambda file: file.write_bytes(content))


def _described(widget: QWidget) -> str:
    return widget.accessibleDescription() or widget.accessibleName()


def _png(widget: QWidget, title: str, description: str) -> bytes:
    ratio = max(_SHARP, widget.devicePixelRatioF())
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.setText("Title", title)
    image.setText("Description", description)
    image.fill(widget.palette().color(QPalette.ColorRole.Window))
    widget.render(image)
    buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _svg(widget: QWidget, title: str, description: str) -> bytes:
    buffer = _buffer()
    # The other version knows nothing of clipping: lines would leave their charts.
    drawing = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    drawing.setOutputDevice(buffer)
    drawing.setTitle(title)
    drawing.setDescription(description)
    drawing.setSize(widget.size())
    drawing.setViewBox(QRect(QPoint(), widget.size()))
    # Letters are as large as points are on the screen for which the widget was laid out.
    drawing.setResolution(widget.logicalDpiY())
    painter = QPainter(drawing)
    painter.fillRect(widget.rect(), widget.palette().color(QPalette.ColorRole.Window))
    painter.drawPicture(0, 0, _recorded(widget))
    painter.end()
    # Who has other fonts shall see letters of the same kind.
    return _FAMILY.sub(rb'font-family="\1, sans-serif"', bytes(buffer.data().data()))


def _recorded(widget: QWidget) -> QPicture:
    """What a widget paints; straight into a drawing it would be clipped at the wrong places."""
    picture = QPicture()
    painter = QPainter(picture)
    widget.render(painter, QPoint())
    painter.end()
    return picture


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    return buffer
