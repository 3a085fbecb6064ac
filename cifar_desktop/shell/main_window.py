"""The window: tabs, menus, notices, and drops anywhere on it. Made by `app`."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QKeyEvent,
)
from PySide6.QtWidgets import QMainWindow, QWidget

from cifar_desktop.classify.services.picture_offer import common_folder, may_hold_picture
from cifar_desktop.classify.tab import ClassifyTab
from cifar_desktop.common.lazy_tab import LazyTab
from cifar_desktop.common.notices import Notice, NoticeBoard, Severity, Topic
from cifar_desktop.common.open_externally import open_folder
from cifar_desktop.common.settings import Settings
from cifar_desktop.help import about_dialog
from cifar_desktop.runs.services.run_manager import RunManager
from cifar_desktop.shell import shortcuts_dialog
from cifar_desktop.shell.close_confirmation import CloseConfirmation
from cifar_desktop.shell.menu_access import MenuAccess
from cifar_desktop.shell.menus import Menus, WindowCommands
from cifar_desktop.shell.notice_toasts import NoticeToasts
from cifar_desktop.shell.presentation import Presentation
from cifar_desktop.shell.regions import Regions
from cifar_desktop.shell.training_mark import TrainingMark
from cifar_desktop.shell.widgets.drop_overlay import DropOverlay
from cifar_desktop.shell.widgets.header_tabs import HeaderTabs

if TYPE_CHECKING:
    from cifar_desktop.evaluation.page import EvaluationPage
    from cifar_desktop.training.page import TrainingPage

_NAME = "CIFAR Desktop"
_SHARE_OF_SCREEN = 0.92
"""The largest share of the screen's width and height that the first window takes."""


