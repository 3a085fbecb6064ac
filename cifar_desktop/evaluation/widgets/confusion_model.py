"""The model of the confusion matrix: counts, shades, and texts for each cell."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cifar_desktop.ui.formatting import counted, percent

LEVELS = 32
"""Number of shades per hue."""

_USUAL_TOP = 0.1
"""Mistakes of this share get the full color, unless others are more frequent: rare mistakes stay
visible beside a strong diagonal, and a good network does not look like a bad one."""

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class ConfusionModel(QAbstractTableModel):
    """Image counts by true class (rows) and predicted class (columns).

    Signals: those of every model.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.classes: tuple[str, ...] = ()
        self.top = _USUAL_TOP
        self._counts: list[list[int]] = []
        self._totals: list[int] = []

    def show_matrix(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Replace the matrix; with the same classes, the current cell stays."""
        same = tuple(classes) == self.classes
        if not same:
            self.beginResetModel()
        self.classes = tuple(classes)
        self._counts = [list(row) for row in counts]
        self._totals = [sum(row) for row in self._counts]
        self.top = max([_USUAL_TOP, *(self.share(*cell) for cell in self._mistakes())])
        if not same:
            self.endResetModel()
        elif self.classes:
            last = len(self.classes) - 1
            self.dataChanged.emit(self.index(0, 0), self.index(last, last))

    def count(self, row: int, column: int) -> int:
        """Number of images of the true class `row` that were classified as `column`."""
        return self._counts[row][column]

    @property
    def counts(self) -> list[list[int]]:
        """The whole matrix."""
        return self._counts

    def share(self, row: int, column: int) -> float:
        """The count as a share of the images of the true class, 0 to 1."""
        return self._counts[row][column] / self._totals[row] if self._totals[row] else 0.0

    def level(self, row: int, column: int) -> int:
        """Shade of a cell."""
        return level(self.share(row, column), self.top, right=row == column)

    @property
    def largest(self) -> int:
        """The largest count."""
        return max((max(row) for row in self._counts), default=0)

    def sentence(self, row: int, column: int) -> str:
        """A cell in words."""
        label, predicted, count = self.classes[row], self.classes[column], self.count(row, column)
        if not self._totals[row]:
            return f"There are no {label} images."
        of_all = f"{percent(self.share(row, column), 1)} of {self._all(row)}"
        if row == column:
            return f"{label} classified correctly: {counted(count, 'image')}, {of_all}"
        if not count:
            return f"{label} was never classified as {predicted}."
        return f"{label} classified as {predicted}: {counted(count, 'image')}, {of_all}"

    def summary(self) -> str:
        """The whole matrix in words."""
        if not sum(self._totals):
            return "No images"
        worst = max(self._mistakes(), key=lambda cell: self.count(*cell), default=None)
        if worst is None or not self.count(*worst):
            return self.correct_text()
        return f"{self.correct_text()} Most frequent mistake: {self.sentence(*worst)}."

    def correct_text(self) -> str:
        """The number of correctly classified images, in words."""
        right = sum(self._counts[each][each] for each in range(len(self.classes)))
        return f"{right:,} of {counted(sum(self._totals), 'image')} classified correctly."

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """One row per class."""
        return 0 if parent.isValid() else len(self.classes)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """One row per class."""
        return self.rowCount(parent)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The count; as tooltip and for assistive technology, its meaning."""
        roles = Qt.ItemDataRole
        if role == roles.DisplayRole:
            return f"{self.count(index.row(), index.column()):,}"
        if role in (roles.ToolTipRole, roles.AccessibleTextRole):
            return self.sentence(index.row(), index.column())
        return None

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The class name; its tooltip adds the number of images."""
        name = self.classes[section] if section < len(self.classes) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return name
        if role != Qt.ItemDataRole.ToolTipRole or not name:
            return None
        if orientation == Qt.Orientation.Vertical:
            return f"{name}: {counted(self._totals[section], 'image')}"
        return (
            f"{name}: predicted for {counted(sum(row[section] for row in self._counts), 'image')}"
        )

    def _all(self, row: int) -> str:
        total = self._totals[row]
        images = "the only image" if total == 1 else f"the {total:,} images"
        return f"{images} of {self.classes[row]}"

    def _mistakes(self) -> list[tuple[int, int]]:
        places = range(len(self.classes))
        return [(row, column) for row in places for column in places if row != column]


def level(share: float, top: float, *, right: bool) -> int:
    """The shade for a share, from 0 to `LEVELS` - 1.

    Most correct shares are high and most mistakes rare: among the former the high shares get most
    of the shades, among the latter the low ones.
    """
    amount = share**2 if right else (share / top) ** 0.5
    return round(amount * (LEVELS - 1))
