"""A report: charts on the left, the corresponding images on the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QPushButton, QSplitter, QTabWidget, QVBoxLayout, QWidget

from cifar_desktop.evaluation import report_text
from cifar_desktop.evaluation.gallery_source import ReportImages
from cifar_desktop.evaluation.widgets.calibration_chart import CalibrationChart
from cifar_desktop.evaluation.widgets.class_metrics import ClassMetricsView
from cifar_desktop.evaluation.widgets.confusion_view import ConfusionView
from cifar_desktop.evaluation.widgets.gallery import ImageGallery
from cifar_desktop.ui.formatting import counted
from cifar_desktop.ui.layouts import padded
from cifar_desktop.ui.style import GRID
from trainer.evaluation.accuracy_text import is_enough

if TYPE_CHECKING:
    from trainer.evaluation.report import Indices, Report

_WIDE = 112 * GRID
"""From this width on, the images are beside the charts instead of in a tab."""


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
        self.back = QPushButton("Back to all &mistakes")
        self.back.setToolTip("Show all misclassified images, most confident first")
        self.tabs = QTabWidget()
        # The charts scroll where they do not fit, so they need not enlarge a small window.
        self.setMinimumSize(30 * GRID, 18 * GRID)
        self._arrange()
        self.confusion.cell_chosen.connect(self._on_cell)
        self.classes.class_chosen.connect(self._on_class)
        self.back.clicked.connect(self._on_back)

    @property
    def report(self) -> "Report | None":
        """The report on screen."""
        return self._report

    @property
    def images(self) -> ReportImages | None:
        """The images in the gallery."""
        return self._images

    @property
    def shown(self) -> QWidget:
        """The current chart."""
        return self._charts[self._chart_index()]

    @property
    def shown_name(self) -> str:
        """Title of the current chart."""
        return self.tabs.tabText(self._chart_index()).replace("&", "")

    def show_report(self, report: "Report | None") -> None:
        """Show a report, starting with its mistakes; None clears it."""
        if report is self._report:
            return
        self._report = report
        self.confusion.clear_selection()
        if report is None:
            self._show_nothing()
            return
        figures = report.figures
        self.confusion.show_matrix(report_text.classes(report), figures.confusion)
        self.classes.show_metrics(report_text.class_metrics(report))
        ece = figures.ece if is_enough(figures.images) else None
        self.calibration.show_bins(report_text.calibration_bars(report), ece)
        self.show_mistakes()

    @Slot()
    def show_mistakes(self) -> None:
        """Show all misclassified images, most confident first."""
        if self._report is None:
            return
        self._cell = None
        self.confusion.clear_selection()
        self._show_images(
            self._report.mistakes(),
            "Most confident mistakes",
            "No mistakes: every image was classified correctly.",
        )
        self.back.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the images beside the charts, or into a tab of their own."""
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
            # As the user left them.
            self._splitter.setSizes(self._sizes)

    def _chart_index(self) -> int:
        index = self.tabs.currentIndex()
        return index if index < len(self._charts) else 0

    def _show_nothing(self) -> None:
        self._cell = self._images = None
        self.confusion.show_matrix((), ())
        self.classes.show_metrics(())
        self.calibration.show_bins((), 0.0)
        self.gallery.show_source(None, heading="", empty="")
        self.back.hide()

    def _show_images(self, indices: "Indices", heading: str, empty: str) -> None:
        if self._report is not None:
            self._images = ReportImages(self._report, indices)
            self.gallery.show_source(self._images, heading=heading, empty=empty)

    @Slot(int, int)
    def _on_cell(self, label: int, predicted: int) -> None:
        report = self._report
        if report is None:
            return
        again, self._cell = self._cell == (label, predicted), (label, predicted)
        names, images = report_text.classes(report), report.cell(label, predicted)
        if not again:
            self._show_images(images, *_cell_text(names[label], names[predicted], len(images)))
            self.back.show()
        # Arrow keys keep the focus in the matrix.
        if again or QGuiApplication.mouseButtons():
            self._open_images()

    @Slot(int)
    def _on_class(self, label: int) -> None:
        report = self._report
        if report is None:
            return
        self._cell = None
        self.confusion.clear_selection()
        name, mistakes = report_text.classes(report)[label], report.mistakes()
        missed = mistakes[report.labels[mistakes] == label]
        self._show_images(
            missed,
            f"{counted(len(missed), 'misclassified image')} of {name}",
            f"Every image of {name} was classified correctly.",
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


def _cell_text(label: str, predicted: str, count: int) -> tuple[str, str]:
    """The heading for the images of a cell, and the text if there are none."""
    result = "classified correctly" if label == predicted else f"classified as {predicted}"
    heading = f"{counted(count, 'image')} of {label} {result}"
    return heading, f"No {label} image was {result}."