class MainWindow(QMainWindow):
    """Everything the user sees.

    Args:
        tab: The Classify tab.
        training: The Training tab.
        evaluation: The Evaluation tab.
        run_manager: The runs; while one is active, closing the window asks first.
        board: The notices to show.
        settings: Geometry and color scheme.
        log_folder: The folder that "Show the log folder" opens, or None if there is no log.

    Signals:
        leaving: The window is about to close, and accepts nothing any more.
        closed: The window was closed; it is hidden already.
        diagnostics_requested: Open the Diagnostics window.
    """

    leaving = Signal()
    closed = Signal()
    diagnostics_requested = Signal()

    def __init__(
        self,
        tab: ClassifyTab,
        training: "LazyTab[TrainingPage]",
        evaluation: "LazyTab[EvaluationPage]",
        run_manager: RunManager,
        board: NoticeBoard,
        settings: Settings,
        log_folder: Path | None,
    ) -> None:
        super().__init__()
        self._tab, self._training, self._evaluation = tab, training, evaluation
        self._board, self._settings = board, settings
        self.close_confirmation = CloseConfirmation(self, run_manager)
        self._log_folder = log_folder
        self.tabs = HeaderTabs()
        self._arrange()
        self.overlay = DropOverlay(self)
        self._training_mark = TrainingMark(self.tabs, training, run_manager)
        self._connect()
        self._fill_menus()
        self.setAcceptDrops(True)
        self.setWindowTitle(_NAME)
        self.setMinimumSize(560, 420)
        self._restore_geometry()
        self.notices.refresh()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Accept whatever may contain a picture."""
        if may_hold_picture(event.mimeData()):
            self.overlay.appear(self._drop_target(event.mimeData())[0])
            _accept_as_copy(event)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        """Accept it anywhere in the window."""
        _accept_as_copy(event)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        """The drag has left the window."""
        self.overlay.hide()
        super().dragLeaveEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        """Show what was dropped, or choose the dataset that was dropped where one is needed."""
        self.overlay.hide()
        _accept_as_copy(event)
        self._drop_target(event.mimeData())[1]()

    def train_on(self, folder: Path) -> None:
        """Open the Training tab with a dataset in the form."""
        self.tabs.setCurrentWidget(self._training)
        self._training.page.choose_dataset(folder)

    def open_arguments(self, arguments: Sequence[str], files: int) -> None:
        """Open what a later launch names, as if it were dropped; `files` is how many it names."""
        folder = common_folder(list(map(Path, arguments)))
        if folder is not None and (target := self._folder_target(folder)) is not None:
            target[1]()
            return
        self.show_classify()
        self._tab.open_arguments(arguments, files)

    def _drop_target(self, mime: QMimeData) -> tuple[str, Callable[[], None]]:
        """What a drop would do, in words and as a function."""
        folder = common_folder(
            [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]
        )
        target = self._folder_target(folder) if folder is not None else None
        return target or ("Drop to classify", partial(self._classify_drop, mime))

    def _folder_target(self, folder: Path) -> tuple[str, Callable[[], None]] | None:
        """What the tab does with a folder; None where its pictures are shown."""
        tab = self.tabs.currentWidget()
        if tab is self._training:
            return "Drop to train on this dataset", partial(self.train_on, folder)
        if tab is self._evaluation:
            choose = self._evaluation.page.choose_dataset
            return "Drop to evaluate on this dataset", partial(choose, folder)
        return None

    def _classify_drop(self, mime: QMimeData) -> None:
        self.show_classify()
        self._tab.offer_mime(mime)

    @Slot()
    def show_classify(self) -> None:
        """Open the Classify tab."""
        self.tabs.setCurrentWidget(self._tab)

    def show_run(self, path: Path) -> None:
        """Open the Training tab with a run."""
        self.tabs.setCurrentWidget(self._training)
        self._training.page.show_run(path)

    def duplicate_run(self, path: Path) -> None:
        """Open the Training tab with the settings of a run in the form."""
        self.tabs.setCurrentWidget(self._training)
        self._training.page.duplicate(path)

    def evaluate_run(self, path: Path) -> None:
        """Open the Evaluation tab with a run."""
        self.tabs.setCurrentWidget(self._evaluation)
        self._evaluation.page.show_run(path)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take keys that no widget has taken."""
        if event.key() == Qt.Key.Key_Escape:
            self.presentation.leave()
        self._menu_access.watch(event)
        super().keyPressEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Save the geometry, hide at once, and let the services end; ask first if need be."""
        if not self.close_confirmation.may_close():
            event.ignore()
            return
        self.leaving.emit()
        # The next window is to be one, not a whole screen.
        self.presentation.leave()
        self._settings.geometry = self.saveGeometry()
        super().closeEvent(event)
        self.hide()
        self.closed.emit()

    def _arrange(self) -> None:
        places = (
            (self._tab, "classify", "&Classify"),
            (self._training, "training", "&Training"),
            (self._evaluation, "evaluation", "Eval&uation"),
        )
        for tab, icon_name, text in places:
            self.tabs.add_place(tab, tab.header, icon_name, text)
        self.setCentralWidget(self.tabs)
        self.notices = NoticeToasts(
            self._board,
            self.tabs,
            self._working_area,
            self.tabs.unread_errors,
            self._topics_elsewhere,
            f"{_NAME} {about_dialog.version()}",
        )

    def _working_area(self) -> QWidget:
        """What notices lie over on the tab that is open."""
        tab = self.tabs.currentWidget()
        page = tab.page if isinstance(tab, LazyTab) else tab
        return getattr(page, "working_area", page)

    def _parts(self) -> list[QWidget]:
        """The parts of the window that F6 goes round."""
        tab = self.tabs.currentWidget()
        page = tab.page if isinstance(tab, LazyTab) else tab
        own = page.regions() if hasattr(page, "regions") else [page]
        newest = self.notices.newest
        return [self.tabs.tabBar(), *own, *([newest] if newest else [])]

    def _topics_elsewhere(self) -> set[Topic]:
        """Notices about a picture stay on its tab, which may say the same in its place."""
        here = self.tabs.currentWidget() is self._tab and not self._tab.shows_failure
        return set() if here else {Topic.PICTURE}

    def _connect(self) -> None:
        self.tabs.currentChanged.connect(self.notices.refresh)
        self._tab.picture_changed.connect(self._show_name)
        self._tab.dataset_requested.connect(self.train_on)
        self._tab.details_requested.connect(self.notices.copy)
        self.close_confirmation.allowed.connect(self.close)
        self.close_confirmation.stopping.connect(self._on_stopping)

    def _fill_menus(self) -> None:
        commands = WindowCommands(
            show_classify=self.show_classify,
            show_training=lambda: self.tabs.setCurrentWidget(self._training),
            show_evaluation=lambda: self.tabs.setCurrentWidget(self._evaluation),
            show_shortcuts=lambda: shortcuts_dialog.show_shortcuts(self),
            show_log_folder=self._show_log_folder,
            show_diagnostics=self.diagnostics_requested.emit,
            show_about=lambda: about_dialog.show_about(self),
        )
        self._menus = Menus(self, self._tab, self._settings, commands)
        self.presentation = Presentation(self, self.tabs, self._menus.view)
        Regions(self, self._parts)
        self._menu_access = MenuAccess(
            self, self.tabs.menu_button, self._menus.view, self._settings
        )

    def _restore_geometry(self) -> None:
        # The frame around the window must fit on the screen, too.
        screen = self.screen().availableSize() * _SHARE_OF_SCREEN
        self.resize(QSize(1080, 720).boundedTo(screen))
        geometry = self._settings.geometry
        if geometry is not None:
            self.restoreGeometry(geometry)

    @Slot(str)
    def _show_name(self, picture: str) -> None:
        self.setWindowTitle(f"{picture} \N{EN DASH} {_NAME}" if picture else _NAME)

    @Slot()
    def _on_stopping(self) -> None:
        self._board.post(
            Notice(
                sentence="Saving a checkpoint; the window will close in a moment…",
                topic=Topic.TRAINING,
                severity=Severity.INFO,
                lasting=True,
            )
        )

    def _show_log_folder(self) -> None:
        folder = self._log_folder
        if folder is not None and open_folder(folder):
            return
        where = f"The log is in “{folder}”." if folder else "There is no log: it cannot be written."
        self._board.post(Notice(sentence=where, topic=Topic.PROGRAM, severity=Severity.INFO))


def _accept_as_copy(event: QDropEvent) -> None:
    # With "move", a file manager would delete the photo.
    event.setDropAction(Qt.DropAction.CopyAction)
    event.accept()
