"""What the table of classes shows, in which columns and in which order; used by `class_scores`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cifar_desktop.ui.formatting import percent
from cifar_desktop.ui.table_text import AIR, natural

SHARE_ROLE = Qt.ItemDataRole.UserRole
"""Gives a share from 0 to 1 for the bar, or None."""

NONE = "\N{EN DASH}"
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMetrics:
    """One class.

    Attributes:
        name: As people read it.
        images: How many images of it there are.
        accuracy: Share of them that was recognized, 0 to 1; None without images.
        precision: Share of the answers of this class that was right; None if it was never given.
    """

    name: str
    images: int
    accuracy: float | None
    precision: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricColumn:
    """One column.

    Attributes:
        title: Its heading.
        about: What it means, for the tooltip.
        value: What it is sorted by; None comes last in either order.
        share: Whether that is a share, which is shown as a bar.
        missing: What it means that there is none.
    """

    title: str
    about: str
    value: Callable[[ClassMetrics], Any]
    share: bool = False
    missing: str = ""


COLUMNS = (
    MetricColumn(
        title="Class",
        about="What an image shows",
        value=lambda row: natural(row.name),
    ),
    MetricColumn(
        title="Images",
        about="How many images of the class were looked at",
        value=lambda row: row.images,
    ),
    MetricColumn(
        title="Accuracy",
        about="Of all images of the class, how many were recognized",
        value=lambda row: row.accuracy,
        share=True,
        missing="There are no images of this class.",
    ),
    MetricColumn(
        title="Precision",
        about="Of all answers of the class, how many were right",
        value=lambda row: row.precision,
        share=True,
        missing="This was never the answer.",
    ),
)
NAME, IMAGES = 0, 1


class ClassMetricsModel(QAbstractTableModel):
    """Keeps the rows in order.

    Signals: those of every model.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ClassMetrics] = []
        self._order: list[int] = []
        self._column, self._falling = -1, False

    @property
    def rows(self) -> list[ClassMetrics]:
        """The classes as they were given."""
        return self._rows

    def show_rows(self, rows: Sequence[ClassMetrics]) -> None:
        """Hold other rows, sorted as the ones before."""
        self.beginResetModel()
        self._rows = list(rows)
        self._order = self._sorted()
        self.endResetModel()

    def place(self, index: Index) -> int:
        """Where the class of a row stands among those that were given."""
        return self._order[index.row()]

    def name(self, index: Index) -> str:
        """The class of a row; empty if there is none."""
        return self._rows[self.place(index)].name if index.isValid() else ""

    def find(self, name: str) -> QModelIndex:
        """The row of a class; an invalid index if it is not there."""
        for row, place in enumerate(self._order):
            if self._rows[place].name == name:
                return self.index(row, NAME)
        return QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """One for each class."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """Always the same."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title + ("" if section == NAME else AIR)
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].about
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, and in other roles what goes with it."""
        row, column = self._rows[self.place(index)], index.column()
        about, roles = COLUMNS[column], Qt.ItemDataRole
        value = about.value(row)
        if role == roles.DisplayRole:
            return row.name if column == NAME else _text(about, value) + AIR
        if role == roles.AccessibleTextRole:
            return row.name if column == NAME else f"{row.name}: {_words(about, value)}"
        if role == SHARE_ROLE:
            return value if about.share else None
        if role == roles.TextAlignmentRole:
            return _alignment(column)
        if role == roles.ToolTipRole:
            return row.name if column == NAME else about.missing if value is None else None
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 is the order in which the classes were given."""
        self._column, self._falling = column, order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        places = [self.place(index) for index in before]
        self._order = self._sorted()
        rows = {place: row for row, place in enumerate(self._order)}
        after = [
            self.index(rows[place], index.column())
            for place, index in zip(places, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self) -> list[int]:
        """Equal ones as they were given; those without a value last."""
        places = list(range(len(self._rows)))
        if self._column < 0:
            return places
        values = [COLUMNS[self._column].value(row) for row in self._rows]
        known = [place for place in places if values[place] is not None]
        known.sort(key=lambda place: values[place], reverse=self._falling)
        return known + [place for place in places if values[place] is None]


def _text(about: MetricColumn, value: Any) -> str:
    if value is None:
        return NONE
    return percent(value, 1) if about.share else f"{value:,}"


def _words(about: MetricColumn, value: Any) -> str:
    return about.missing if value is None else f"{about.title.lower()} {_text(about, value)}"


def _alignment(column: int) -> Qt.AlignmentFlag:
    sideways = Qt.AlignmentFlag.AlignLeft if column == NAME else Qt.AlignmentFlag.AlignRight
    return sideways | Qt.AlignmentFlag.AlignVCenter
