"""The Save menu of the Evaluation tab: the chart in front as a picture, figures as tables."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QMenu

from cifar_desktop.common.background_jobs import BackgroundJobs
from cifar_desktop.common.export_files import PICTURE_KINDS, TABLE_KINDS, SavedNotices, save_widget
from cifar_desktop.common.file_dialogs import FileDialogs
from cifar_desktop.common.file_names import safe_name
from cifar_desktop.common.notices import NoticeBoard, Topic
from cifar_desktop.evaluation.report_view import ReportViews
from trainer.errors import TrainerError

_TABLES = (
    ("&Figures as a table…", "figures", "figures_csv"),
    ("C&lasses as a table…", "classes", "classes_csv"),
    ("Confusion &matrix as a table…", "confusion", "confusion_csv"),
    ("Cali&bration as a table…", "calibration", "calibration_csv"),
    ("&Answers to all images as a table…", "answers", "answers_csv"),
)
"""What the menu says, the end of the file's name, and the function of `trainer.evaluation.csv_export`."""


class EvaluationExport(QObject):
    """Asks where to, and saves.

    Args:
        views: What is shown.
        menu: Gets the entries.
        dialogs: Asks for the file.
        board: Where it is told what came of it.

    Signals: none.
    """

    def __init__(
        self, views: ReportViews, menu: QMenu, dialogs: FileDialogs, board: NoticeBoard
    ) -> None:
        super().__init__(views)
        self._views, self._dialogs = views, dialogs
        self._notices = SavedNotices(board, Topic.EVALUATION)
        # A thousand classes make a table that takes its time.
        self._jobs = BackgroundJobs(self)
        self._add(menu, "The chart as a &picture…", self.save_chart)
        menu.addSeparator()
        for label, name, function in _TABLES:
            self._add(menu, label, partial(self.save_table, name, function))

    def save_chart(self) -> None:
        """Save the chart in front."""
        title = self._views.shown_name
        path = self._ask("Save the chart", f"{title.lower()}.png", PICTURE_KINDS)
        if path is None:
            return
        try:
            save_widget(self._views.shown, path)
        except TrainerError as error:
            self._notices.complain(error)
        else:
            self._notices.tell_file(path)

    def save_table(self, name: str, function: str) -> None:
        """Save figures.

        Args:
            name: What they are, for the file's name.
            function: Which of `trainer.evaluation.csv_export` makes the table.
        """
        report = self._views.report
        path = self._ask("Save a table", f"{name}.csv", TABLE_KINDS)
        if path is None or report is None:
            return

        def write() -> Path:
            from trainer.evaluation import csv_export

            csv_export.save_table(path, getattr(csv_export, function)(report))
            return path

        self._jobs.run(write, self._notices.tell_file, self._notices.complain)

    def shutdown(self) -> None:
        """Finish what is being written."""
        self._jobs.shutdown()

    def _add(self, menu: QMenu, label: str, run: Callable[[], None]) -> None:
        menu.addAction(label).triggered.connect(lambda _checked: run())

    def _ask(self, title: str, ending: str, kinds: str) -> Path | None:
        report = self._views.report
        if report is None:
            return None
        return self._dialogs.save(self._views, title, f"{safe_name(report.subject)} {ending}", kinds)
