"""The pages of the Classify tab, one of which is shown: empty, download, failure, picture."""

from PySide6.QtCore import QEvent, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QStackedWidget, QWidget

from cifar_desktop.classify import samples
from cifar_desktop.classify.widgets.empty_page import EmptyPage
from cifar_desktop.classify.widgets.picture_pane import PicturePane
from cifar_desktop.classify.widgets.prediction_panel import PredictionPanel
from cifar_desktop.classify.widgets.stage_pages import BusyPage, FailedPage
from cifar_desktop.classify.widgets.waiting_line import WaitingLine
from cifar_desktop.look.type_scale import unit

_NARROWEST, _WIDEST = 40, 55
"""Widths of the panel in units."""
_SHARE, _LARGEST_SHARE = 0.278, 0.56
"""Its usual and its largest share of the width."""


class ClassifyPages(QStackedWidget):
    """Everything below the header row.

    Attributes:
        empty: Before the first picture.
        busy: While one is downloaded.
        failed: Instead of one that could not be loaded.
        work: The picture with its prediction.
        pane: The left part of it.
        panel: The right part of it.
        line: Runs above all of them while something takes its time.
    """

    def __init__(self) -> None:
        super().__init__()
        self.empty = EmptyPage(samples.samples(), samples.stack())
        self.busy, self.failed = BusyPage(), FailedPage()
        self.pane, self.panel = PicturePane(), PredictionPanel()
        self.work = QWidget()
        work = QHBoxLayout(self.work)
        work.setContentsMargins(0, 0, 0, 0)
        work.setSpacing(0)
        work.addWidget(self.pane, 1)
        work.addWidget(self.panel)
        for page in (self.empty, self.busy, self.failed, self.work):
            self.addWidget(page)
        self.line = WaitingLine(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the panel its share of the width."""
        super().resizeEvent(event)
        self._fit_panel()
        self.line.resize(self.width(), self.line.height())

    def changeEvent(self, event: QEvent) -> None:
        """Follow another text size, after all widgets and layouts have."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            QTimer.singleShot(0, self, self._fit_all)

    @Slot()
    def _fit_all(self) -> None:
        self._fit_panel()
        for page in (self.empty, self.pane, self.panel):
            page.fit()

    def _fit_panel(self) -> None:
        width = self.width()
        usual = min(max(_NARROWEST * unit(), width * _SHARE), _WIDEST * unit())
        self.panel.setFixedWidth(round(min(usual, width * _LARGEST_SHARE)))

    def show_page(self, page: QWidget) -> None:
        """Show a page; the keyboard focus, if it was on the previous one, goes along."""
        focus = QApplication.focusWidget()
        before = self.currentWidget()
        lost = focus is not None and before is not None and before.isAncestorOf(focus)
        self.setCurrentWidget(page)
        if lost:
            self.focus_page()

    def focus_page(self) -> None:
        """Focus what the page is for."""
        page = self.currentWidget()
        if page is self.work:
            self.pane.view.setFocus()
        elif page is self.busy:
            self.busy.cancel.setFocus()
        else:
            (self.failed if page is self.failed else self.empty).open.setFocus()
