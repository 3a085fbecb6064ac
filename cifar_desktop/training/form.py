"""The form of the Training tab: recipe, dataset, device, settings, Start; uses no services.

The Training page fills in what it learns about devices and datasets, and acts on its signals.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QPushButton, QWidget

from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import flat, small, with_icon
from cifar_desktop.training import form_choices
from cifar_desktop.training.form_advanced_fields import AdvancedFields
from cifar_desktop.training.form_choices import AUTOMATIC
from cifar_desktop.training.form_data_fields import DataFields
from cifar_desktop.training.form_main_fields import MainFields
from cifar_desktop.training.start_field import StartField
from cifar_desktop.training.time_field import TimeField
from cifar_desktop.training.widgets.dataset.state import DataState, Failed, NotInspected
from cifar_desktop.training.widgets.form.device_field import DeviceField
from cifar_desktop.training.widgets.form.side_panel import SidePanel, column
from cifar_desktop.training.widgets.form.start_bar import StartBar
from cifar_desktop.ui.choice_field import Choice, ChoiceField
from cifar_desktop.ui.disclosure import Disclosure
from cifar_desktop.ui.field_row import Place, explain
from trainer.config.augmentation import Augmentation
from trainer.config.recipes import RECIPES, recipe, why_unavailable
from trainer.config.train_config import DeviceName, TrainConfig
from trainer.events.command_events import DeviceTested, Forecast
from trainer.planning.dataset_counts import DatasetCounts

_SAME = "All settings match the recipe"
_RESET = "Reset all settings to the recipe"
_NO_RECIPE = "This recipe is not available here. Choose another one above."
_ADVANCED = "All settings of the network's training, and what is done to the images"
_UNUSABLE = "This dataset cannot be used. Choose another one above."
_LOW = 78
"""Height in units below which the times are a list."""
_EXPLANATIONS = {
    "time": "Time: picks the recipe and epochs that fit into this time. Accuracies were measured "
    "on CIFAR-10; the speed of your computer is measured for a few seconds.",
    "recipe": "Recipe: a full set of settings (network, optimizer, augmentation) to start with.",
    "dataset": "Data: the labeled images that the network learns from and is tested on.",
    "device": "Device: the processor to train on; a GPU is usually many times faster than the CPU.",
}


class TrainingForm(SidePanel):
    """All settings of a run, in a narrow column at the left of the page.

    Signals:
        changed: Something changed; it may be invalid.
        data_changed: Other datasets were chosen; a tuple of them.
        start_requested: Start was pressed, and all settings are valid.
        browse_requested: The user wants to choose a folder as the dataset.
        more_requested: The user wants to choose a folder to add to it.
        network_requested: The user wants to choose a network file to start from.
        estimate_requested: The user wants to know how long the run will take.
        download_requested: The user wants to download the dataset now.
    """

    changed = Signal()
    data_changed = Signal(object)
    start_requested = Signal()
    browse_requested = Signal()
    more_requested = Signal()
    network_requested = Signal()
    estimate_requested = Signal()
    download_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = recipe(next(iter(RECIPES)))
        self._preferred_device, self._filling = AUTOMATIC, False
        self._devices: Sequence[DeviceTested] = ()
        self._no_recipe, self._data_problem = "", ""
        self._counts: DatasetCounts | None = None
        self._make_widgets()
        self._arrange()
        self._connect()
        self._fill(self._base)
        self.show_data_state(NotInspected())

    def config(self) -> TrainConfig | None:
        """The settings; None while something is invalid."""
        return None if self._no_recipe else self._settings()

    def augmentation(self) -> Augmentation | None:
        """The augmentation; None while it is invalid."""
        return self.main.augmentation()

    def image_size(self) -> int:
        """Side length in pixels to which images are resized."""
        return int(self.advanced.image_size.key)

    def data(self) -> str:
        """The dataset that gives the classes: `cifar10` or a folder."""
        return self.dataset.key

    def datasets(self) -> tuple[str, ...]:
        """All chosen datasets; the first gives the classes."""
        return self.data_fields.datasets()

    def set_values(self, config: TrainConfig, datasets: list[str] | tuple[str, ...]) -> None:
        """Fill the form with the settings of an earlier run."""
        self._preferred_device = config.device
        self.device.choose(config.device)
        self._fill(config)
        self.set_datasets(datasets)

    def set_datasets(self, datasets: list[str] | tuple[str, ...]) -> None:
        """Choose datasets; folders that are not in the list yet are put at its top."""
        self.data_fields.choose(datasets)

    def set_data(self, data: str) -> None:
        """Choose the dataset that gives the classes; what was added to the last one stays."""
        self.set_datasets((data, *self.datasets()[1:]))

    def show_folders(self, folders: Sequence[str]) -> None:
        """Offer these folders, latest first; the chosen ones stay."""
        self.data_fields.show_folders(folders)

    def show_devices(self, devices: Sequence[DeviceTested]) -> None:
        """Offer the devices that were found, with the reasons why others are unavailable."""
        self._devices = devices
        self.device.show_choices(form_choices.device_choices(devices), self._preferred_device)
        works = self.device.key == self._preferred_device
        self.device.show_hint("" if works else form_choices.NOT_HERE, "warning")
        self.device.show_reasons("\n".join(each.reason for each in devices if not each.works))
        self._refresh()

    def show_data_state(self, state: DataState) -> None:
        """Show what is known about the dataset."""
        self._counts = form_choices.dataset_counts(state, self.datasets())
        self.data_fields.show_state(state)
        self.advanced.show_none(self._counts.none[0] if self._counts else 0)
        self._data_problem = _UNUSABLE if isinstance(state, Failed) else ""
        self._update()

    def show_estimate(
        self, text: str, details: str = "", *, speed: str = "", offer: bool = True
    ) -> None:
        """Show how long the run will take, and whether an estimate can be requested.

        Args:
            text: The duration.
            details: What it is based on.
            speed: How fast the device is; may be empty.
            offer: Whether an estimate can be requested.
        """
        self.footer.show_estimate(text, details, offer=offer)
        self.device.show_helper(speed)

    def show_forecast(
        self, forecast: Forecast | None, hint: str = "", *, measuring: bool = False
    ) -> None:
        """Offer what can be trained in a given time; None while unknown, with a hint why."""
        self.time.show_forecast(forecast, hint, measuring=measuring)
        self.time.match(self._settings(), keep=True)

    def show_start_hint(self, text: str, details: str = "") -> None:
        """Show what will happen on Start, such as that the run has to wait."""
        self.footer.show_hint(text, details)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the times as a list where the rows would leave no room for the rest."""
        super().resizeEvent(event)
        self.time.set_low(low=event.size().height() < _LOW * unit())

    def _make_widgets(self) -> None:
        self.reset = QPushButton("Reset")
        with_icon(flat(self.reset), "reset")
        small(self.reset)
        self.reset.setAccessibleName("Reset to the recipe")
        self.time = TimeField()
        self.recipe = ChoiceField(
            "Recipe", form_choices.recipe_choices(), place=Place.BELOW, icon_name="recipe"
        )
        self.start_from = StartField(self._base)
        self.data_fields = DataFields()
        self.dataset, self.browse = self.data_fields.dataset, self.data_fields.browse
        self.added, self.summary = self.data_fields.added, self.data_fields.summary
        self.device = DeviceField(Choice(key=AUTOMATIC, text="Automatic"))
        self.why = self.device.why
        self.main, self.advanced = MainFields(), AdvancedFields()
        self.disclosure = Disclosure(
            "Advanced", column(self.start_from, self.main, self.advanced), _ADVANCED
        )
        self.footer = StartBar()
        for name, text in _EXPLANATIONS.items():
            getattr(self, name).explain(text)

    def _arrange(self) -> None:
        fields = self.data_fields, self.recipe, self.device, self.time, self.disclosure
        self.arrange("New run", self.reset, column(*fields), self.footer)
        self._order()

    def _order(self) -> None:
        """The keyboard goes the way of the eye: Start, then what most people change, the rest."""
        data = self.data_fields
        order = [
            self.footer.start, *self.time.order, self.recipe.combo, data.dataset.combo,
            data.browse, data.added.add, data.instead, self.device.combo, self.why,
        ]  # fmt: skip
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)
        QWidget.setTabOrder(self.footer.estimate_button, self.reset)

    def _connect(self) -> None:
        self.time.picked.connect(self._on_time)
        self.time.waiting_changed.connect(self._refresh)
        self.recipe.chosen.connect(self._on_recipe)
        self.reset.clicked.connect(lambda: self._on_recipe(self.recipe.key))
        self.data_fields.changed.connect(self._on_data)
        self.device.chosen.connect(self._on_device)
        for group in (self.start_from, self.main, self.advanced):
            group.changed.connect(self._on_changed)
        self.start_from.browse_requested.connect(self.network_requested)
        self.data_fields.browse_requested.connect(self.browse_requested)
        self.data_fields.more_requested.connect(self.more_requested)
        self.summary.download_requested.connect(self.download_requested)
        self.footer.start_requested.connect(self._on_start)
        self.footer.estimate_requested.connect(self.estimate_requested)

    def _fill(self, config: TrainConfig) -> None:
        self._base = config
        self.recipe.show_choices(form_choices.recipe_choices(config.recipe), config.recipe)
        reason = why_unavailable(config.recipe)
        self.recipe.show_hint(reason, "error")
        name = config.recipe
        self.recipe.show_helper(
            form_choices.recipe_purpose(name), form_choices.recipe_sentence(name)
        )
        self._no_recipe = _NO_RECIPE if reason else ""
        # Emit one change, not one per field.
        self._filling = True
        self.start_from.fill(config)
        self.main.fill(config)
        self.advanced.fill(config)
        self._filling = False
        self._on_changed()

    def _settings(self) -> TrainConfig | None:
        """The settings in the fields, whether or not the recipe is available."""
        if self.start_from.problem or self.main.problem or self.advanced.problem:
            return None
        device = cast("DeviceName", self.device.key)
        changes = {**self.start_from.changes(), **self.main.changes(), **self.advanced.changes()}
        return self._base.with_changes({**changes, "device": device})

    def _update_start(self) -> None:
        fields = (self.start_from.problem, self.main.problem, self.advanced.problem)
        problems = (self._no_recipe, *fields, self._data_problem, self.time.problem)
        self.footer.show_problem(next(filter(None, problems), ""))

    def _show_split(self) -> None:
        """Show how many images are held out, and how large the batches really are."""
        split = form_choices.split_texts(self._settings(), self._counts)
        self.data_fields.show_split(split.summary)
        self.main.batch_size.show_note(split.batch)
        self.advanced.validation_images.show_note(split.validation)

    def _update_reset(self) -> None:
        config, name = self._settings(), self.recipe.key
        known = name in RECIPES
        differs = known and (config is None or form_choices.differs(config, recipe(name)))
        self.reset.setEnabled(differs)
        explain(self.reset, _RESET if differs else _SAME if known else "")

    @Slot(object)
    def _on_time(self, timed: TrainConfig) -> None:
        settings = self._settings() or self._base
        self._fill(timed.with_changes({"seed": settings.seed}))

    @Slot(str)
    def _on_recipe(self, name: str) -> None:
        if name in RECIPES:
            self._fill(recipe(name))

    @Slot()
    def _on_start(self) -> None:
        # A network may have been removed since it was chosen.
        self.start_from.check()
        if self.config() is not None:
            self.start_requested.emit()

    @Slot()
    def _on_data(self) -> None:
        self.show_data_state(NotInspected())
        self.data_changed.emit(self.datasets())
        self._refresh()

    @Slot(str)
    def _on_device(self, device: str) -> None:
        self._preferred_device = device
        self._refresh()

    @Slot()
    def _on_changed(self) -> None:
        if not self._filling:
            self.time.match(self._settings())
            self._refresh()

    @Slot()
    def _refresh(self) -> None:
        self._update()
        self.changed.emit()

    def _update(self) -> None:
        """Bring up to date what follows from settings, device and dataset."""
        self.disclosure.mark("invalid value" if self.advanced.problem else "")
        self._update_start()
        self._update_reset()
        # Another device or dataset does not change for how long someone wants to train.
        self.time.match(self._settings(), keep=True)
        self._show_split()
        precision, device = self.advanced.precision, self.device.key
        slow = form_choices.precision_hint(precision.key, device, self._devices)
        precision.show_hint(slow, "warning")
        self.disclosure.show_digest(form_choices.digest(self._settings()))
