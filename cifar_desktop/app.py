"""Makes the services and the window, connects and runs them: the wiring diagram in code."""

import logging
import signal
from pathlib import Path

from PySide6.QtCore import QMimeData, QObject, QTimer, Slot
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from cifar_desktop import paths
from cifar_desktop.classify.services.image_loader import ImageLoader
from cifar_desktop.classify.tab import ClassifyTab
from cifar_desktop.command_line import Options
from cifar_desktop.common import color_scheme
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.settings import Settings
from cifar_desktop.evaluation.services.evaluator import Evaluator
from cifar_desktop.evaluation.services.report_cache import ReportCache
from cifar_desktop.evaluation.tab import evaluation_tab
from cifar_desktop.networks.chooser import NetworkChooser
from cifar_desktop.networks.services.inference_worker import InferenceWorker
from cifar_desktop.networks.services.library import NetworkLibrary
from cifar_desktop.networks.services.model_service import ModelService
from cifar_desktop.networks.services.store import NetworkStore
from cifar_desktop.runs.actions import RunActions
from cifar_desktop.runs.dataset_location import DatasetLocator
from cifar_desktop.runs.run_dialogs import ask_to_delete, show_folder
from cifar_desktop.runs.run_notices import RunNotices
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.runs.services.run_store import RunStore
from cifar_desktop.runs.use_network import RunNetworkExporter
from cifar_desktop.shell import fallback_font
from cifar_desktop.shell.crash_reporter import CrashReporter
from cifar_desktop.shell.garbage_collector import GarbageCollector
from cifar_desktop.shell.main_window import MainWindow
from cifar_desktop.shell.qt_application import make_application
from cifar_desktop.shell.second_launch import SecondLaunchHandler
from cifar_desktop.shell.services.single_instance import SingleInstance
from cifar_desktop.shell.startup_log import StartupLog
from cifar_desktop.trainer_process.command_queue import CommandQueue
from cifar_desktop.training.tab import training_tab
from trainer.errors import TrainerError
from trainer.files.resources import bundled_model, resource

log = logging.getLogger(__name__)


