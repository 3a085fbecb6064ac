"""The model of the image gallery, and the protocol of its image sources."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage

Index = QModelIndex | QPersistentModelIndex

_CACHE_SIZE = 1000
"""Number of cached images; a screen shows fewer."""


class GallerySource(Protocol):
    """Classified images, requested one by one as they become visible."""

    def __len__(self) -> int: ...

    def image(self, position: int) -> QImage:
        """The square image, unscaled."""
        ...

    def caption(self, position: int) -> tuple[str, str]:
        """The true class, and the predicted class with its confidence."""
        ...

    def is_right(self, position: int) -> bool:
        """Whether the prediction is correct."""
        ...

    def name(self, position: int) -> str:
        """Name of the image."""
        ...

    def predictions(self, position: int) -> Sequence[tuple[str, float]]:
        """The most probable classes with their probabilities, in descending order."""
        ...


class GalleryModel(QAbstractListModel):
    """One row per image; the text is for assistive technology.

    Signals: those of every model.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.source: GallerySource | None = None
        self.side = 1
        """Width and height of the images in pixels."""
        self._cached_image = lru_cache(_CACHE_SIZE)(self._load)

    def show_source(self, source: GallerySource | None) -> None:
        """Show other images."""
        self.beginResetModel()
        self.source = source
        self._cached_image.cache_clear()
        self.side = max(self.image(0).width(), 1) if source else 1
        self.endResetModel()

    def image(self, position: int) -> QImage:
        """An image, created when first needed."""
        return self._cached_image(position)

    def rowCount(self, parent: Index | None = None) -> int:  # noqa: N802 (Qt's name)
        """One row per image."""
        below_root = parent is None or not parent.isValid()
        return len(self.source) if below_root and self.source is not None else 0

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """True and predicted class in words; the tooltip adds the name."""
        if self.source is None or not index.isValid():
            return None
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return sentence(self.source, index.row())
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{sentence(self.source, index.row())}\n{self.source.name(index.row())}"
        return None

    def _load(self, position: int) -> QImage:
        return QImage() if self.source is None else self.source.image(position)


def sentence(source: GallerySource, position: int) -> str:
    """True and predicted class, such as "cat, misclassified as dog 99 %"."""
    label, predicted = source.caption(position)
    if source.is_right(position):
        return f"{label}, classified correctly: {predicted}"
    return f"{label}, misclassified as {predicted}"
