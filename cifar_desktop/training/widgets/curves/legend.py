"""The legend of a chart with its latest values, in the heading of its card."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, font, unit
from cifar_desktop.training.widgets.curves.run_curves import RunCurves
from cifar_desktop.ui.chart_palette import ChartPalette

_SWATCH = 14
_GAP = 6
_APART = 12
_WIDEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class LegendEntry:
    """A line, its name and its latest value."""

    color: QColor
    text: str = ""
    value: str = ""
    dashed: bool = False

    @property
    def words(self) -> str:
        """Name and value."""
        return " ".join(filter(None, (self.text, self.value)))


def entries(
    values: Sequence[tuple[str, str]], others: Sequence[RunCurves], colors: ChartPalette
) -> tuple[LegendEntry, ...]:
    """The run's own lines with their values, then the other runs.

    Args:
        values: Name and latest value of each line of the selected run.
        others: The runs that it is compared with.
        colors: The colors of the chart.
    """
    series = {"validation": colors.validation}
    own = [
        LegendEntry(text=name.capitalize(), value=value, color=series.get(name, colors.training))
        for name, value in values
    ]
    compared = [
        LegendEntry(text=run.name, color=colors.other(index), dashed=True)
        for index, run in enumerate(others)
    ]
    return (*own, *compared)


class CurvesLegend(QWidget):
    """Shows as many entries as fit, at first without other runs, then without names."""

    def __init__(self) -> None:
        super().__init__()
        self._entries: tuple[LegendEntry, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Legend")

    def show_entries(self, shown: tuple[LegendEntry, ...]) -> None:
        """Show these entries."""
        if shown == self._entries:
            return
        self._entries = shown
        words = [each.words for each in shown]
        self.setAccessibleDescription(", ".join(words))
        self.setToolTip("\n".join(words))
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(20 * unit(), 3 * unit() + 2)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the entries that fit, and the number of others."""
        painter, left = QPainter(self), 0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shown = self._fitting()
        for entry in shown:
            self._paint_entry(painter, entry, QRectF(left, 0, self._width(entry), self.height()))
            left += self._width(entry) + _APART
        left_out = len(self._entries) - len(shown)
        if left_out and left + 3 * unit() < self.width():
            painter.setFont(font(Text.BODY))
            painter.setPen(roles(self.palette()).quiet)
            painter.drawText(left, 0, 99, self.height(), _MIDDLE, f"+{left_out}")

    def _fitting(self) -> list[LegendEntry]:
        shown, own = list(self._entries), [each for each in self._entries if not each.dashed]
        more = QFontMetrics(font(Text.BODY)).horizontalAdvance("+99")
        while len(shown) > len(own) and self._length(shown) > self.width():
            shown.pop()
            if self._length(shown) + _APART + more <= self.width():
                break
        if self._length(shown) <= self.width():
            return shown
        brief = [replace(each, text="") for each in own if each.value]
        while brief and self._length(brief) > self.width():
            brief.pop()
        return brief

    def _length(self, shown: Sequence[LegendEntry]) -> int:
        return sum(self._width(each) + _APART for each in shown) - _APART

    def _width(self, entry: LegendEntry) -> int:
        text = QFontMetrics(font(Text.BODY)).horizontalAdvance(entry.text)
        value = QFontMetrics(font(Text.STRONG)).horizontalAdvance(entry.value)
        gap = _GAP if text and value else 0
        return _SWATCH + _GAP + min(text, _WIDEST) + gap + value + 1

    def _paint_entry(self, painter: QPainter, entry: LegendEntry, place: QRectF) -> None:
        paint_swatch(painter, place, entry.color, dashed=entry.dashed)
        found = roles(self.palette())
        words = place.adjusted(_SWATCH + _GAP, 0, 0, 0)
        painter.setFont(font(Text.BODY))
        painter.setPen(found.quiet)
        metrics = painter.fontMetrics()
        text = metrics.elidedText(entry.text, Qt.TextElideMode.ElideMiddle, _WIDEST)
        painter.drawText(words, _MIDDLE, text)
        painter.setFont(font(Text.STRONG))
        painter.setPen(found.text)
        painter.drawText(place, _MIDDLE_RIGHT, entry.value)


_MIDDLE = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_MIDDLE_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def paint_swatch(painter: QPainter, place: QRectF, color: QColor, *, dashed: bool) -> None:
    """Paint a sample of a line at the left of a rectangle."""
    middle = place.center().y()
    pen = QPen(color, 3, c=Qt.PenCapStyle.FlatCap if dashed else Qt.PenCapStyle.RoundCap)
    if dashed:
        pen.setDashPattern([1.5, 1.0])
    painter.setPen(pen)
    painter.drawLine(
        QPointF(place.left() + 1.5, middle), QPointF(place.left() + _SWATCH - 1, middle)
    )
