"""How the Training tab is divided: form, view and runs side by side, or one at a time."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import Page
from cifar_desktop.training.widgets.form.side_panel import WIDEST
from cifar_desktop.training.widgets.header import (
    AUGMENTATION,
    CURVES,
    DATA,
    RUNS,
    SETUP,
    TrainingHeader,
)
from cifar_desktop.ui.layouts import scrolled

_WIDE, _HIGH = 96, 58
"""From this size on, in units, form, view and runs are visible at the same time."""


class TrainingViews(Page):
    """The parts of the tab; `header` chooses among the views.

    Args:
        form: The settings of a new run.
        panel: The run line.
        curves: The curves.
        samples: The dataset.
        augmented: What training does to images.
        table: The runs.

    Signals:
        resized: The window was made small or large: whether it is small.
    """

    resized = Signal(bool)

    def __init__(
        self,
        form: QWidget,
        panel: QWidget,
        curves: QWidget,
        samples: QWidget,
        augmented: QWidget,
        table: QWidget,
    ) -> None:
        super().__init__()
        self.header = TrainingHeader()
        self.header.segments.chosen.connect(self.show_view)
        self.form, self.table, self._small = form, table, False
        self._below = _splitter(Qt.Orientation.Vertical, _framed(curves), table)
        self._runs = _inset(QWidget())
        self._margins = [_inset(self._below), _inset(samples), _inset(augmented), self._runs]
        self._views = dict(
            zip(
                (SETUP, CURVES, DATA, AUGMENTATION, RUNS),
                (form, _column(panel, self._margins[0]), *self._margins[1:]),
                strict=True,
            )
        )
        self._stack = QStackedWidget()
        for key in (CURVES, DATA, AUGMENTATION):
            self._stack.addWidget(self._views[key])
        self._beside = _splitter(Qt.Orientation.Horizontal, form, self._stack)
        self._beside.setHandleWidth(1)
        _column_of(self).addWidget(self._beside)
        self._set_margins()

    @property
    def small(self) -> bool:
        """Whether there is room for one part at a time only."""
        return self._small

    @property
    def working_area(self) -> QWidget:
        """What notices lie over: never a form beside it."""
        return self._stack

    def regions(self) -> list[QWidget]:
        """The parts that F6 goes to."""
        return [self._stack] if self._small else [self.form, self._stack]

    @property
    def current(self) -> str:
        """Key of the view that is shown."""
        shown = self._stack.currentWidget()
        return next(key for key, view in self._views.items() if view is shown)

    @Slot(str)
    def show_view(self, key: str) -> None:
        """Show a view; form and runs are always in sight in a large window."""
        if key == SETUP and not self._small:
            return
        self._stack.setCurrentWidget(
            self._views[CURVES if key == RUNS and not self._small else key]
        )
        self.header.segments.choose(self.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the parts as there is room."""
        super().resizeEvent(event)
        size, step = event.size(), unit()
        self._set_small(small=size.width() < _WIDE * step or size.height() < _HIGH * step)

    def _set_small(self, *, small: bool) -> None:
        """Put form and runs beside the views, or, in a small window, among them."""
        if small == self._small:
            return
        key, self._small = self.current, small
        if small:
            self._stack.insertWidget(0, self.form)
            self._stack.addWidget(self._runs)
            _column_of(self._runs).addWidget(self.table)
        else:
            self._beside.insertWidget(0, self.form)
            self._stack.removeWidget(self._runs)
            self._below.addWidget(self.table)
            self.form.show()
        self.table.show()
        self.form.setMaximumWidth(16_777_215 if small else WIDEST * unit())
        self.header.set_small(small=small)
        self._set_margins()
        self.show_view(key if small or key in (DATA, AUGMENTATION) else CURVES)
        self.resized.emit(small)

    def _set_margins(self) -> None:
        step = unit()
        side = step + step // 2 if self._small else 2 * step + step // 2
        for view in self._margins:
            view.setContentsMargins(side, step + step // 2, side, step + step // 2)


def _framed(curves: QWidget) -> QWidget:
    area = scrolled(curves, horizontal=True)
    area.setMinimumHeight(8 * unit())
    return area


def _column(*parts: QWidget) -> QWidget:
    """Parts below each other, without gaps; the last takes the room."""
    made = QWidget()
    for part in parts:
        _column_of(made).addWidget(part, int(part is parts[-1]))
    return made


def _inset(content: QWidget) -> QWidget:
    """A view whose margins follow the size of the window."""
    made = QWidget()
    _column_of(made).addWidget(content)
    return made


def _column_of(widget: QWidget) -> QVBoxLayout:
    """The layout of a widget, made when first asked for."""
    layout = widget.layout()
    if not isinstance(layout, QVBoxLayout):
        layout = QVBoxLayout(widget)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
    return layout


def _splitter(orientation: Qt.Orientation, first: QWidget, second: QWidget) -> QSplitter:
    """Two parts, of which the larger one takes what is left."""
    made = QSplitter(orientation)
    made.addWidget(first)
    made.addWidget(second)
    made.setChildrenCollapsible(False)
    beside = orientation == Qt.Orientation.Horizontal
    made.setStretchFactor(0, 0 if beside else 5)
    made.setStretchFactor(1, 1 if beside else 3)
    made.setHandleWidth(unit() + unit() // 2)
    if not beside:
        made.setSizes([44 * unit(), 27 * unit()])
    return made
