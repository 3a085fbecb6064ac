"""All runs in a table, with the actions for the selected one; part of the Training tab."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.look.widgets import Card
from cifar_desktop.runs.actions import RESTART, RESUME, RunAction, RunActions
from cifar_desktop.training.widgets.runs.action_row import ActionRow
from cifar_desktop.training.widgets.runs.columns import COLUMNS, RunRow
from cifar_desktop.training.widgets.runs.model import RunsModel
from cifar_desktop.training.widgets.runs.view import RunsView

_EMPTY = "Every run that you start is kept here, to compare, to go on with, or to use."
_DESCENDING = Qt.SortOrder.DescendingOrder


class RunsTable(Card):
    """Shows runs; the actions apply to the selected one.

    Args:
        actions: What can be done with a run.
        parent: The parent widget.

    Signals:
        selected: Key of the run that is selected now; empty if none is.
        compared: Keys of the runs to compare.
    """

    selected = Signal(str)
    compared = Signal(list)

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selected = ""
        self._model = RunsModel(self)
        self.view = RunsView(self._model)
        self.empty, self.count = label(_EMPTY, quiet=True), label(quiet=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._make_actions(actions)
        # The run line has buttons for all others; here they are in the context menu.
        self.buttons = ActionRow(
            {self.compare: "compare", self.duplicate: "reset", self.folder: "folder"},
            (self.rename, self.delete),
            [self._sort_menu(), self.view.columns_menu],
            wordless=(self.folder,),
        )
        self._arrange()
        self._connect(actions)
        self._follow_selection()

    @property
    def key(self) -> str:
        """Key of the selected run; empty if none is."""
        return self._selected

    @property
    def checked(self) -> list[str]:
        """Keys of the runs that are compared, in the order they were chosen."""
        return self._model.checked

    def show_rows(self, rows: Sequence[RunRow]) -> None:
        """Show these runs; selection, scroll position, checkboxes and an open editor are kept."""
        bar = self.view.verticalScrollBar()
        top = QPersistentModelIndex(self.view.indexAt(QPoint(0, 0)))
        scrolled = bar.value() > 0
        self._model.show_rows(rows)
        if scrolled and top.isValid() and top.row() != bar.value():
            self.view.executeDelayedItemsLayout()
            bar.setValue(top.row())
        self.count.setText(f"{len(rows):,}" if rows else "")
        self.buttons.setVisible(bool(rows))
        self._pages.setCurrentWidget(self.view if rows else self.empty)
        self._follow_selection()

    def select(self, key: str) -> None:
        """Select a run and scroll to it; an unknown key selects none."""
        index = self._model.find(key)
        if not index.isValid():
            self.view.clearSelection()
        self.view.setCurrentIndex(index)
        self._follow_selection()

    def set_checked(self, keys: Sequence[str]) -> None:
        """Compare these runs and no others."""
        self._model.set_checked(keys)

    def _make_actions(self, actions: RunActions) -> None:
        add, on_run = self._action, self._on_selected
        self.resume = add(*RESUME, on_run(actions.resume))
        self.stop = add("S&top", "Save a checkpoint and stop", on_run(actions.stop))
        self.use = add(
            "&Use in Classify", "Classify photos with this run's network",
            on_run(actions.use_network),
        )  # fmt: skip
        self.evaluate = add(
            "&Evaluate", "See which classes and images its network gets wrong",
            on_run(actions.evaluate),
        )  # fmt: skip
        self.compare = add(
            "&Compare", "Show its curves beside those of the selected run", self._toggle, "Space"
        )
        self.compare.setCheckable(True)
        self.rename = add("Re&name", "Change its name", self._edit, "F2")
        self.folder = add("Open &folder", "Show its files", on_run(actions.open_folder))
        self.duplicate = add(
            "New run with these &settings", "Fill the form with the settings of this run",
            on_run(actions.duplicate),
        )  # fmt: skip
        self.delete = add(
            "&Delete…", "Delete the run and its files", on_run(actions.delete),
            QKeySequence.StandardKey.Delete,
        )  # fmt: skip

    def _action(
        self,
        label: str,
        tip: str,
        run: Callable[[], object],
        key: QKeySequence.StandardKey | str | None = None,
    ) -> QAction:
        action = QAction(label, self, toolTip=tip)
        if key is not None:
            action.setShortcut(QKeySequence(key))
        # The keys belong to the table, not to the buttons and fields around it.
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda _checked: run())
        self.view.addAction(action)
        return action

    def _on_selected(self, act: RunAction) -> Callable[[], object]:
        return lambda: act(Path(self._selected))

    def _sort_menu(self) -> QMenu:
        self.sort_menu = QMenu("&Sort by", self)
        group = QActionGroup(self)
        header = self.view.horizontalHeader()
        for column, about in enumerate(COLUMNS):
            action = QAction(about.title, self, checkable=True)
            action.triggered.connect(lambda _checked, column=column: self._sort_by(column))
            group.addAction(action)
            self.sort_menu.addAction(action)
        self.sort_menu.aboutToShow.connect(
            lambda: group.actions()[header.sortIndicatorSection()].setChecked(True)
        )
        return self.sort_menu

    def _arrange(self) -> None:
        step = unit()
        top = QHBoxLayout()
        top.setContentsMargins(step + step // 2, 0, step, 0)
        top.setSpacing(step)
        top.addWidget(label("Runs", Text.STRONG))
        top.addWidget(self.count)
        top.addWidget(self.buttons, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.view)
        self.buttons.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, step // 2 + 2, 1, step // 2)
        layout.setSpacing(step // 2)
        layout.addLayout(top)
        layout.addWidget(self._pages, 1)

    def _connect(self, actions: RunActions) -> None:
        self.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.view.selectionModel().currentRowChanged.connect(self._on_current_row)
        self._model.renamed.connect(lambda key, name: actions.rename(Path(key), name))
        self._model.compared.connect(self._on_compared)

    def _sort_by(self, column: int) -> None:
        """Sort by a column; a second time reverses the order."""
        header = self.view.horizontalHeader()
        order = _DESCENDING if COLUMNS[column].falling else Qt.SortOrder.AscendingOrder
        if header.sortIndicatorSection() == column:
            order = Qt.SortOrder(1 - header.sortIndicatorOrder().value)
        self.view.sortByColumn(column, order)

    def _toggle(self) -> None:
        self._model.toggle(self._selected)
        self._follow_selection()

    def _edit(self) -> None:
        index = self._model.find(self._selected)
        self.view.scrollTo(index)
        self.view.setCurrentIndex(index)
        self.view.edit(index)

    @Slot(QModelIndex, QModelIndex)
    def _on_current_row(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._follow_selection()

    @Slot(list)
    def _on_compared(self, keys: list[str]) -> None:
        self._follow_selection()
        self.compared.emit(keys)

    def _follow_selection(self) -> None:
        """Enable what can be done with the selected run, and report a change of selection."""
        row = self._model.row_at(self.view.currentIndex())
        self._offer(row)
        key = row.key if row else ""
        if key != self._selected:
            self._selected = key
            self.selected.emit(key)

    def _offer(self, row: RunRow | None) -> None:
        active = row is not None and row.active
        self.resume.setVisible(not active)
        text, tip = RESTART if row is not None and row.resumable and not row.usable else RESUME
        self.resume.setText(text)
        self.resume.setToolTip(tip)
        self.stop.setVisible(active)
        self.resume.setEnabled(row is not None and row.resumable)
        self.stop.setEnabled(active)
        for action in (self.use, self.evaluate):
            action.setEnabled(row is not None and row.usable)
        self.delete.setEnabled(row is not None and row.deletable)
        for action in (self.compare, self.rename, self.folder, self.duplicate):
            action.setEnabled(row is not None)
        self.compare.setChecked(row is not None and row.key in self._model.checked)
