"""Keeps the rows of the runs table sorted, and updates them in place."""

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from cifar_desktop.training.widgets.runs.columns import (
    COLUMNS,
    COMPARE,
    NAME,
    STARTED,
    STATE,
    RunRow,
)
from cifar_desktop.ui.table_text import PADDING

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The role of the `RunRow` itself, for painting."""

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()


class RunsModel(QAbstractTableModel):
    """Keeps the rows sorted, updates them in place, and knows which runs are compared.

    Signals:
        renamed: Key and the name that the user typed; the row keeps its old name until it is
            replaced.
        compared: Keys of the runs whose boxes are checked.
    """

    renamed = Signal(str, str)
    compared = Signal(list)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[RunRow] = []
        self._checked: list[str] = []
        self._column, self._order = STARTED, Qt.SortOrder.DescendingOrder

    @property
    def checked(self) -> list[str]:
        """Keys of the runs that are compared, in the order they were chosen."""
        return list(self._checked)

    def row_at(self, index: Index) -> RunRow | None:
        """The run at an index, or None."""
        return self._rows[index.row()] if index.isValid() else None

    def best(self, column: int) -> float | None:
        """The highest number of a column."""
        values = (COLUMNS[column].value(row) for row in self._rows)
        return max((value for value in values if value is not None), default=None)

    def find(self, key: str, column: int = NAME) -> QModelIndex:
        """The index of a run; invalid if it is not in the table."""
        for number, row in enumerate(self._rows):
            if row.key == key:
                return self.index(number, column)
        return QModelIndex()

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs; only cells that differ are updated."""
        kept = {row.key: row for row in rows}
        self._remove_all_but(kept)
        for number, old in enumerate(self._rows):
            self._replace(number, old, kept.pop(old.key))
        self._append(list(kept.values()))
        self._sort()

    def set_checked(self, keys: Sequence[str]) -> None:
        """Compare these runs and no others."""
        known = {row.key for row in self._rows}
        checked = [key for key in dict.fromkeys(keys) if key in known]
        if checked != self._checked:
            self._checked = checked
            self._cells_changed(0, len(self._rows) - 1, COMPARE, COMPARE)
            self.compared.emit(self.checked)

    def toggle(self, key: str) -> None:
        """Compare a run, or stop comparing it."""
        others = [each for each in self._checked if each != key]
        self.set_checked(others if key in self._checked else [*others, key])

    def rowCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """The number of runs."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:  # noqa: N802 (Qt's name)
        """The number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(  # noqa: N802 (Qt's name)
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """The headings."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            if section == COMPARE:
                return ""
            return COLUMNS[section].title + (PADDING if COLUMNS[section].numeric else "")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return COLUMNS[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return COLUMNS[section].hint
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Names can be edited, and boxes checked."""
        flags = super().flags(index)
        if index.column() == NAME:
            flags |= Qt.ItemFlag.ItemIsEditable
        if index.column() == COMPARE:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The content of a cell."""
        row = self.row_at(index)
        if row is None:
            return None
        roles = Qt.ItemDataRole
        if role in (roles.DisplayRole, roles.EditRole):
            return COLUMNS[index.column()].text(row)
        if role == ROW_ROLE:
            return row
        if role == roles.TextAlignmentRole:
            return _alignment(index.column())
        return self._special(row, index.column(), role)

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:  # noqa: N802 (Qt's name)
        """Report what the user typed or checked."""
        row = self.row_at(index)
        if row is None:
            return False
        if role == Qt.ItemDataRole.CheckStateRole:
            self.toggle(row.key)
            return True
        name = " ".join(str(value).split())
        if name and name != row.name:
            self.renamed.emit(row.key, name)
        return True

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column."""
        self._column, self._order = column, order
        self._sort()

    def _special(self, row: RunRow, column: int, role: int) -> Any:
        roles = Qt.ItemDataRole
        checked = row.key in self._checked
        if column == COMPARE and role == roles.CheckStateRole:
            return Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked
        if column == COMPARE and role == roles.AccessibleTextRole:
            return f"{row.name}: {'compared' if checked else 'not compared'}"
        if role == roles.ToolTipRole:
            return _tooltip(row, column)
        return None

    def _remove_all_but(self, kept: dict[str, RunRow]) -> None:
        for number in reversed(range(len(self._rows))):
            if self._rows[number].key not in kept:
                self.beginRemoveRows(_NO_PARENT, number, number)
                del self._rows[number]
                self.endRemoveRows()
        self.set_checked([key for key in self._checked if key in kept])

    def _replace(self, number: int, old: RunRow, new: RunRow) -> None:
        if old == new:
            return
        self._rows[number] = new
        if (old.active, old.fraction, old.hint) != (new.active, new.fraction, new.hint):
            self._cells_changed(number, number, 0, len(COLUMNS) - 1)
            return
        for column, about in enumerate(COLUMNS):
            if about.text(old) != about.text(new):
                self._cells_changed(number, number, column, column)

    def _append(self, rows: list[RunRow]) -> None:
        if rows:
            first = len(self._rows)
            self.beginInsertRows(_NO_PARENT, first, first + len(rows) - 1)
            self._rows += rows
            self.endInsertRows()

    def _cells_changed(self, top: int, bottom: int, left: int, right: int) -> None:
        if bottom >= top:
            self.dataChanged.emit(self.index(top, left), self.index(bottom, right))

    def _sort(self) -> None:
        ordered = self._sorted()
        if all(old is new for old, new in zip(self._rows, ordered, strict=True)):
            return
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        keys = [self._rows[index.row()].key for index in before]
        place = {row.key: number for number, row in enumerate(ordered)}
        self._rows = ordered
        after = [
            self.index(place[key], index.column()) for key, index in zip(keys, before, strict=True)
        ]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def _sorted(self) -> list[RunRow]:
        """Ties are sorted by date, the newest first; rows without a value are last."""
        rows = sorted(self._rows, key=lambda row: (-(row.began or 0.0), row.key))
        known = [row for row in rows if self._value(row) is not None]
        unknown = [row for row in rows if self._value(row) is None]
        known.sort(key=self._value, reverse=self._order == Qt.SortOrder.DescendingOrder)
        return known + unknown

    def _value(self, row: RunRow) -> Any:
        if self._column == COMPARE:
            return row.key not in self._checked
        return COLUMNS[self._column].value(row)


def _tooltip(row: RunRow, column: int) -> str:
    about = COLUMNS[column]
    if column == STATE and row.hint:
        return row.hint
    return "" if about.numeric else about.text(row)


def _alignment(column: int) -> Qt.AlignmentFlag:
    horizontal = (
        Qt.AlignmentFlag.AlignRight if COLUMNS[column].numeric else Qt.AlignmentFlag.AlignLeft
    )
    return horizontal | Qt.AlignmentFlag.AlignVCenter
