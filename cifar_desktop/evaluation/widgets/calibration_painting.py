"""Layout and painting of a reliability diagram; used by `calibration_chart`.

Only lines, areas and text, so that it can be saved as a vector graphic.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from cifar_desktop.ui.chart_palette import ChartPalette, mixed
from cifar_desktop.ui.formatting import counted, percent
from cifar_desktop.ui.style import GRID

FEW = 10
"""Bins with fewer predictions are statistically weak and drawn pale."""

LEGEND = ("Accuracy", "Overconfident", "Underconfident")
PALE = f"Fewer than {FEW} predictions"
_ACROSS, _UP, _BELOW = "Confidence", "Accuracy", "Predictions"
_PALE = 0.4
_FLAGS = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBar:
    """One bin: the predictions whose confidence is in a range.

    Attributes:
        low: Lower end of the range, 0 to 1.
        high: Upper end.
        count: Number of predictions.
        confidence: Mean confidence, 0 to 1; undefined without predictions.
        accuracy: Accuracy, 0 to 1; undefined without predictions.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float

    def sentence(self) -> str:
        """The figures of the bin."""
        span = f"Confidence {self.low * 100:.0f}\N{EN DASH}{self.high * 100:.0f} %"
        if not self.count:
            return f"{span}: no predictions"
        words = f"{span}: {counted(self.count, 'prediction')}, accuracy "
        words += f"{percent(self.accuracy, 1)}, mean confidence {percent(self.confidence, 1)}"
        return f"{words}; too few to be reliable" if self.count < FEW else words


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationLayout:
    """Geometry of the chart.

    Attributes:
        diagram: Area of the bars.
        histogram: Area of the counts below them, of the same width.
    """

    diagram: QRectF
    histogram: QRectF

    def x(self, confidence: float) -> float:
        """Horizontal position of a confidence."""
        return self.diagram.left() + confidence * self.diagram.width()

    def y(self, accuracy: float) -> float:
        """Vertical position of an accuracy."""
        return self.diagram.bottom() - accuracy * self.diagram.height()

    def column(self, each: CalibrationBar) -> QRectF:
        """The column of a bin, from the top of the diagram to the bottom of the histogram."""
        left, right = self.x(each.low), self.x(each.high)
        top = self.diagram.top()
        return QRectF(left, top, right - left, self.histogram.bottom() - top)


def layout_chart(size: QSize, top: float, font: QFont, largest: int) -> CalibrationLayout:
    """Lay out the chart below a header that ends at `top`."""
    metrics = QFontMetricsF(font)
    line = metrics.height()
    words = max(metrics.horizontalAdvance(word) for word in ("100 %", f"{largest:,}"))
    left = 2 * GRID + line + words
    room = QRectF(left, top, size.width() - left - 3 * GRID, size.height() - top)
    room.setBottom(room.bottom() - 2 * line - 2 * GRID)
    room.setHeight(max(room.height(), 4.0 * GRID))
    lower = max(2.0 * GRID, 0.22 * room.height())
    return CalibrationLayout(
        diagram=room.adjusted(0, line / 2, 0, -lower - line - GRID / 2),
        histogram=QRectF(room.left(), room.bottom() - lower, room.width(), lower),
    )


