"""The part of the training form that chooses datasets: the first, those added to it, their size."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.common.dataset_choices import CIFAR10, data_choices, data_title
from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import icon_button, small
from cifar_desktop.training.widgets.dataset.added import AddedDatasets
from cifar_desktop.training.widgets.dataset.state import DatasetInfo, DataState
from cifar_desktop.training.widgets.dataset.summary import DatasetSummary
from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.field_row import Place, explain


class DataFields(QWidget):
    """The datasets to train on.

    Signals:
        changed: Other datasets were chosen.
        browse_requested: The user wants to choose a folder as the dataset.
        more_requested: The user wants to choose a folder to add.
    """

    changed = Signal()
    browse_requested = Signal()
    more_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._folders: list[str] = []
        self._added: list[str] = []
        self._instead: tuple[str, ...] = ()
        self._brief = ""
        self.browse = icon_button("folder", "Folder…")
        self.browse.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        explain(self.browse, "Train on your own images: a folder with one subfolder per class")
        self.added, self.summary = AddedDatasets(), DatasetSummary()
        self.dataset = ChoiceField(
            "Data", data_choices(()), _row(self.browse, self.added.add), place=Place.BELOW,
            icon_name="data",
        )  # fmt: skip
        self.instead = QPushButton()
        explain(self.instead, "Train on the pictures of both, with the classes of the first")
        small(self.instead)
        self.instead.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(unit() // 2)
        for widget in (self.dataset, self.instead, self.added, self.summary):
            layout.addWidget(widget)
        self._connect()
        self._show_added()

    def datasets(self) -> tuple[str, ...]:
        """The chosen datasets, each `cifar10` or a folder; the first gives the classes."""
        return (self.dataset.key, *self._added)

    def choose(self, places: list[str] | tuple[str, ...]) -> None:
        """Choose datasets; folders that are not in the list yet are put at its top."""
        unknown = [each for each in places if each not in (CIFAR10, *self._folders)]
        self._folders = [*unknown, *self._folders]
        before = self.datasets()
        self._show_folders()
        self.dataset.choose(places[0])
        self._added = [each for each in dict.fromkeys(places[1:]) if each != places[0]]
        if self.datasets() != before:
            self._on_changed()

    def show_folders(self, folders: Sequence[str]) -> None:
        """Offer these folders, latest first; the chosen ones stay."""
        chosen = [each for each in self.datasets() if each not in (CIFAR10, *folders)]
        self._folders = [*chosen, *folders]
        self._show_folders()
        self._show_added()

    def show_state(self, state: DataState) -> None:
        """Show what is known about the datasets."""
        self.summary.show_state(state)
        self._brief = state.brief if isinstance(state, DatasetInfo) else ""
        self.dataset.show_helper(self._brief, self.summary.sentence)
        sources = state.sources[1:] if isinstance(state, DatasetInfo) else ()
        fits = len(sources) == len(self._added)
        self.added.show_sizes([*map(str, sources)] if fits else ())

    def show_split(self, text: str) -> None:
        """Say how many images are held out for validation."""
        self.summary.show_split(text)
        self.dataset.show_helper(self._brief, self.summary.sentence)

    def offer_instead(self, before: tuple[str, ...]) -> None:
        """Offer to add the dataset that was just chosen to those that were chosen before."""
        self._instead = (*before, self.dataset.key)
        self.instead.setText(f"Add it to {data_title(before[0])} instead")
        self.instead.show()

    def _show_folders(self) -> None:
        self.dataset.show_choices(data_choices(self._folders), self.dataset.key)

    def _show_added(self) -> None:
        choices = {each.key: each for each in data_choices(self._folders)}
        self.added.show_added([choices[key] for key in self._added])
        chosen = self.datasets()
        self.added.show_offered([each for key, each in choices.items() if key not in chosen])

    def _connect(self) -> None:
        self.dataset.chosen.connect(self._on_chosen)
        self.browse.clicked.connect(self.browse_requested)
        self.added.add_requested.connect(self._on_add)
        self.added.remove_requested.connect(self._on_remove)
        self.added.browse_requested.connect(self.more_requested)
        self.instead.clicked.connect(self._on_instead)

    @Slot(str)
    def _on_chosen(self, data: str) -> None:
        self._added = [each for each in self._added if each != data]
        self._on_changed()

    @Slot(str)
    def _on_add(self, data: str) -> None:
        self.choose((*self.datasets(), data))

    @Slot(str)
    def _on_remove(self, data: str) -> None:
        self.choose([each for each in self.datasets() if each != data])

    @Slot()
    def _on_instead(self) -> None:
        self.choose(self._instead)

    def _on_changed(self) -> None:
        self.instead.hide()
        self._show_added()
        self.changed.emit()


def _row(*widgets: QWidget) -> QWidget:
    """Widgets side by side."""
    made = QWidget()
    layout = QHBoxLayout(made)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(unit() // 2)
    for widget in widgets:
        layout.addWidget(widget)
    return made
