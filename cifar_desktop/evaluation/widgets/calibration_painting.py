"""How a reliability diagram is laid out and painted; used by `calibration_chart`.

All of it is lines, areas and words, so that it can be saved as a vector picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from cifar_desktop.ui.chart_palette import ChartPalette, mixed
from cifar_desktop.ui.formatting import counted, percent
from cifar_desktop.ui.style import GRID

FEW = 10
"""Fewer answers than this say little; their bars are pale."""

LEGEND = ("Right", "Too sure", "Too cautious")
PALE = f"Fewer than {FEW} answers"
_ACROSS, _DOWN, _BELOW = "How sure it was", "How often it was right", "Answers"
_PALE = 0.4
_FLAGS = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBar:
    """The answers whose confidence lies in a range.

    Attributes:
        low: Where the range begins, 0 to 1.
        high: Where it ends.
        count: How many answers there are.
        confidence: How sure they are on average, 0 to 1; without meaning if there are none.
        accuracy: Share of them that is right, 0 to 1; without meaning if there are none.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float

    def sentence(self) -> str:
        """What there is to say."""
        span = f"{self.low * 100:.0f}\N{EN DASH}{self.high * 100:.0f} % sure"
        if not self.count:
            return f"{span}: no answers"
        words = f"{span}: {counted(self.count, 'answer')}, {percent(self.accuracy, 1)} right"
        words += f" where {percent(self.confidence, 1)} was expected"
        return f"{words}; too few to tell" if self.count < FEW else words


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationLayout:
    """Where the parts of the chart are.

    Attributes:
        diagram: The bars.
        histogram: The counts below them, of the same width.
    """

    diagram: QRectF
    histogram: QRectF

    def x(self, share: float) -> float:
        """Where a confidence is."""
        return self.diagram.left() + share * self.diagram.width()

    def y(self, share: float) -> float:
        """Where an accuracy is."""
        return self.diagram.bottom() - share * self.diagram.height()

    def column(self, each: CalibrationBar) -> QRectF:
        """Where a bin is, from top to bottom."""
        left, right = self.x(each.low), self.x(each.high)
        top = self.diagram.top()
        return QRectF(left, top, right - left, self.histogram.bottom() - top)


