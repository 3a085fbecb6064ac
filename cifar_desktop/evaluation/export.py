"""The Save menu of the Evaluation tab: the current chart as a picture, results as tables."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.common.export_files import PICTURE_KINDS, TABLE_KINDS, SavedNotices, save_widget
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.file_names import safe_name
from cifar_desktop.common.notices import NoticeBoard, Topic
from cifar_desktop.evaluation.report_view import ReportViews
from trainer.errors import TrainerError

_TABLES = (
    ("&Overall metrics as a table…", "metrics", "metrics_csv"),
    ("Metrics by c&lass as a table…", "classes", "classes_csv"),
    ("Confusion &matrix as a table…", "confusion", "confusion_csv"),
    ("Cali&bration as a table…", "calibration", "calibration_csv"),
    ("Predictions for &all images as a table…", "predictions", "predictions_csv"),
)
"""Menu text, file name suffix, and the function of `trainer.evaluation.csv_export`."""


class EvaluationExport(QObject):
    """Asks for a file name, and saves.

    Args:
        views: The charts.
        menu: Menu to fill.
        dialogs: File dialogs.
        board: Shows the outcome.

    Signals: none.
    """

    def __init__(
        self, views: ReportViews, menu: QMenu, dialogs: FileDialogs, board: NoticeBoard
    ) -> None:
        super().__init__(views)
        self._views, self._dialogs = views, dialogs
        self._notices = SavedNotices(board, Topic.EVALUATION)
        # The table of a thousand classes takes a while.
        self._jobs = BackgroundJobs(self)
        self._add(menu, "Chart as a &picture…", self.save_chart)
        self._add(views.tabs.menu, "Save the chart as a &picture…", self.save_chart)
        menu.addSeparator()
        for label, name, function in _TABLES:
            self._predictions = self._add(menu, label, partial(self.save_table, name, function))
        menu.aboutToShow.connect(self._offer)

    def save_chart(self) -> None:
        """Save the current chart."""
        title = self._views.shown_name
        path = self._ask("Save the chart", f"{title.lower()}.png", PICTURE_KINDS)
        if path is None:
            return
        try:
            save_widget(self._views.shown, path)
        except TrainerError as error:
            self._notices.report_error(error)
        else:
            self._notices.report_file(path)

    def save_table(self, name: str, function: str) -> None:
        """Save a table.

        Args:
            name: File name suffix.
            function: Function of `trainer.evaluation.csv_export`.
        """
        report = self._views.report
        path = self._ask("Save a table", f"{name}.csv", TABLE_KINDS)
        if path is None or report is None:
            return

        def write() -> Path:
            from trainer.evaluation import csv_export

            csv_export.save_table(path, getattr(csv_export, function)(report))
            return path

        self._jobs.run(write, self._notices.report_file, self._notices.report_error)

    def shutdown(self) -> None:
        """Finish pending writes."""
        self._jobs.shutdown()

    @Slot()
    def _offer(self) -> None:
        """Offer the predictions only where there are any, the last entry of the menu."""
        self._predictions.setEnabled(self._views.images is not None)

    def _add(self, menu: QMenu, label: str, run: Callable[[], None]) -> QAction:
        action = menu.addAction(label)
        action.triggered.connect(lambda _checked: run())
        return action

    def _ask(self, title: str, ending: str, kinds: str) -> Path | None:
        report = self._views.report
        if report is None:
            return None
        return self._dialogs.save(
            self._views, title, f"{safe_name(report.subject)} {ending}", kinds
        )
