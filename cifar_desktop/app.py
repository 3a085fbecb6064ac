"""Builds the services and the window, joins them, and runs them: the wiring diagram in code."""

import signal
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from cifar_desktop import appearance, paths
from cifar_desktop.classify_tab import ClassifyTab
from cifar_desktop.crash import CrashReporter
from cifar_desktop.display import make_application
from cifar_desktop.file_dialogs import FileDialogs
from cifar_desktop.garbage import GarbageCollector
from cifar_desktop.main_window import MainWindow
from cifar_desktop.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.options import Options
from cifar_desktop.services.image_loader import ImageLoader
from cifar_desktop.services.inference_worker import InferenceWorker
from cifar_desktop.services.model_service import ModelService
from cifar_desktop.settings import Settings
from trainer.bundle import bundled_model, resource
from trainer.errors import TrainerError


class App(QObject):
    """The program, ready to be shown.

    Args:
        options: What the start is asked for.
        settings: What is remembered.
        board: Notices; some may stand already.
        built_in_network: The network that is used unless another is named.
        log_folder: Where the log is, or None.

    Signals: none.
    """

    def __init__(
        self,
        options: Options,
        settings: Settings,
        board: NoticeBoard,
        *,
        built_in_network: Path,
        log_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self._options, self._settings, self._board = options, settings, board
        self._network = options.model or built_in_network
        icon = program_icon()
        self._garbage = GarbageCollector()
        self.loader = ImageLoader()
        self.worker = InferenceWorker(ModelService())
        self.tab = ClassifyTab(self.loader, self.worker, board, FileDialogs(settings), icon)
        self.window = MainWindow(self.tab, board, settings, built_in_network, log_folder)
        self.window.setWindowIcon(icon)
        self.window.closed.connect(self.shutdown)
        self.worker.network_ready.connect(self._garbage.begin)
        self.worker.network_failed.connect(self._garbage.begin)
        self._running = True

    def show(self) -> None:
        """Show the window; everything slow begins only after that."""
        self.tab.focus_start()
        self.window.show()
        QTimer.singleShot(0, self, self._begin)

    @Slot()
    def shutdown(self) -> None:
        """Stop what runs and wait for it; safe to call twice."""
        if self._running:
            self._running = False
            self.loader.shutdown()
            self.worker.shutdown()
            self._garbage.stop()

    @Slot()
    def _begin(self) -> None:
        if not self._running:
            return
        self.tab.open_network(self._network)
        if self._options.pictures:
            self.tab.open_arguments(self._options.pictures)
        if not self._settings.writable:
            self._board.post(
                Notice(
                    sentence=f"“{self._settings.file.parent}” cannot be written, so settings are "
                    "not remembered. Everything else works.",
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


def run(options: Options) -> int:
    """Open the window and run until it is closed; returns the exit code."""
    application = make_application()
    _name(application)
    board = NoticeBoard()
    reporter = CrashReporter(board)
    reporter.install(paths.log_folder())
    settings = Settings(paths.settings_file())
    appearance.apply(settings.scheme)
    app = App(
        options,
        settings,
        board,
        built_in_network=bundled_model(),
        log_folder=reporter.log_folder,
    )
    # Qt's loop lets no Python handler run, so Ctrl-C in a terminal would do nothing at all.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    app.show()
    code = application.exec()
    app.shutdown()
    reporter.remove()
    return code


def _name(application: QApplication) -> None:
    application.setApplicationName("cifar-desktop")
    application.setApplicationDisplayName("CIFAR Desktop")
    application.setDesktopFileName("cifar-desktop")
