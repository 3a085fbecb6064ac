"""The model of the class metrics table: columns, texts, sort order."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from cifar_desktop.ui.formatting import percent
from cifar_desktop.ui.table_text import PADDING, natural_sort_key

SHARE_ROLE = Qt.ItemDataRole.UserRole
"""Role of the value from 0 to 1 for the bar, or None."""

NONE = "\N{EN DASH}"
Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassMetrics:
    """The metrics of one class.

    Attributes:
        name: Readable class name.
        images: Number of images of the class.
        recall: Share of these images that were classified correctly, 0 to 1; None without images.
        precision: Share of the predictions of the class that were correct; None without any.
        recall_text: The recall in words, with its likely range in brackets if there is one.
        precision_text: The precision, likewise.
    """

    name: str
    images: int
    recall: float | None
    precision: float | None
    recall_text: str = ""
    precision_text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricColumn:
    """A column of the table.

    Attributes:
        title: Heading.
        about: Explanation, for the tooltip.
        value: Returns the sort key; None comes last in either order.
        share: Whether the value is a share, which is shown as a bar.
        text: Returns a share in words.
        missing: Explanation of a missing value.
    """

    title: str
    about: str
    value: Callable[[ClassMetrics], Any]
    share: bool = False
    text: Callable[[ClassMetrics], str] = lambda _row: ""
    missing: str = ""


COLUMNS = (
    MetricColumn(
        title="Class",
        about="True class of the images",
        value=lambda row: natural_sort_key(row.name),
    ),
    MetricColumn(
        title="Images",
        about="Number of images of the class",
        value=lambda row: row.images,
    ),
    MetricColumn(
        title="Recall",
        about="Recall: the share of the images of the class that were classified correctly",
        value=lambda row: row.recall,
        share=True,
        text=lambda row: row.recall_text,
        missing="There are no images of this class.",
    ),
    MetricColumn(
        title="Precision",
        about="Precision: the share of the predictions of the class that were correct",
        value=lambda row: row.precision,
        share=True,
        text=lambda row: row.precision_text,
        missing="This class was never predicted.",
    ),
)
NAME, IMAGES = 0, 1


class ClassMetricsModel(QAbstractTableModel):
    """The classes in sort order.

    Signals: those of every model.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[ClassMetrics] = []
        self._order: list[int] = []
        self._column, self._descending = -1, False

    @property
    def rows(self) -> list[ClassMetrics]:
        """The classes in their original order."""
        return self._rows

    def show_rows(self, rows: Sequence[ClassMetrics]) -> None:
        """Replace the rows, keeping the sort order."""
        self.beginResetModel()
        self._rows = list(rows)
        self._order = self._sorted()
        self.endResetModel()

    def place(self, index: Index) -> int:
        """Original index of the class in a row."""
        return self._order[index.row()]

    def name(self, index: Index) -> str:
        """Class name of a row; empty if there is none."""
        return self._rows[self.place(index)].name if index.isValid() else ""

    def find(self, name: str) -> QModelIndex:
        """Index of a class by name; invalid if it is missing."""
        for row, place in enumerate(self._order):
            if self._rows[place].name == name:
                return self.index(row, NAME)
        return QModelIndex()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """One row per class."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """Fixed number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Headings and their tooltips."""
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section].title + ("" if section == NAME else PADDING)
        if role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].about
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text of a cell; other roles give tooltip, bar and alignment."""
        row, column = self._rows[self.place(index)], index.column()
        about, roles = COLUMNS[column], Qt.ItemDataRole
        value = about.value(row)
        if role == roles.DisplayRole:
            return row.name if column == NAME else _text(about, row) + PADDING
        if role == roles.AccessibleTextRole:
            return row.name if column == NAME else f"{row.name}: {_words(about, row)}"
        if role == SHARE_ROLE:
            return value if about.share else None
        if role == roles.TextAlignmentRole:
            return _alignment(column)
        if role == roles.ToolTipRole:
            return row.name if column == NAME else _tooltip(about, row)
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; -1 restores the original order."""
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
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
        """Stable order; missing values last."""
        places = list(range(len(self._rows)))
        if self._column < 0:
            return places
        values = [COLUMNS[self._column].value(row) for row in self._rows]
        known = [place for place in places if values[place] is not None]
        known.sort(key=lambda place: values[place], reverse=self._descending)
        return known + [place for place in places if values[place] is None]


def _text(about: MetricColumn, row: ClassMetrics) -> str:
    value = about.value(row)
    if value is None:
        return NONE
    if not about.share:
        return f"{value:,}"
    return about.text(row).partition(" (")[0] or percent(value, 1)


def _words(about: MetricColumn, row: ClassMetrics) -> str:
    if about.value(row) is None:
        return about.missing
    return f"{about.title.lower()} {about.text(row) or _text(about, row)}"


def _tooltip(about: MetricColumn, row: ClassMetrics) -> str | None:
    """Why there is no value, or the likely range of one of few images."""
    if about.value(row) is None:
        return about.missing
    return about.text(row) if "(" in about.text(row) else None


def _alignment(column: int) -> Qt.AlignmentFlag:
    sideways = Qt.AlignmentFlag.AlignLeft if column == NAME else Qt.AlignmentFlag.AlignRight
    return sideways | Qt.AlignmentFlag.AlignVCenter
