"""Whether a network is right as often as it is sure; part of the Evaluation tab.

A reliability diagram: each bar says how often the answers of one range of confidence were right. Of
a network that knows what it knows, they all end at the diagonal.
"""

from collections.abc import Sequence

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
    QPen,
)
from PySide6.QtWidgets import QToolTip, QWidget

from cifar_desktop.evaluation.widgets.calibration_painting import (
    FEW,
    CalibrationBar,
    CalibrationLayout,
    DiagramPainter,
    plan,
)
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.formatting import counted, percent
from cifar_desktop.ui.style import GRID, RADIUS, scaled_font

__all__ = ["CalibrationBar", "CalibrationChart"]

HELP = (
    "Each bar: how often the answers of one range of confidence were right. A network that knows "
    "what it knows is right as often as it is sure: its bars end at the dashed line. "
    f"Bars of fewer than {FEW} answers are pale: they say little.\n"
    "Keys: left and right, Home and End read the bars, Escape ends that."
)
_TITLE = "Calibration"
_EMPTY = "There are no answers yet."
_LEANING = 0.5
"""From this part of the error on, it leans to one side."""
_STEADY = 0.005


class CalibrationChart(QWidget):
    """Shows how often answers are right, by how sure they are.

    Signals:
        read: The bin that the person reads, by pointer or keys; -1 for none.
    """

    read = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bins: tuple[CalibrationBar, ...] = ()
        self._ece = 0.0
        self._current: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAccessibleName(_TITLE)
        self._describe()

    @property
    def summary(self) -> str:
        """The figure, in words."""
        total = sum(each.count for each in self._bins)
        if not total:
            return _EMPTY
        # Two shares differ by percentage points.
        words = f"Off by {percent(self._ece, 1).removesuffix(' %')} points on average"
        lean = sum(each.count * (each.confidence - each.accuracy) for each in self._bins) / total
        if self._ece >= _STEADY and abs(lean) >= _LEANING * self._ece:
            words += f", mostly {'too sure' if lean > 0 else 'too cautious'}"
        return words

    @property
    def reading(self) -> str:
        """What is said of the bar that is read; empty if none is."""
        return "" if self._current is None else self._bins[self._current].sentence()

    @property
    def where(self) -> CalibrationLayout:
        """Where the parts of the chart are."""
        line = QFontMetricsF(self._small()).height()
        largest = max((each.count for each in self._bins), default=0)
        return plan(self.size(), self._heading_height() + line + GRID, self._small(), largest)

    def show_bins(self, bins: Sequence[CalibrationBar], ece: float) -> None:
        """Show bins.

        Args:
            bins: From the least to the most sure; without any, the chart says that there is none.
            ece: The expected calibration error, 0 to 1.
        """
        self._bins, self._ece = tuple(bins), ece
        self._read(None)
        self._describe()
        self.update()

    def unscrolled(self) -> "CalibrationChart":
        """The same chart without focus and reading, to be saved; it belongs to nobody."""
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
        """Large enough to see where it goes."""
        return QSize(30 * GRID, 24 * GRID)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Read the bars; see `HELP`."""
        with_answers = [place for place, each in enumerate(self._bins) if each.count]
        now = with_answers.index(self._current) if self._current in with_answers else None
        last = len(with_answers) - 1
        goals = {
            Qt.Key.Key_Left: last if now is None else max(now - 1, 0),
            Qt.Key.Key_Right: 0 if now is None else min(now + 1, last),
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        key = Qt.Key(event.key())
        if key in goals and with_answers:
            self._read(with_answers[goals[key]])
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, self.reading))
        elif key == Qt.Key.Key_Escape and self._current is not None:
            self._read(None)
        else:
            super().keyPressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Read what is pointed at."""
        self._read(self._at(event.position().x(), event.position().y()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is pointed at."""
        super().leaveEvent(event)
        self._read(None)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the focus."""
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Show that the focus is gone."""
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        """Explain the bar under the pointer, or else the chart."""
        if isinstance(event, QHelpEvent):
            place = self._at(event.pos().x(), event.pos().y())
            words = HELP if place is None else self._bins[place].sentence()
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the card with the focus, the head and the chart."""
        painter, colours, focus = QPainter(self), chart_palette(self.palette()), self.hasFocus()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours.focus if focus else colours.edge, 2 if focus else 1))
        painter.setBrush(colours.ground)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        has_answers = any(each.count for each in self._bins)
        self._paint_head(painter, has_answers=has_answers)
        if has_answers:
            DiagramPainter(painter, colours, self.where, self._small()).paint(
                self._bins, self._current
            )

    def _paint_head(self, painter: QPainter, *, has_answers: bool) -> None:
        colours, bold = chart_palette(self.palette()), scaled_font(self, 1.0, QFont.Weight.DemiBold)
        left = GRID + GRID // 2
        line = QRectF(left, GRID // 2, self.width() - 2 * left, self._heading_height() - GRID)
        painter.setFont(bold)
        painter.setPen(colours.text)
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, _TITLE)
        line.setLeft(left + QFontMetricsF(bold).horizontalAdvance(_TITLE) + 2 * GRID)
        painter.setFont(self._small())
        painter.setPen(colours.quiet)
        figure, _comma, leaning = self.summary.partition(",")
        fits = QFontMetricsF(self._small()).horizontalAdvance(self.summary) <= line.width()
        words = f"{figure},{leaning}" if leaning and fits else figure
        self._write(painter, line, words, Qt.AlignmentFlag.AlignRight)
        below = QRectF(left, self._heading_height() - GRID // 2, self.width() - 2 * left, 0)
        below.setHeight(QFontMetricsF(self._small()).height())
        if self._current is not None:
            painter.setPen(colours.text)
            self._write(painter, below, self.reading, Qt.AlignmentFlag.AlignLeft)
        elif has_answers:
            legend = DiagramPainter(painter, colours, self.where, self._small())
            pale = any(0 < each.count < FEW for each in self._bins)
            legend.paint_legend(below.left(), below.top(), below.right(), pale=pale)

    def _write(self, painter: QPainter, place: QRectF, words: str, side: Qt.AlignmentFlag) -> None:
        """Write what fits."""
        mode = Qt.TextElideMode.ElideRight
        words = QFontMetricsF(self._small()).elidedText(words, mode, place.width())
        painter.drawText(place, side | Qt.AlignmentFlag.AlignVCenter, words)

    def _heading_height(self) -> float:
        return QFontMetricsF(self.font()).height() + 2 * GRID

    def _small(self) -> QFont:
        return scaled_font(self, 0.9, QFont.Weight.Normal)

    def _at(self, x: float, y: float) -> int | None:
        """The bin at a place."""
        where = self.where
        columns = (where.column(each) for each in self._bins)
        return next((place for place, each in enumerate(columns) if each.contains(x, y)), None)

    def _read(self, place: int | None) -> None:
        if place == self._current:
            return
        self._current = place
        self._describe()
        self.update()
        self.read.emit(-1 if place is None else place)

    def _describe(self) -> None:
        answers = counted(sum(each.count for each in self._bins), "answer")
        words = self.reading or f"{self.summary}; {answers}."
        self.setAccessibleDescription(words if self._bins else _EMPTY)
