"""The network that a run starts from, as a field of the training form."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import Signal, Slot

from cifar_desktop.networks.widgets.picker import NetworkEntry
from cifar_desktop.runs.network_name import network_name
from cifar_desktop.runs.services.run_summary import RunSummary
from cifar_desktop.ui import formatting
from cifar_desktop.ui.choice_field import Choice, ChoiceField
from cifar_desktop.ui.field_row import Place
from trainer.config.recipes import RECIPES, recipe
from trainer.config.train_config import TrainConfig
from trainer.errors import TrainerError
from trainer.models.starting_point import BUNDLED, starting_from
from trainer.runs.run_folder import RunFolder

RANDOM, _BROWSE = "", "browse"
_FIRST = (
    Choice(key=RANDOM, text="Random weights"),
    Choice(key=BUNDLED, text=network_name(BUNDLED), tooltip="The network of the program itself"),
)
_LAST = Choice(key=_BROWSE, text="A network file…", tooltip="Choose a file from another place")
_EXPLANATION = (
    "Start from: the weights that training begins with. Those of a trained network have learned "
    "what pictures are made of, so that fewer images and epochs are enough; a lower learning rate "
    "keeps more of it. If the classes are others, its last layer starts from random weights."
)


class StartField(ChoiceField):
    """Random weights, the built-in network, the user's networks and finished runs, or a file.

    Signals:
        changed: Another network was chosen, or its file can be used now or no longer can.
        browse_requested: The user wants to choose a network file.
    """

    changed = Signal()
    browse_requested = Signal()

    def __init__(self, config: TrainConfig) -> None:
        super().__init__("Start from", (*_FIRST, _LAST), place=Place.BELOW, icon_name="network")
        self.explain(_EXPLANATION)
        self._base = self._start = config
        self._offered: Sequence[Choice] = ()
        self._network, self._problem = RANDOM, ""
        self.chosen.connect(self._on_chosen)

    @property
    def problem(self) -> str:
        """Why no run can start from the chosen network; empty if one can."""
        return self._problem

    def fill(self, config: TrainConfig) -> None:
        """Show what a config starts from."""
        self._base = config
        self._show(config.init)
        self._read()

    def changes(self) -> dict[str, Any]:
        """The values, for `TrainConfig.with_changes`; valid only while `problem` is empty."""
        start = self._start
        return {"init": start.init, "architecture": start.architecture, "widths": start.widths}

    def show_networks(self, offered: Sequence[Choice]) -> None:
        """Offer these beside random weights and the built-in network; the chosen one stays."""
        if offered != self._offered:
            self._offered = offered
            self._show(self._network)
            self.check()

    def choose_file(self, path: Path) -> None:
        """Choose a network file."""
        self._show(str(path))
        self._on_chosen(str(path))

    def check(self) -> None:
        """Look again whether the chosen network can be used."""
        before = self._start, self._problem
        self._read()
        if (self._start, self._problem) != before:
            self.changed.emit()

    def _show(self, key: str) -> None:
        self._network = key
        choices = [*_FIRST, *self._offered]
        if all(each.key != key for each in choices):
            choices.append(Choice(key=key, text=network_name(key), tooltip=key))
        self.show_choices([*choices, _LAST], key)

    def _read(self) -> None:
        """Take over the architecture of the chosen network."""
        base = self._base if self._network else _from_random_weights(self._base)
        try:
            self._start, self._problem = starting_from(base, self._network), ""
        except TrainerError as error:
            self._problem = error.message
        self.show_hint(self._problem, "error")
        learned = bool(self._network) and not self._problem
        self.show_helper(self._start.architecture if learned else "", self._purpose())

    def _purpose(self) -> str:
        if self._network == RANDOM or self._problem:
            return ""
        return (
            "Training goes on from what this network has learned, with its architecture "
            f"({self._start.architecture})."
        )

    @Slot(str)
    def _on_chosen(self, key: str) -> None:
        if key == _BROWSE:
            self.choose(self._network)
            self.browse_requested.emit()
            return
        self._network = key
        self._read()
        self.changed.emit()


def network_choices(networks: Sequence[NetworkEntry], runs: Sequence[RunSummary]) -> list[Choice]:
    """The user's own networks, then finished runs; disabled entries serve as headings."""
    own = [_network(entry) for entry in networks if entry.removable]
    finished = [_run(run) for run in runs if run.has_model]
    return [
        *([Choice(key="networks", text="Networks", enabled=False)] if own else []),
        *own,
        *([Choice(key="runs", text="Runs", enabled=False)] if finished else []),
        *finished,
    ]


def _network(entry: NetworkEntry) -> Choice:
    text = f"{entry.name} ({entry.figure})" if entry.figure else entry.name
    about = f"{entry.name}: {entry.detail}" if entry.detail else entry.name
    return Choice(key=entry.key, text=text, tooltip=about)


def _run(run: RunSummary) -> Choice:
    return Choice(
        key=str(RunFolder(run.path).model),
        text=run.name,
        tooltip=f"{run.name}: {run.recipe}, started {formatting.moment(run.created)}",
    )


def _from_random_weights(config: TrainConfig) -> TrainConfig:
    """The settings with the architecture that the recipe has without another network."""
    if not config.init or config.recipe not in RECIPES:
        return config
    own = recipe(config.recipe)
    return config.with_changes({"architecture": own.architecture, "widths": own.widths})