def plan(size: QSize, top: float, font: QFont, largest: int) -> CalibrationLayout:
    """Lay the chart out below a head that ends at `top`."""
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
    """Paints the parts of one chart.

    Args:
        painter: Where to.
        ink: The colours.
        where: Where the parts are.
        font: For the words.
    """

    def __init__(
        self, painter: QPainter, ink: ChartPalette, where: CalibrationLayout, font: QFont
    ) -> None:
        self._painter, self._ink, self._plan = painter, ink, where
        self._metrics = QFontMetricsF(font)
        painter.setFont(font)

    def paint(self, bins: Sequence[CalibrationBar], current: int | None) -> None:
        """Paint everything below the head."""
        if current is not None:
            self._painter.fillRect(self._plan.column(bins[current]), self._ink.grid)
        self._paint_axes()
        self._paint_titles()
        largest = max((each.count for each in bins), default=0)
        for each in bins:
            if each.count:
                self._paint_bar(each)
                self._paint_count(each, largest)
        self._paint_diagonal()
        self._label(self._plan.histogram.top(), f"{largest:,}")

    def paint_legend(self, left: float, top: float, right: float, *, pale: bool) -> None:
        """Say what the colours mean; that some are pale only where there is room for it."""
        middle = top + self._metrics.height() / 2
        colours = legend_colours(self._ink)
        entries = list(zip(LEGEND, colours, strict=True))
        if pale:
            entries.append((PALE, self._pale(colours[0])))
        for name, colour in entries:
            if name == PALE and left + 2 * GRID + self._metrics.horizontalAdvance(name) > right:
                return
            self._painter.fillRect(QRectF(left, middle - 4, GRID, GRID), colour)
            left += GRID + GRID // 2
            self._painter.setPen(self._ink.quiet)
            self._painter.drawText(QPointF(left, top + self._metrics.ascent()), name)
            left += self._metrics.horizontalAdvance(name) + 2 * GRID

    def _paint_bar(self, each: CalibrationBar) -> None:
        """How often it was right, and how far that is from how sure it was."""
        right, sure, cautious = legend_colours(self._ink)
        bar = self._inner(each)
        low, high = sorted((each.accuracy, each.confidence))
        self._fill(each, bar, 0.0, low, right)
        self._fill(each, bar, low, high, sure if each.confidence > each.accuracy else cautious)

    def _fill(
        self, each: CalibrationBar, bar: QRectF, low: float, high: float, colour: QColor
    ) -> None:
        if each.count < FEW:
            colour = self._pale(colour)
        top, bottom = round(self._plan.y(high)), round(self._plan.y(low))
        self._painter.fillRect(QRectF(bar.left(), top, bar.width(), bottom - top), colour)

    def _pale(self, colour: QColor) -> QColor:
        return mixed(colour, self._ink.ground, _PALE)

    def _paint_count(self, each: CalibrationBar, largest: int) -> None:
        area, bar = self._plan.histogram, self._inner(each)
        height = max(1.0, round(area.height() * each.count / largest))
        bar = QRectF(bar.left(), round(area.bottom()) - height, bar.width(), height)
        self._painter.fillRect(bar, self._ink.cursor)

    def _inner(self, each: CalibrationBar) -> QRectF:
        """The column of a bin without the gap to the next one."""
        column = self._plan.column(each)
        left, right = round(column.left()) + 1, round(column.right()) - 1
        return QRectF(left, column.top(), max(1, right - left), column.height())

    def _paint_diagonal(self) -> None:
        area = self._plan.diagram
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.setPen(QPen(self._ink.text, 1.2, Qt.PenStyle.DashLine))
        self._painter.drawLine(area.bottomLeft(), area.topRight())

    def _paint_axes(self) -> None:
        area, below = self._plan.diagram, self._plan.histogram
        for share in _ticks(area.height(), 3 * self._metrics.height()):
            y = round(self._plan.y(share))
            self._painter.fillRect(QRectF(area.left(), y, area.width(), 1), self._ink.grid)
            self._label(y, f"{share:.0%}".replace("%", " %"))
        self._painter.fillRect(
            QRectF(below.left(), round(below.bottom()), below.width(), 1), self._ink.cursor
        )
        self._painter.setPen(self._ink.quiet)
        room = self._metrics.horizontalAdvance("100 %") + 2 * GRID
        for share in _ticks(area.width(), room):
            place = QRectF(0, below.bottom() + GRID // 2, room, self._metrics.height())
            place.moveLeft(self._plan.x(share) - room / 2)
            words = f"{share:.0%}".replace("%", " %")
            self._painter.drawText(place, _FLAGS.AlignCenter, words)

    def _paint_titles(self) -> None:
        area, below, line = self._plan.diagram, self._plan.histogram, self._metrics.height()
        self._painter.setPen(self._ink.quiet)
        place = QRectF(below.left(), below.bottom() + line + GRID // 2, below.width(), line)
        self._painter.drawText(place, _FLAGS.AlignCenter, _ACROSS)
        for title, part in ((_DOWN, area), (_BELOW, below)):
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
        """Write beside the left edge."""
        height = self._metrics.height()
        place = QRectF(0, y - height / 2, self._plan.diagram.left() - GRID // 2, height)
        self._painter.setPen(self._ink.quiet)
        self._painter.drawText(place, _FLAGS.AlignRight | _FLAGS.AlignVCenter, words)


def legend_colours(ink: ChartPalette) -> tuple[QColor, QColor, QColor]:
    """Of what is right, and of being too sure and too cautious."""
    return ink.training, ink.validation, ink.others[0]


def _ticks(room: float, each: float) -> list[float]:
    """Shares with words: as many as there is room for."""
    steps = next((steps for steps in (5, 2) if room >= steps * each), 1)
    return [step / steps for step in range(steps + 1)]