class DiagramPainter:
    """Paints one chart below its header.

    Args:
        painter: The painter to use.
        colors: Colors of the chart.
        layout: Geometry of the chart.
        font: Font of all labels.
    """

    def __init__(
        self, painter: QPainter, colors: ChartPalette, layout: CalibrationLayout, font: QFont
    ) -> None:
        self._painter, self._colors, self._layout = painter, colors, layout
        self._metrics = QFontMetricsF(font)
        painter.setFont(font)

    def paint(self, bins: Sequence[CalibrationBar], current: int | None) -> None:
        """Paint everything but the header and the legend."""
        if current is not None:
            self._painter.fillRect(self._layout.column(bins[current]), self._colors.grid)
        self._paint_axes()
        self._paint_titles()
        largest = max((each.count for each in bins), default=0)
        for each in bins:
            if each.count:
                self._paint_bar(each)
                self._paint_count(each, largest)
        self._paint_diagonal()
        self._label(self._layout.histogram.top(), f"{largest:,}")

    def paint_legend(self, left: float, top: float, right: float, *, pale: bool) -> None:
        """Paint the legend; pale bars are explained only if there is room."""
        middle = top + self._metrics.height() / 2
        colors = legend_colors(self._colors)
        entries = list(zip(LEGEND, colors, strict=True))
        if pale:
            entries.append((PALE, self._pale(colors[0])))
        for name, color in entries:
            if name == PALE and left + 2 * GRID + self._metrics.horizontalAdvance(name) > right:
                return
            self._painter.fillRect(QRectF(left, middle - 4, GRID, GRID), color)
            left += GRID + GRID // 2
            self._painter.setPen(self._colors.quiet)
            self._painter.drawText(QPointF(left, top + self._metrics.ascent()), name)
            left += self._metrics.horizontalAdvance(name) + 2 * GRID

    def _paint_bar(self, each: CalibrationBar) -> None:
        """Paint the accuracy of a bin, and its gap to the confidence."""
        accuracy, over, under = legend_colors(self._colors)
        bar = self._inner(each)
        low, high = sorted((each.accuracy, each.confidence))
        self._fill(each, bar, 0.0, low, accuracy)
        self._fill(each, bar, low, high, over if each.confidence > each.accuracy else under)

    def _fill(
        self, each: CalibrationBar, bar: QRectF, low: float, high: float, color: QColor
    ) -> None:
        if each.count < FEW:
            color = self._pale(color)
        top, bottom = round(self._layout.y(high)), round(self._layout.y(low))
        self._painter.fillRect(QRectF(bar.left(), top, bar.width(), bottom - top), color)

    def _pale(self, color: QColor) -> QColor:
        return mixed(color, self._colors.ground, _PALE)

    def _paint_count(self, each: CalibrationBar, largest: int) -> None:
        area, bar = self._layout.histogram, self._inner(each)
        height = max(1.0, round(area.height() * each.count / largest))
        bar = QRectF(bar.left(), round(area.bottom()) - height, bar.width(), height)
        self._painter.fillRect(bar, self._colors.cursor)

    def _inner(self, each: CalibrationBar) -> QRectF:
        """The column of a bin without the spacing to the next one."""
        column = self._layout.column(each)
        left, right = round(column.left()) + 1, round(column.right()) - 1
        return QRectF(left, column.top(), max(1, right - left), column.height())

    def _paint_diagonal(self) -> None:
        area = self._layout.diagram
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(self._colors.text, 1.2, Qt.PenStyle.DashLine))
        self._painter.drawLine(area.bottomLeft(), area.topRight())

    def _paint_axes(self) -> None:
        area, below = self._layout.diagram, self._layout.histogram
        for share in _ticks(area.height(), 3 * self._metrics.height()):
            y = round(self._layout.y(share))
            self._painter.fillRect(QRectF(area.left(), y, area.width(), 1), self._colors.grid)
            self._label(y, f"{share:.0%}".replace("%", " %"))
        self._painter.fillRect(
            QRectF(below.left(), round(below.bottom()), below.width(), 1), self._colors.cursor
        )
        self._painter.setPen(self._colors.quiet)
        room = self._metrics.horizontalAdvance("100 %") + 2 * GRID
        for share in _ticks(area.width(), room):
            place = QRectF(0, below.bottom() + GRID // 2, room, self._metrics.height())
            place.moveLeft(self._layout.x(share) - room / 2)
            words = f"{share:.0%}".replace("%", " %")
            self._painter.drawText(place, _FLAGS.AlignCenter, words)

    def _paint_titles(self) -> None:
        area, below, line = self._layout.diagram, self._layout.histogram, self._metrics.height()
        self._painter.setPen(self._colors.quiet)
        place = QRectF(below.left(), below.bottom() + line + GRID // 2, below.width(), line)
        self._painter.drawText(place, _FLAGS.AlignCenter, _ACROSS)
        for title, part in ((_UP, area), (_BELOW, below)):
            if self._metrics.horizontalAdvance(title) <= part.height() + GRID:
                self._paint_upright(title, part, line)

    def _paint_upright(self, title: str, part: QRectF, line: float) -> None:
        self._painter.save()
        self._painter.translate(GRID, part.bottom() + GRID / 2)
        self._painter.rotate(-90)
        place = QRectF(0, 0, part.height() + GRID, line)
        self._painter.drawText(place, _FLAGS.AlignCenter, title)
        self._painter.restore()

    def _label(self, y: float, words: str) -> None:
        """Paint a label left of the diagram."""
        height = self._metrics.height()
        place = QRectF(0, y - height / 2, self._layout.diagram.left() - GRID // 2, height)
        self._painter.setPen(self._colors.quiet)
        self._painter.drawText(place, _FLAGS.AlignRight | _FLAGS.AlignVCenter, words)


def legend_colors(colors: ChartPalette) -> tuple[QColor, QColor, QColor]:
    """Colors of accuracy, overconfidence and underconfidence."""
    return colors.training, colors.validation, colors.others[0]


def _ticks(room: float, each: float) -> list[float]:
    """Labeled fractions: as many as there is room for."""
    steps = next((steps for steps in (5, 2) if room >= steps * each), 1)
    return [step / steps for step in range(steps + 1)]
