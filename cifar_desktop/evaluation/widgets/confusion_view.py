"""The confusion matrix as a heat map; part of the Evaluation tab."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QModelIndex, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from cifar_desktop.evaluation.widgets.confusion_model import ConfusionModel, level
from cifar_desktop.evaluation.widgets.confusion_table import ConfusionTable
from cifar_desktop.look.shapes import outline
from cifar_desktop.look.type_scale import QUIET, Text, set_size
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID

_HINT = "Choose a cell to see its images."
_EMPTY = "No images yet."
_WIDE = 100 * GRID
_LOW = 40 * GRID
_SWATCHES = 12
_SWATCH = 10
"""Height of each in pixels."""


class ConfusionView(QWidget):
    """Shows a confusion matrix; rows are true classes, columns predicted classes.

    Signals:
        cell_chosen: Row and column that the user clicked, moved to by keyboard, or activated.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = ConfusionModel(self)
        self._stage = QWidget()
        self.table = ConfusionTable(self._model, self._stage)
        self.reading = ElidedLabel()
        self.reading.setForegroundRole(QUIET)
        self._legend = _Legend(self._model, self.table)
        self._arrange()
        self.setFocusProxy(self.table)
        self.setAccessibleName(self.table.accessibleName())
        self.table.cell_chosen.connect(self.cell_chosen)
        self.table.hovered.connect(self._read)
        self.table.focused.connect(self.update)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        self.show_matrix((), ())

    def show_matrix(self, classes: Sequence[str], counts: Sequence[Sequence[int]]) -> None:
        """Show a matrix; with the same classes, the current cell stays.

        Args:
            classes: Readable class names.
            counts: Number of images of class `row` classified as `column`.
        """
        self._model.show_matrix(classes, counts)
        self.setAccessibleDescription(self._model.summary())
        self.table.setAccessibleDescription(self._model.summary())
        self.table.setVisible(bool(classes))
        self._fit()
        self._read(-1, -1)

    def select(self, row: int, column: int) -> None:
        """Make a cell the current one, and scroll to it; emits no signal."""
        self.table.setCurrentIndex(self._model.index(row, column))

    def clear_selection(self) -> None:
        """Clear the current cell; emits no signal."""
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())

    def unscrolled(self) -> "ConfusionView":
        """The whole matrix as a separate, hidden widget without a parent, for saving."""
        whole = ConfusionView()
        whole.setPalette(self.palette())
        whole.setFont(self.font())
        whole.resize(self.size().expandedTo(QSize(0, _LOW)))
        whole.show_matrix(self._model.classes, self._model.counts)
        whole.grow()
        return whole

    def grow(self) -> None:
        """Grow to show everything, with a summary below."""
        around = self.size() - self._stage.size()
        self.resize(self.size().expandedTo(self.table.whole_size() + around))
        self._fit()
        self.reading.show_text(self._model.correct_text())

    def sizeHint(self) -> QSize:
        """A large size; the layout decides."""
        return QSize(70 * GRID, 60 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Room for a few cells and their names."""
        return QSize(30 * GRID, 24 * GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Fit the cells to the new size."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground, and a ring around it where the keyboard is."""
        painter, found = QPainter(self), self.table.shades.roles
        painter.fillRect(self.rect(), found.raised)
        if self.table.hasFocus():
            outline(painter, self.rect(), found.mark, width=2.0)

    def _arrange(self) -> None:
        self._footer = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._footer.setSpacing(GRID // 2)
        self._footer.setContentsMargins(GRID, 0, GRID, 0)
        self._footer.addWidget(self.reading, 1)
        self._footer.addWidget(self._legend)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._stage, 1)
        layout.addLayout(self._footer)

    def _fit(self) -> None:
        ways = QBoxLayout.Direction
        # The cells matter more than the legend: they all show their counts.
        self._legend.setVisible(bool(self._model.classes) and self.height() >= _LOW)
        self._footer.setDirection(ways.LeftToRight if self.width() >= _WIDE else ways.TopToBottom)
        layout = self.layout()
        if layout is not None:
            layout.activate()
        self.table.fit(self._stage.rect())

    @Slot(QModelIndex, QModelIndex)
    def _on_current(self, _now: QModelIndex, _before: QModelIndex) -> None:
        self._read(-1, -1)

    @Slot(int, int)
    def _read(self, row: int, column: int) -> None:
        """Describe the hovered cell, or else the current one."""
        if row < 0:
            selected = self.table.currentIndex()
            row, column = selected.row(), selected.column()
        if row >= 0:
            self.reading.show_text(self._model.sentence(row, column))
        else:
            self.reading.show_text(_HINT if self._model.classes else _EMPTY)


class _Legend(QWidget):
    """The color scales."""

    def __init__(self, model: ConfusionModel, table: ConfusionTable) -> None:
        super().__init__()
        self._model, self._table = model, table
        set_size(self, Text.CAPTION)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip("Share of the images in a row")

    def sizeHint(self) -> QSize:
        """One line."""
        metrics = self.fontMetrics()
        words = metrics.horizontalAdvance("".join((*self._labels(), "  ")))
        return QSize(words + 2 * _SWATCHES * GRID + 6 * GRID, metrics.height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint both scales, from zero to the strongest color."""
        painter = QPainter(self)
        first, first_top, second, second_top = self._labels()
        left = self._paint_scale(painter, 0, first, first_top, right=True)
        self._paint_scale(painter, left + 3 * GRID, second, second_top, right=False)

    def _labels(self) -> tuple[str, str, str, str]:
        return "Right 0", "100 %", "Mistakes 0", f"{self._model.top * 100:.0f} %"

    def _paint_scale(
        self, painter: QPainter, left: int, name: str, top: str, *, right: bool
    ) -> int:
        """Paint one scale; returns its right edge."""
        shades, metrics = self._table.shades, self.fontMetrics()
        painter.setPen(shades.roles.quiet)
        baseline, height = metrics.ascent(), metrics.height()
        painter.drawText(left, baseline, name)
        left += metrics.horizontalAdvance(name) + GRID // 2
        for each in range(_SWATCHES):
            share = each / (_SWATCHES - 1)
            shade = shades.shade(level(share, 1.0, right=right), right=right)
            painter.fillRect(left, (height - _SWATCH) // 2, GRID, _SWATCH, shade.fill)
            left += GRID
        painter.drawText(left + GRID // 2, baseline, top)
        return left + GRID // 2 + metrics.horizontalAdvance(top)
