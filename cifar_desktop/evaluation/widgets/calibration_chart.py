"""A reliability diagram: accuracy by confidence; part of the Evaluation tab.

Each bar is the accuracy of the predictions in one range of confidence. In a well-calibrated network
all bars end at the diagonal. Guo et al. 2017, On Calibration of Modern Neural Networks.
"""

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QToolTip, QWidget

from cifar_desktop.evaluation.widgets.calibration_painting import (
    FEW,
    CalibrationBar,
    CalibrationLayout,
    DiagramPainter,
    layout_chart,
)
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import outline
from cifar_desktop.look.type_scale import Text, font
from cifar_desktop.ui.chart_palette import ChartPalette, chart_palette
from cifar_desktop.ui.formatting import counted, percent
from cifar_desktop.ui.style import GRID

__all__ = ["CalibrationBar", "CalibrationChart"]

HELP = (
    "Each bar is the accuracy of all predictions in one range of confidence. A well-calibrated "
    "network is right in 80 % of the predictions it makes with a confidence of 80 %: its bars end "
    f"at the dashed line. Bars with fewer than {FEW} predictions are pale because they are "
    "unreliable.\nLeft and Right, Home and End read out the bars; Esc stops."
)
_TITLE = "Calibration"
_EMPTY = "No predictions yet"
_LEANING = 0.5
"""Overconfident or underconfident: a signed error of at least this fraction of the whole error."""
_NEGLIGIBLE = 0.005


