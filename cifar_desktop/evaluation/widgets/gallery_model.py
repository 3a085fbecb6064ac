"""What the image gallery shows, and what each image says of itself; made by `image_gallery`."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex

_KEPT = 1000
"""So many images are kept once they were seen; a screen holds fewer."""


class GallerySource(Protocol):
    """Images with answers, asked one by one for what is in sight."""

    def __len__(self) -> int: ...

    def image(self, position: int) -> QImage:
        """The image, square, in its own pixels."""
        ...

    def caption(self, position: int) -> tuple[str, str]:
        """What it shows, and what was answered, with its percentage."""
        ...

    def is_right(self, position: int) -> bool:
        """Whether the answer is right."""
        ...

    def name(self, position: int) -> str:
        """What its file is called."""
        ...

    def answers(self, position: int) -> Sequence[tuple[str, float]]:
        """The most probable classes, each with its probability, falling."""
        ...


class GalleryModel(QAbstractListModel):
    """One row an image; text for assistive technology, the rest is painted.

    Signals: those of every model.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source: GallerySource | None = None
        self.side = 1
        """Of the images, in their own pixels."""
        self._image = lru_cache(_KEPT)(self._made)

    def show_source(self, source: GallerySource | None) -> None:
        """Show other images."""
        self.beginResetModel()
        self.source = source
        self._image.cache_clear()
        self.side = max(self.image(0).width(), 1) if source else 1
        self.endResetModel()

    def image(self, position: int) -> QImage:
        """An image, made when it is first seen."""
        return self._image(position)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """One for each image."""
        below_root = parent is None or not parent.isValid()
        return len(self.source) if below_root and self.source is not None else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What an image shows and was taken for, in words."""
        if self.source is None or not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return sentence(self.source, index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{sentence(self.source, index.row())}\n{self.source.name(index.row())}"
        return None

    def _made(self, position: int) -> QImage:
        return QImage() if self.source is None else self.source.image(position)


def sentence(source: GallerySource, position: int) -> str:
    """What an image shows and what was answered: "cat, taken for dog 99 %"."""
    shown, answered = source.caption(position)
    return f"{shown}, {'recognized:' if source.is_right(position) else 'taken for'} {answered}"
