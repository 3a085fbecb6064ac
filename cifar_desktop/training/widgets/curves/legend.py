"""The legend of the live curves; long names are elided."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.training.widgets.curves.run_curves import RunCurves
from cifar_desktop.ui.chart_palette import ChartPalette
from cifar_desktop.ui.style import GRID, scaled_font

_SWATCH = 3 * GRID
_WIDEST = 22 * GRID


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """A line and its name; a name without a color is a heading."""

    text: str
    color: QColor | None = None
    dashed: bool = False


def entries(
    selected: RunCurves | None, others: Sequence[RunCurves], colors: ChartPalette
) -> tuple[LegendEntry, ...]:
    """The run's own lines first, then the other runs."""
    found: list[LegendEntry] = []
    if selected is not None:
        heading = [LegendEntry(text=selected.name)] if selected.name else []
        found += [
            *heading,
            LegendEntry(text="Training", color=colors.training),
            LegendEntry(text="Validation", color=colors.validation),
        ]
    for index, run in enumerate(others):
        found.append(LegendEntry(text=run.name, color=colors.other(index), dashed=True))
    return tuple(found)


class CurvesLegend(QWidget):
    """Shows entries in one or two rows; the tooltip has them all."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._entries: tuple[LegendEntry, ...] = ()
        self._most_rows = 2
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)
        self.setAccessibleName("Legend")

    def show_entries(self, shown: tuple[LegendEntry, ...]) -> None:
        """Show these entries."""
        if shown == self._entries:
            return
        self._entries = shown
        self.setAccessibleDescription(", ".join(each.text for each in shown))
        self.setToolTip("\n".join(each.text for each in shown))
        self.updateGeometry()
        self.update()

    def limit_rows(self, most: int) -> None:
        """Set the maximum number of rows."""
        if most != self._most_rows:
            self._most_rows = most
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        """As many rows as needed at this width."""
        rows = len(self._rows()[0])
        return QSize(30 * GRID, max(rows, 1) * self._row_height())

    def minimumSizeHint(self) -> QSize:
        """Narrow enough for any window."""
        return QSize(12 * GRID, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The number of rows may depend on the width."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rows, and the number of entries that do not fit."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        height = self._row_height()
        rows, left_out = self._rows()
        for index, row in enumerate(rows):
            for entry, left, width in row:
                place = QRectF(left, index * height, width, height)
                self._paint_entry(painter, entry, place)
        if left_out:
            painter.setFont(self.font())
            place = QRectF(self.rect()).adjusted(0, (len(rows) - 1) * height, 0, 0)
            painter.drawText(place, Qt.AlignmentFlag.AlignRight, f"+{left_out}")

    def _rows(self) -> tuple[list[list[tuple[LegendEntry, int, int]]], int]:
        """Entries with left edge and width, row by row, and how many do not fit."""
        rows: list[list[tuple[LegendEntry, int, int]]] = [[]]
        left, more = 0, self.fontMetrics().horizontalAdvance("+99")
        for index, entry in enumerate(self._entries):
            width = self._width(entry)
            room = self.width() - (more if len(rows) == self._most_rows else 0)
            if left and left + width > room:
                if len(rows) == self._most_rows:
                    return rows, len(self._entries) - index
                rows.append([])
                left = 0
            rows[-1].append((entry, left, min(width, max(room - left, 1))))
            left += width + 2 * GRID
        return rows, 0

    def _paint_entry(self, painter: QPainter, entry: LegendEntry, place: QRectF) -> None:
        if entry.color is not None:
            paint_swatch(painter, place, entry.color, dashed=entry.dashed)
            place = place.adjusted(_SWATCH + GRID // 2, 0, 0, 0)
        font = self._font(entry)
        painter.setFont(font)
        painter.setPen(self.palette().color(self.foregroundRole()))
        elide = Qt.TextElideMode.ElideMiddle
        text = QFontMetrics(font).elidedText(entry.text, elide, int(place.width()) + 1)
        painter.drawText(place, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)

    def _width(self, entry: LegendEntry) -> int:
        text = QFontMetrics(self._font(entry)).horizontalAdvance(entry.text) + 1
        swatch = 0 if entry.color is None else _SWATCH + GRID // 2
        return min(text, _WIDEST) + swatch

    def _font(self, entry: LegendEntry) -> QFont:
        weight = QFont.Weight.DemiBold if entry.color is None else QFont.Weight.Normal
        return scaled_font(self, 1.0, weight)

    def _row_height(self) -> int:
        return self.fontMetrics().height() + GRID // 2


def paint_swatch(painter: QPainter, place: QRectF, color: QColor, *, dashed: bool) -> None:
    """Paint a sample of a line at the left of a rectangle."""
    middle = place.center().y()
    pen = QPen(color, 1.6)
    if dashed:
        pen.setDashPattern([4, 2.5])
    painter.setPen(pen)
    ends = QPointF(place.left(), middle), QPointF(place.left() + _SWATCH, middle)
    painter.drawLine(*ends)
    if not dashed:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawEllipse(QPointF(place.left() + _SWATCH / 2, middle), 3, 3)