class App(QObject):
    """The program, ready to be shown.

    Args:
        options: What the command line asked for.
        settings: What is remembered between starts.
        board: The notices; some may be posted already.
        built_in_network: The network that is used unless another one is chosen.
        networks_folder: Folder of the user's networks; next to the settings file if None.
        runs_folder: Folder of the runs; next to the settings file if None.
        reports_folder: Folder of evaluations that belong to no run; next to the settings file if
            None.
        log_folder: Folder of the log files, or None if there are none.

    Signals: none.
    """

    def __init__(
        self,
        options: Options,
        settings: Settings,
        board: NoticeBoard,
        *,
        built_in_network: Path,
        networks_folder: Path | None = None,
        runs_folder: Path | None = None,
        reports_folder: Path | None = None,
        log_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._options, self._settings, self._board = options, settings, board
        self._garbage = GarbageCollector()
        beside = settings.file.parent
        networks, runs = networks_folder or beside / "networks", runs_folder or beside / "runs"
        log = log_folder or paths.log_folder()
        self._folders = {"Runs": runs, "Networks": networks, "Settings": beside, "Log": log}
        dialogs = FileDialogs(settings)
        self.loader = ImageLoader()
        self.worker = InferenceWorker(ModelService())
        self.library = NetworkLibrary(NetworkStore(networks), built_in_network)
        self.networks = NetworkChooser(self.worker, self.library, board, settings)
        self.run_manager = RunManager(RunStore(runs))
        self.commands = CommandQueue()
        self.run_networks = RunNetworkExporter(
            self.run_manager, self.commands, self.networks, self.library, board
        )
        icon = program_icon()
        self.tab = ClassifyTab(self.loader, self.worker, self.networks, board, dialogs)
        self.training = training_tab(
            self.run_manager,
            lambda: self.run_actions,
            self.commands,
            board,
            dialogs,
            settings,
            self.networks,
        )
        self.evaluator = Evaluator(ReportCache(reports_folder or beside / "reports"))
        self.evaluation = evaluation_tab(
            self.evaluator,
            self.run_manager,
            self.networks,
            board,
            dialogs,
            settings,
            self._classify,
        )
        self.window = MainWindow(
            self.tab, self.training, self.evaluation, self.run_manager, board, settings, log_folder
        )
        self.window.setWindowIcon(icon)
        self.run_data = DatasetLocator(self.run_manager, dialogs, board, self.window)
        self.run_actions = self._make_run_actions()
        self.run_notices = RunNotices(self.run_manager, self.run_actions, board, settings.left_runs)
        self._startup_log = StartupLog(self.window, self.worker, self.tab.predictions)
        self._connect()
        self._running = True

    def show(self) -> None:
        """Show the window; everything slow begins only after that."""
        self.tab.focus_start()
        self.window.show()
        QTimer.singleShot(0, self, self._begin)

    def _classify(self, image: QImage) -> None:
        """Open the Classify tab with a picture that is no file."""
        data = QMimeData()
        data.setImageData(image)
        self.window.show_classify()
        self.tab.offer_mime(data)

    def _make_run_actions(self) -> RunActions:
        return RunActions(
            show=self.window.show_run,
            resume=self.run_manager.resume,
            stop=self.run_manager.stop,
            kill=self.run_manager.kill,
            rename=self.run_manager.rename,
            delete=lambda path: ask_to_delete(path, self.run_manager, self.window),
            open_folder=lambda path: show_folder(path, self._board),
            duplicate=self.window.duplicate_run,
            use_network=self.run_networks.use,
            evaluate=self.window.evaluate_run,
            locate_data=self.run_data.find,
        )

    def _connect(self) -> None:
        self.run_networks.used.connect(self.window.show_classify)
        self.window.diagnostics_requested.connect(self._show_diagnostics)
        self.window.closed.connect(self.shutdown)
        for loaded in (self.worker.network_ready, self.worker.network_failed):
            loaded.connect(self._garbage.begin)
            loaded.connect(self.training.prepare)
            loaded.connect(self.evaluation.prepare)

    @Slot()
    def shutdown(self) -> None:
        """Stop all services and wait for them; safe to call twice."""
        if self._running:
            self._running = False
            self._settings.left_runs = [path.name for path in self.run_manager.active]
            self.run_manager.leave()
            self.commands.shutdown()
            self.training.shutdown()
            self.evaluator.shutdown()
            self.evaluation.shutdown()
            self.loader.shutdown()
            self.library.shutdown()
            self.worker.shutdown()
            self._garbage.stop()

    @Slot()
    def _show_diagnostics(self) -> None:
        # Imported only now, so that starting need not wait for it.
        from cifar_desktop.help.diagnostics_dialog import show_diagnostics

        opened = show_diagnostics(self.window, self._folders)
        self.window.closed.connect(opened.close)

    @Slot()
    def _begin(self) -> None:
        if not self._running:
            return
        self.networks.begin(self._options.model)
        self.run_manager.adopt()
        if self._options.pictures:
            self.tab.open_arguments(self._options.pictures)
        if not self._settings.writable:
            self._board.post(
                Notice(
                    sentence=f"“{self._settings.file.parent}” cannot be written, so settings are "
                    "not saved. Is the disk full, or the folder read-only?",
                    topic=Topic.PROGRAM,
                    severity=Severity.WARNING,
                )
            )


def program_icon() -> QIcon:
    """The program's icon; an empty one if the installation lacks it."""
    try:
        return QIcon(str(resource("icon.svg")))
    except TrainerError:
        return QIcon()


def run(options: Options, instance: SingleInstance) -> int:
    """Open the window and run until it is closed; returns the exit code."""
    application = make_application()
    _name(application)
    board = NoticeBoard()
    reporter = CrashReporter(board)
    reporter.install(paths.log_folder())
    settings = Settings(paths.settings_file())
    fallback_font.ensure()
    color_scheme.apply(settings.scheme)
    app = App(
        options,
        settings,
        board,
        built_in_network=bundled_model(),
        networks_folder=paths.networks_folder(),
        runs_folder=paths.runs_folder(),
        reports_folder=paths.reports_folder(),
        log_folder=reporter.log_folder,
    )
    # Qt's event loop runs no Python signal handlers, so Ctrl-C in a terminal would do nothing.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app.show()
    SecondLaunchHandler(instance, app.window, app.tab)
    code = application.exec()
    app.shutdown()
    log.info("end, exit code %d", code)
    reporter.remove()
    return code


def _name(application: QApplication) -> None:
    application.setApplicationName("cifar-desktop")
    application.setApplicationDisplayName("CIFAR Desktop")
    application.setDesktopFileName("cifar-desktop")