class CalibrationChart(QWidget):
    """Shows accuracy by confidence.

    Signals:
        read: Index of the bin that the user points at or selects by keys; -1 for none.
    """

    read = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins: tuple[CalibrationBar, ...] = ()
        self._ece: float | None = 0.0
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_TITLE)
        self._describe()

    @property
    def summary(self) -> str:
        """The expected calibration error, and its direction if it has one."""
        total = sum(each.count for each in self._bins)
        if not total:
            return _EMPTY
        if self._ece is None:
            return "Too few images to measure the calibration error"
        # The difference of two percentages is in percentage points.
        words = f"Calibration error {percent(self._ece, 1).removesuffix(' %')} points"
        if lean := leaning(self._bins, self._ece):
            words += f", {lean}"
        return words

    @property
    def reading(self) -> str:
        """The text of the current bar; empty without one."""
        return "" if self._current is None else self._bins[self._current].sentence()

    @property
    def chart_layout(self) -> CalibrationLayout:
        """Geometry of the chart at its current size."""
        line = QFontMetricsF(self._small()).height()
        largest = max((each.count for each in self._bins), default=0)
        return layout_chart(
            self.size(), self._heading_height() + line + GRID, self._small(), largest
        )

    def show_bins(self, bins: Sequence[CalibrationBar], ece: float | None) -> None:
        """Show bins.

        Args:
            bins: The bins in order of confidence; may be empty.
            ece: The expected calibration error, 0 to 1; None if there are too few images for one.
        """
        self._bins, self._ece = tuple(bins), ece
        self._read(None)
        self._describe()
        self.update()

    def unscrolled(self) -> "CalibrationChart":
        """The same chart without focus and current bar, to be saved; it has no parent."""
        whole = CalibrationChart()
        whole.setPalette(self.palette())
        whole.setFont(self.font())
        whole.resize(self.size())
        whole.show_bins(self._bins, self._ece)
        return whole

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(60 * GRID, 50 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Large enough to see the shape."""
        return QSize(30 * GRID, 24 * GRID)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read the bars; see `HELP`."""
        occupied = [place for place, each in enumerate(self._bins) if each.count]
        now = occupied.index(self._current) if self._current in occupied else None
        last = len(occupied) - 1
        goals = {
            Qt.Key.Key_Left: last if now is None else max(now - 1, 0),
            Qt.Key.Key_Right: 0 if now is None else min(now + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in goals and occupied:
            self._read(occupied[goals[key]])
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.reading))
        elif key == Qt.Key.Key_Escape and self._current is not None:
            self._read(None)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read the bar under the pointer."""
        self._read(self._at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Stop reading."""
        super().leaveEvent(event)
        self._read(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Hide the focus."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Explain the bar under the pointer, or the chart."""
        if isinstance(event, QHelpEvent):
            place = self._at(event.pos().x(), event.pos().y())
            words = HELP if place is None else self._bins[place].sentence()
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card with the focus, the header and the chart."""
        painter, colors = QPainter(self), _colors(self.palette())
        painter.fillRect(self.rect(), colors.ground)
        if self.hasFocus():
            outline(painter, self.rect(), colors.focus, width=2.0)
        has_predictions = any(each.count for each in self._bins)
        self._paint_header(painter, has_predictions=has_predictions)
        if has_predictions:
            DiagramPainter(painter, colors, self.chart_layout, self._small()).paint(
                self._bins, self._current
            )

    def _paint_header(self, painter: QPainter, *, has_predictions: bool) -> None:
        colors, bold = _colors(self.palette()), font(Text.STRONG)
        left = GRID + GRID // 2
        line = QRectF(left, GRID // 2, self.width() - 2 * left, self._heading_height() - GRID)
        painter.setFont(bold)
        painter.setPen(colors.text)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _TITLE)
        line.setLeft(left + QFontMetricsF(bold).horizontalAdvance(_TITLE) + 2 * GRID)
        painter.setFont(self._small())
        painter.setPen(colors.quiet)
        figure, _comma, leaning = self.summary.partition(",")
        fits = QFontMetricsF(self._small()).horizontalAdvance(self.summary) <= line.width()
        words = f"{figure},{leaning}" if leaning and fits else figure
        self._write(painter, line, words, Qt.AlignmentFlag.AlignRight)
        below = QRectF(left, self._heading_height() - GRID // 2, self.width() - 2 * left, 0)
        below.setHeight(QFontMetricsF(self._small()).height())
        if self._current is not None:
            painter.setPen(colors.text)
            self._write(painter, below, self.reading, Qt.AlignmentFlag.AlignLeft)
        elif has_predictions:
            legend = DiagramPainter(painter, colors, self.chart_layout, self._small())
            pale = any(0 < each.count < FEW for each in self._bins)
            legend.paint_legend(below.left(), below.top(), below.right(), pale=pale)

    def _write(self, painter: QPainter, place: QRectF, words: str, side: Qt.AlignmentFlag) -> None:
        """Write as much as fits."""
        mode = Qt.TextElideMode.ElideRight
        words = QFontMetricsF(self._small()).elidedText(words, mode, place.width())
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _heading_height(self) -> float:
        return QFontMetricsF(self.font()).height() + 2 * GRID

    def _small(self) -> QFont:
        return font(Text.CAPTION)

    def _at(self, x: float, y: float) -> int | None:
        """The index of the bin at a position."""
        layout = self.chart_layout
        columns = (layout.column(each) for each in self._bins)
        return next((place for place, each in enumerate(columns) if each.contains(x, y)), None)

    def _read(self, place: int | None) -> None:
        if place == self._current:
            return
        self._current = place
        self._describe()
        self.update()
        self.read.emit(-1 if place is None else place)

    def _describe(self) -> None:
        count = counted(sum(each.count for each in self._bins), "prediction")
        words = self.reading or f"{self.summary}; {count}."
        self.setAccessibleDescription(words if self._bins else _EMPTY)


def _colors(palette: QPalette) -> ChartPalette:
    """Those of a chart that lies on a card."""
    found = roles(palette)
    return replace(
        chart_palette(palette),
        ground=found.raised,
        grid=found.line,
        text=found.text,
        quiet=found.quiet,
        cursor=found.edge,
        focus=found.mark,
    )


def leaning(bins: Sequence[CalibrationBar], ece: float) -> str:
    """Whether a network is mostly over- or underconfident; empty if neither.

    Args:
        bins: The bins; at least one prediction in all.
        ece: The expected calibration error, 0 to 1.
    """
    total = sum(each.count for each in bins)
    lean = sum(each.count * (each.confidence - each.accuracy) for each in bins) / total
    if ece < _NEGLIGIBLE or abs(lean) < _LEANING * ece:
        return ""
    return f"mostly {'overconfident' if lean > 0 else 'underconfident'}"
