"""Saves widgets as pictures (PNG or SVG), and reports what was saved; for the Save menus."""

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
        board: Where they are posted.
        topic: Their topic.
    """

    def __init__(self, board: NoticeBoard, topic: Topic) -> None:
        self._board, self._topic = board, topic

    def report_file(self, path: Path) -> None:
        """Report a saved file."""
        self.report(f"Saved “{path.name}”.", path.parent)

    def report(self, sentence: str, folder: Path | None = None) -> None:
        """Post a sentence, with a button that opens a folder."""
        show = None
        if folder is not None:
            show = Action(label="Show in &folder", run=partial(self._open, folder))
        severity = Severity.INFO if folder is None else Severity.SUCCESS
        self._board.post(
            Notice(sentence=sentence, topic=self._topic, severity=severity, action=show)
        )

    def report_error(self, error: TrainerError) -> None:
        """Report an error."""
        self._board.post(Notice.of(error, self._topic))

    def _open(self, folder: Path) -> None:
        if not open_folder(folder):
            self.report(f"It is in “{folder}”.")


PICTURE_KINDS = "PNG image (*.png);;SVG image (*.svg)"
"""File types for the dialogs."""

_SHARP = 2.0
"""Pixels per pixel of the widget: fewer would look coarse on paper."""
_FAMILY = re.compile(rb'font-family="([^"]*)"')


@runtime_checkable
class Unscrolled(Protocol):
    """A widget that shows only a part of itself, or more than belongs in a picture."""

    def unscrolled(self) -> QWidget:
        """All of it as a new, hidden widget, which the caller deletes."""
        ...


def save_widget(widget: QWidget, path: Path, *, description: str = "") -> None:
    """Save a widget as SVG if the file name ends in `.svg`, and as PNG otherwise.

    Args:
        widget: The widget.
        path: The file.
        description: Alternative text of the picture; by default the widget's accessible
            description.

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
    # SVG Tiny has no clipping: lines would leave their charts.
    drawing = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    drawing.setOutputDevice(buffer)
    drawing.setTitle(title)
    drawing.setDescription(description)
    drawing.setSize(widget.size())
    drawing.setViewBox(QRect(QPoint(), widget.size()))
    # Text is sized for the resolution of the screen that the widget was laid out for.
    drawing.setResolution(widget.logicalDpiY())
    painter = QPainter(drawing)
    painter.fillRect(widget.rect(), widget.palette().color(QPalette.ColorRole.Window))
    painter.drawPicture(0, 0, _recorded(widget))
    painter.end()
    # A viewer without this font falls back to a similar one.
    return _FAMILY.sub(rb'font-family="\1, sans-serif"', bytes(buffer.data().data()))


def _recorded(widget: QWidget) -> QPicture:
    """What a widget paints; painted directly, it would be clipped in the wrong places."""
    picture = QPicture()
    painter = QPainter(picture)
    widget.render(painter, QPoint())
    painter.end()
    return picture


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    return buffer
