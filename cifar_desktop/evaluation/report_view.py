"""A report: charts on the left, the corresponding images on the right."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cifar_desktop.evaluation import report_text
from cifar_desktop.evaluation.gallery_source import ReportImages
from cifar_desktop.evaluation.widgets.calibration_chart import CalibrationChart
from cifar_desktop.evaluation.widgets.card_tabs import CardTabs
from cifar_desktop.evaluation.widgets.class_metrics import ClassMetricsView
from cifar_desktop.evaluation.widgets.confusion_view import ConfusionView
from cifar_desktop.evaluation.widgets.gallery import ImageGallery
from cifar_desktop.evaluation.widgets.states import EvaluationMessage
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import CARD_RADIUS, outline
from cifar_desktop.ui.formatting import counted
from cifar_desktop.ui.layouts import padded
from cifar_desktop.ui.style import GRID
from trainer.evaluation.accuracy_text import is_enough

if TYPE_CHECKING:
    from trainer.evaluation.report import Indices, Report, Summary

_AROUND = 2, GRID, 2, GRID
_WIDE = 112 * GRID
"""From this width on, the images are beside the charts instead of in a tab."""


class ReportViews(QWidget):
    """Confusion matrix, classes, calibration, and a gallery.

    Signals:
        classify_requested: A picture that the user wants to see in the Classify tab.
    """

    classify_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._summary: Summary | None = None
        self._cell: tuple[int, int] | None = None
        self._images: ReportImages | None = None
        self._compact = False
        self._sizes = [60 * GRID, 66 * GRID]
        self.confusion, self.classes = ConfusionView(), ClassMetricsView()
        self.calibration, self.gallery = CalibrationChart(), ImageGallery()
        self.missing = EvaluationMessage(loud=False)
        self.back = self.gallery.back
        self.tabs = CardTabs()
        # The charts scroll where they do not fit, so they need not enlarge a small window.
        self.setMinimumSize(30 * GRID, 18 * GRID)
        self._arrange()
        self.confusion.cell_chosen.connect(self._on_cell)
        self.classes.class_chosen.connect(self._on_class)
        self.gallery.class_chosen.connect(self._on_filter)
        self.gallery.selected.connect(self._on_image)
        self.gallery.detail.classify_requested.connect(self.classify_requested)
        self.back.clicked.connect(self._on_back)
        self._fill_menu()

    @property
    def report(self) -> "Summary | None":
        """What is on screen: a report, or figures without images."""
        return self._summary

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

    def show_report(self, report: "Summary | None") -> None:
        """Show a report, starting with its mistakes, or its figures only; None clears it."""
        if report is self._summary:
            return
        self._summary = report
        self.confusion.clear_selection()
        if report is None:
            self._show_nothing()
            return
        figures, names = report.figures, report_text.classes(report)
        self.confusion.show_matrix(names, figures.confusion)
        self.classes.show_metrics(report_text.class_metrics(report))
        ece = figures.ece if is_enough(figures.images) else None
        self.calibration.show_bins(report_text.calibration_bars(report), ece)
        self._side.setCurrentWidget(self.missing if self._with_images is None else self.gallery)
        self.gallery.offer_classes(names)
        self.show_mistakes()

    @Slot()
    def show_mistakes(self) -> None:
        """Show all misclassified images, most confident first."""
        report = self._with_images
        self._cell = None
        self.confusion.clear_selection()
        self.gallery.choose_class(-1)
        self.back.hide()
        if report is None:
            self._images = None
            self.gallery.show_source(None, heading="", empty="")
            return
        self._show_images(
            report.mistakes(),
            "Most confident mistakes",
            "No mistakes: every image was classified correctly.",
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the images beside the charts, or into a tab of their own."""
        super().resizeEvent(event)
        self._place(compact=event.size().width() < _WIDE)

    @property
    def _with_images(self) -> "Report | None":
        from trainer.evaluation.report import Report

        return self._summary if isinstance(self._summary, Report) else None

    def _fill_menu(self) -> None:
        """Offer what the context menu of the table offers, too."""
        menu, sorts = self.tabs.menu, self.classes.table.actions()
        menu.addActions(sorts)
        menu.addSeparator()

        def offer() -> None:
            for action in sorts:
                action.setVisible(self.shown is self.classes)

        menu.aboutToShow.connect(offer)

    def _arrange(self) -> None:
        self._side = _Side()
        for part in (self.gallery, self.missing):
            self._side.addWidget(part)
        self._charts = (self.confusion, self.classes, self.calibration)
        for chart, name in zip(
            self._charts, ("Confus&ion", "Cl&asses", "Cali&bration"), strict=True
        ):
            self.tabs.addTab(padded(chart, *_AROUND), name)
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(GRID + GRID // 2)
        self._splitter.addWidget(self.tabs)
        self._splitter.addWidget(self._side)
        self._splitter.setSizes(self._sizes)
        for index, size in enumerate(self._sizes):
            self._splitter.setStretchFactor(index, size)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _place(self, *, compact: bool) -> None:
        if compact == self._compact:
            return
        self._compact = self._side.bare = compact
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
        report = self._with_images
        if report is not None:
            self._images = ReportImages(report, indices)
            self.gallery.show_source(self._images, heading=heading, empty=empty)

    @Slot(int, int)
    def _on_cell(self, label: int, predicted: int) -> None:
        report = self._with_images
        if report is None:
            return
        again, self._cell = self._cell == (label, predicted), (label, predicted)
        names, images = report_text.classes(report), report.cell(label, predicted)
        if not again:
            self._show_images(images, *_cell_text(names[label], names[predicted], len(images)))
            self.gallery.choose_class(label)
            self.back.show()
        # Arrow keys keep the focus in the matrix.
        if again or QGuiApplication.mouseButtons():
            self._open_images()

    @Slot(int)
    def _on_class(self, label: int) -> None:
        report = self._with_images
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
        self.gallery.choose_class(label)
        self.back.show()
        self._open_images()

    @Slot(int)
    def _on_filter(self, label: int) -> None:
        if label < 0:
            self.show_mistakes()
        else:
            self._on_class(label)

    @Slot(int)
    def _on_image(self, position: int) -> None:
        """Ring the cell of the chosen image."""
        report, images = self._with_images, self._images
        if report is not None and images is not None and 0 <= position < len(images):
            index = images.indices[position]
            self.confusion.select(int(report.labels[index]), int(report.predicted[index]))

    @Slot()
    def _on_back(self) -> None:
        self.show_mistakes()
        self.gallery.setFocus()

    def _open_images(self) -> None:
        if self._compact:
            self.tabs.setCurrentWidget(self._side)


class _Side(QStackedWidget):
    """The card of the images; bare inside a tab, which is a card itself.

    Attributes:
        bare: Whether it has no card of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self.bare = False

    def paintEvent(self, _event: QPaintEvent) -> None:
        if not self.bare:
            found, painter = roles(self.palette()), QPainter(self)
            outline(painter, self.rect(), found.line, ground=found.raised, radius=CARD_RADIUS)


def _cell_text(label: str, predicted: str, count: int) -> tuple[str, str]:
    """The heading for the images of a cell, and the text if there are none."""
    result = "classified correctly" if label == predicted else f"classified as {predicted}"
    heading = f"{counted(count, 'image')} of {label} {result}"
    return heading, f"No {label} image was {result}."
