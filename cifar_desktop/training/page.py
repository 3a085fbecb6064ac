"""The page of the Training tab: the form, curves or dataset, the runs."""

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout

from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.lazy_tab import TabPage
from cifar_desktop.common.notices import Notice, NoticeBoard, Topic
from cifar_desktop.common.settings import Settings
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.runs.actions import RunActions
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.trainer_process.command_queue import CommandQueue
from cifar_desktop.training import dataset_checks, run_text
from cifar_desktop.training.augmentation_controller import AugmentationPreviewController
from cifar_desktop.training.curves_export import CurvesExport
from cifar_desktop.training.dataset_controller import DatasetController
from cifar_desktop.training.form import TrainingForm
from cifar_desktop.training.runs_controller import RunsController
from cifar_desktop.training.services.augmentation_preview import AugmentationPreview
from cifar_desktop.training.start_field import network_choices
from cifar_desktop.training.time_estimates import TimeEstimates
from cifar_desktop.training.widgets.augmentation.grid import AugmentedGrid
from cifar_desktop.training.widgets.curves.pane import CurvesPane
from cifar_desktop.training.widgets.dataset.state import DatasetInfo, DataState
from cifar_desktop.training.widgets.dataset.view import DatasetView
from cifar_desktop.training.widgets.header import AUGMENTATION, CURVES, DATA, RUNS, SETUP
from cifar_desktop.training.widgets.runs.panel import RunPanel
from cifar_desktop.training.widgets.runs.table import RunsTable
from cifar_desktop.training.widgets.views import TrainingViews
from trainer.config.train_config import TrainConfig
from trainer.errors import TrainerError
from trainer.runs.run_folder import RunFolder


