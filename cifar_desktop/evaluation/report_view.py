"""A report, looked into: charts on the left, the images that they count on the right.

Made by the Evaluation tab's page.
"""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from cifar_desktop.evaluation import report_text as presenting
from cifar_desktop.evaluation.gallery_source import ReportImages
from cifar_desktop.evaluation.widgets.calibration_chart import CalibrationChart
from cifar_desktop.evaluation.widgets.class_metrics import ClassMetricsView
from cifar_desktop.evaluation.widgets.confusion_view import ConfusionView
from cifar_desktop.evaluation.widgets.gallery import ImageGallery
from cifar_desktop.ui.formatting import counted
from cifar_desktop.ui.layouts import padded
from cifar_desktop.ui.style import GRID

if TYPE_CHECKING:
    from trainer.evaluation.report import Indices, Report

_WIDE = 112 * GRID
"""From this width on, the images are beside the charts."""


class ReportViews(QWidget):
    """Confusion matrix, classes, calibration, and a gallery.

    Signals: none.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: Report | None = None
        self._cell: tuple[int, int] | None = None
        self._images: ReportImages | None = None
        self._compact = False
        self._sizes = [60 * GRID, 50 * GRID]
        self.confusion, self.classes = ConfusionView(), ClassMetricsView()
        self.calibration, self.gallery = CalibrationChart(), ImageGallery()
        self.back = QPushButton("Back to the &mistakes")
        self.back.setToolTip("Show all mistakes, the most confident first")
        self.tabs = QTabWidget()
        # The charts scroll where they do not fit, so a small window need not be larger for them.
        self.setMinimumSize(30 * GRID, 18 * GRID)
        self._arrange()
        self.confusion.cell_chosen.connect(self._on_cell)
        self.classes.class_chosen.connect(self._on_class)
        self.back.clicked.connect(self._on_back)

    @property
    def report(self) -> "Report | None":
        """What is shown."""
        return self._report

    @property
    def images(self) -> ReportImages | None:
        """The images that the gallery shows."""
        return self._images

    @property
    def shown(self) -> QWidget:
        """The chart in front."""
        return self._charts[self._chart_index()]

    @property
    def shown_name(self) -> str:
        """What the chart in front is called."""
        return self.tabs.tabText(self._chart_index()).replace("&", "")

    def show_report(self, report: "Report | None") -> None:
        """Show a report, beginning with its mistakes; None forgets the one before."""
        if report is self._report:
            return
        self._report = report
        self.confusion.clear_selection()
        if report is None:
            self._show_nothing()
            return
        figures = report.figures
        self.confusion.show_matrix(presenting.classes(report), figures.confusion)
        self.classes.show_scores(presenting.scores(report))
        self.calibration.show_bins(presenting.bins(report), figures.ece)
        self.show_mistakes()

    @Slot()
    def show_mistakes(self) -> None:
        """Show the mistakes, the most confident first."""
        if self._report is None:
            return
        self._cell = None
        self.confusion.clear_selection()
        self._show_images(
            self._report.mistakes(),
            "Most confident mistakes",
            "No mistakes at all: every image was answered right.",
        )
        self.back.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the images beside the charts, or among them."""
        super().resizeEvent(event)
        self._place(compact=event.size().width() < _WIDE)

    def _arrange(self) -> None:
        self._side = QWidget()
        side = QVBoxLayout(self._side)
        side.setContentsMargins(GRID, GRID, 0, 0)
        side.setSpacing(GRID)
        side.addWidget(self.gallery, 1)
        side.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeft)
        self._charts = (self.confusion, self.classes, self.calibration)
        self.tabs.setDocumentMode(True)
        for chart, name in zip(
            self._charts, ("Confus&ion", "Cl&asses", "Cali&bration"), strict=True
        ):
            self.tabs.addTab(padded(chart, 0, GRID, 0, 0), name)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(GRID)
        self._splitter.addWidget(self.tabs)
        self._splitter.addWidget(self._side)
        self._splitter.setSizes(self._sizes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _place(self, *, compact: bool) -> None:
        if compact == self._compact:
            return
        self._compact = compact
        if compact:
            self._sizes = self._splitter.sizes()
            self.tabs.addTab(self._side, "Ima&ges")
        else:
            self._splitter.addWidget(self._side)
            self._side.show()
            # As the person left them.
            self._splitter.setSizes(self._sizes)

    def _chart_index(self) -> int:
        index = self.tabs.currentIndex()
        return index if index < len(self._charts) else 0

    def _show_nothing(self) -> None:
        self._cell = self._images = None
        self.confusion.show_matrix((), ())
        self.classes.show_scores(())
        self.calibration.show_bins((), 0.0)
        self.gallery.show_source(None, heading="", empty="")
        self.back.hide()

    def _show_images(self, indices: "Indices", heading: str, empty: str) -> None:
        if self._report is not None:
            self._images = ReportImages(self._report, indices)
            self.gallery.show_source(self._images, heading=heading, empty=empty)

    @Slot(int, int)
    def _on_cell(self, shown: int, answered: int) -> None:
        report = self._report
        if report is None:
            return
        again, self._cell = self._cell == (shown, answered), (shown, answered)
        names, images = presenting.classes(report), report.cell(shown, answered)
        if not again:
            self._show_images(images, *_cell_words(names[shown], names[answered], len(images)))
            self.back.show()
        # Who goes through the cells by arrow keys is not taken away from them.
        if again or QGuiApplication.mouseButtons():
            self._open_images()

    @Slot(int)
    def _on_class(self, shown: int) -> None:
        report = self._report
        if report is None:
            return
        self._cell = None
        self.confusion.clear_selection()
        name, mistakes = presenting.classes(report)[shown], report.mistakes()
        missed = mistakes[report.labels[mistakes] == shown]
        self._show_images(
            missed,
            f"{counted(len(missed), 'image')} of {name} taken for something else",
            f"Every image of {name} was recognized.",
        )
        self.back.show()
        self._open_images()

    @Slot()
    def _on_back(self) -> None:
        self.show_mistakes()
        self.gallery.setFocus()

    def _open_images(self) -> None:
        if self._compact:
            self.tabs.setCurrentWidget(self._side)


def _cell_words(shown: str, answered: str, count: int) -> tuple[str, str]:
    """The heading of a cell's images, and what stands there if there are none."""
    if shown == answered:
        return f"{counted(count, 'image')} of {shown} recognized", f"No {shown} was recognized."
    heading = f"{counted(count, 'image')} of {shown} taken for {answered}"
    return heading, f"No image of {shown} was taken for {answered}."
