"""The datasets whose pictures are added to the chosen one; part of the training form."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import QUIET, Text, set_size
from cifar_desktop.look.widgets import icon_button, small
from cifar_desktop.ui.choice_field import Choice
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.field_row import explain
from cifar_desktop.ui.style import GRID

_ABOUT = (
    "Train on the pictures of further datasets, too. Their classes are matched by name; a folder "
    "named none holds pictures of other things, from which the network learns to say so."
)


class AddedDatasets(QWidget):
    """A row for each added dataset, and a button with a menu to add another.

    Signals:
        add_requested: Key of a dataset that the user wants to add.
        browse_requested: The user wants to choose a folder to add.
        remove_requested: Key of a dataset that the user wants to remove.
    """

    add_requested = Signal(str)
    browse_requested = Signal()
    remove_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[AddedRow] = []
        self._offered: Sequence[Choice] = ()
        self.menu = QMenu(self)
        self.add = icon_button("add", "Add more pictures…")
        self.add.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.add.setMenu(self.menu)
        self.add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        # When it opens, and not when the offer changes: that may be in the midst of a click in it.
        self.menu.aboutToShow.connect(self._fill_menu)
        explain(self.add, _ABOUT)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        self.show_added(())

    def show_added(self, added: Sequence[Choice]) -> None:
        """Show these datasets, whose sizes are not known yet."""
        had_focus = any(row.remove.hasFocus() for row in self.rows)
        for row in self.rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [AddedRow(each) for each in added]
        for row in self.rows:
            self._layout.addWidget(row)
            row.remove_requested.connect(self.remove_requested)
        self.setVisible(bool(self.rows))
        if had_focus:
            self.add.setFocus()

    def show_sizes(self, sizes: Sequence[str]) -> None:
        """Show what each adds, in words; nothing if that is not known."""
        for row, size in zip(self.rows, sizes or [""] * len(self.rows), strict=True):
            row.show_size(size)

    def show_offered(self, offered: Sequence[Choice]) -> None:
        """Offer these datasets in the menu, and to choose a folder."""
        self._offered = offered

    @Slot()
    def _fill_menu(self) -> None:
        self.menu.clear()
        for each in self._offered:
            action = self.menu.addAction(each.text.replace("&", "&&"))
            action.setToolTip(each.tooltip)
            action.triggered.connect(lambda _=False, key=each.key: self.add_requested.emit(key))
        if self._offered:
            self.menu.addSeparator()
        self.menu.addAction("Folder…").triggered.connect(self._on_browse)

    @Slot()
    def _on_browse(self) -> None:
        self.browse_requested.emit()


class AddedRow(QWidget):
    """An added dataset: its name, what it adds, and a button that removes it.

    Args:
        dataset: The dataset.

    Signals:
        remove_requested: Key of the dataset.
    """

    remove_requested = Signal(str)

    def __init__(self, dataset: Choice) -> None:
        super().__init__()
        self._key = dataset.key
        self.name, self.amount = ElidedLabel(), ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.name.show_text(f"+ {dataset.text}", dataset.tooltip)
        self.amount.setForegroundRole(QUIET)
        set_size(self.amount, Text.CAPTION)
        self.remove = icon_button(
            "close",
            f"Remove {dataset.text}",
            f"Do not train on the pictures of {dataset.text}",
        )
        self.remove.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        small(self.remove)
        self.remove.clicked.connect(self._on_remove)
        layout = QGridLayout(self)
        layout.setContentsMargins(GRID, 0, 0, 0)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(0)
        layout.addWidget(self.name, 0, 0)
        layout.addWidget(self.amount, 1, 0)
        layout.addWidget(self.remove, 0, 1, 2, 1)
        layout.setColumnStretch(0, 1)
        self.show_size("")

    def show_size(self, text: str) -> None:
        """Show what it adds, in words."""
        self.amount.show_text(text)
        self.amount.setVisible(bool(text))

    @Slot()
    def _on_remove(self) -> None:
        self.remove_requested.emit(self._key)