class TrainingPage(TabPage):
    """Where the user starts runs and watches them.

    Args:
        run_manager: The runs.
        actions: What can be done with a run.
        commands: Runs short commands of the trainer.
        board: Where errors are shown.
        dialogs: Asks for a folder.
        settings: Remembers the dataset and the settings of the last run.
        networks: The networks that a run can start from.

    Signals: none.
    """

    def __init__(
        self,
        run_manager: RunManager,
        actions: RunActions,
        commands: CommandQueue,
        board: NoticeBoard,
        dialogs: FileDialogs,
        settings: Settings,
        networks: NetworkChooser,
    ) -> None:
        super().__init__()
        self._run_manager, self._networks = run_manager, networks
        self._board, self._dialogs, self._settings = board, dialogs, settings
        self.form, self.panel = TrainingForm(), RunPanel(actions)
        self.curves, self.table = CurvesPane(), RunsTable(actions)
        self.samples, self.augmented = DatasetView(), AugmentedGrid()
        self.views = TrainingViews(
            self.form, self.panel, self.curves, self.samples, self.augmented, self.table
        )
        self.header, self.regions = self.views.header, self.views.regions
        self.working_area = self.views.working_area
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.views)
        self.dataset_controller = DatasetController(self.form, commands)
        self.time_estimates = TimeEstimates(self.form, self.dataset_controller, commands)
        self.runs_controller = RunsController(run_manager, self.panel, self.curves, self.table)
        self.export = CurvesExport(self.curves, self.runs_controller, commands, dialogs, board)
        self._preview = AugmentationPreview()
        self.augmentation = AugmentationPreviewController(
            self.form, self.dataset_controller, self._preview, self.augmented
        )
        self._connect()
        self.form.show_folders(settings.dataset_folders)
        self._fill_form()
        self.table.view.restore_layout(settings.runs_layout)
        self._on_runs()
        # A user who has never trained anything sees the dataset first.
        self._show_view(self.runs_controller.path)

    def begin(self) -> None:
        """Find out what the form needs to know: devices, data, durations."""
        self.dataset_controller.begin()
        self.time_estimates.begin()

    def show_run(self, path: Path) -> None:
        """Show a run's curves."""
        self.views.show_view(CURVES)
        self.runs_controller.show_run(path)

    @Slot()
    def start(self) -> None:
        """Start a run with the settings of the form."""
        config = self.form.config()
        if config is None:
            return
        data = self.form.datasets()
        self._settings.remember_dataset(data[0], data[1:])
        self._settings.run_settings = config.to_json()
        try:
            path = self._run_manager.start(config, data, self._new_name(config.recipe))
        except TrainerError as error:
            self._board.post(Notice.of(error, Topic.TRAINING))
            return
        self._board.clear(Topic.TRAINING)
        self.show_run(path)
        self.panel.stop.setFocus()

    def _new_name(self, recipe: str) -> str:
        numbers = [
            int(number)
            for run in self._run_manager.runs.summaries
            for name, _, number in [run.name.rpartition(" ")]
            if name == recipe and number.isdecimal()
        ]
        return f"{recipe} {max(numbers, default=0) + 1}"

    def _fill_form(self) -> None:
        """Fill the form with the settings of the last run."""
        datasets = [self._settings.dataset, *self._settings.added_datasets]
        try:
            self.form.set_values(TrainConfig.from_json(self._settings.run_settings), datasets)
        except TrainerError:
            self.form.set_datasets(datasets)

    def duplicate(self, path: Path) -> None:
        """Fill the form with the settings of a run."""
        try:
            config, data = RunFolder(path).read()
        except TrainerError as error:
            self._board.post(Notice.of(error, Topic.TRAINING))
            return
        self.form.set_values(config, data)
        self.views.show_view(SETUP)
        self.form.footer.start.setFocus()

    def leave(self) -> None:
        """Remember the columns of the table, finish saving, and end the preview."""
        self.export.shutdown()
        self._preview.shutdown()
        self._settings.runs_layout = self.table.view.layout_state()

    def _connect(self) -> None:
        form = self.form
        form.start_requested.connect(self.start)
        form.browse_requested.connect(self._choose_data)
        form.more_requested.connect(self._add_data)
        form.network_requested.connect(self._choose_network)
        self._networks.changed.connect(self._show_networks)
        form.data_changed.connect(self._show_data)
        self.panel.rate.toggled.connect(self.curves.charts.show_rate)
        self.samples.download_requested.connect(self.dataset_controller.download)
        self.samples.inspect_requested.connect(self.dataset_controller.inspect)
        self.samples.cancel_requested.connect(self.dataset_controller.cancel)
        self.samples.more_requested.connect(self.dataset_controller.find_samples)
        self.samples.augmentation_requested.connect(lambda: self.views.show_view(AUGMENTATION))
        self.views.resized.connect(self.samples.set_small)
        self.samples.sample_chosen.connect(self._show_augmented)
        self.dataset_controller.data_state_changed.connect(self._on_data)
        self.dataset_controller.samples_found.connect(self.samples.sheet.add_samples)
        self.dataset_controller.samples_failed.connect(self.samples.sheet.show_hint)
        self.runs_controller.shown.connect(self._show_view)
        for news in (
            self._run_manager.runs.list_changed,
            self._run_manager.runs.changed,
            self._run_manager.finished,
        ):
            news.connect(self._on_runs)

    @Slot(object)
    def _show_view(self, run: Path | None) -> None:
        if self.views.current != RUNS:
            self.views.show_view(CURVES if run is not None else self._first)

    @property
    def _first(self) -> str:
        """The view for those who are about to train: in a small window the form is one."""
        return SETUP if self.views.small else DATA

    @Slot()
    def _show_data(self) -> None:
        # In a small window the user is just filling in the form.
        if not self.views.small:
            self.views.show_view(DATA)

    def choose_dataset(self, folder: Path) -> None:
        """Choose a folder as the dataset, as with the button for it, or offer to add it."""
        before = self.form.datasets()
        self.form.set_data(str(folder))
        if str(folder) not in before:
            self.form.data_fields.offer_instead(before)
        self.views.show_view(self._first)

    @Slot()
    def _choose_data(self) -> None:
        folder = self._dialogs.dataset(self)
        if folder is not None:
            self.form.set_data(str(folder))

    @Slot()
    def _add_data(self) -> None:
        folder = self._dialogs.more_pictures(self)
        if folder is not None:
            self.form.set_datasets((*self.form.datasets(), str(folder)))

    @Slot()
    def _choose_network(self) -> None:
        path = self._dialogs.network(self)
        if path is not None:
            self.form.start_from.choose_file(path)

    @Slot()
    def _show_networks(self) -> None:
        runs = self._run_manager.runs.summaries
        self.form.start_from.show_networks(network_choices(self._networks.entries, runs))

    @Slot(object)
    def _on_data(self, state: DataState) -> None:
        found = dataset_checks.check_dataset(state) if isinstance(state, DatasetInfo) else ()
        self.samples.show_state(state, found)

    @Slot(str, bytes)
    def _show_augmented(self, name: str, pixels: bytes) -> None:
        self.augmentation.show_one(name, pixels)
        self.views.show_view(AUGMENTATION)
        self.augmented.back.setFocus()

    @Slot()
    def _on_runs(self) -> None:
        active = [run for run in self._run_manager.runs.summaries if run.state.active]
        self.time_estimates.set_training(training=bool(active))
        self.form.show_start_hint(*run_text.queue_hint(active))
        self.header.show_runs(len(self._run_manager.runs.summaries))
        self._show_networks()
