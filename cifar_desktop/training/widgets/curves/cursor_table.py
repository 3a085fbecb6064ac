"""The values at the cursor, in a small table beside it; part of the live curves."""

from dataclasses import dataclass

from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from cifar_desktop.look.shapes import outline
from cifar_desktop.look.type_scale import Text, font
from cifar_desktop.training.widgets.curves.cursor_values import (
    CursorValues,
    SeriesValues,
    epoch_text,
    loss_text,
    rate_text,
)
from cifar_desktop.ui.chart_palette import ChartPalette
from cifar_desktop.ui.style import GRID

_NAME = 23 * GRID
_AWAY = 2 * GRID


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    name: str
    detail: str = ""
    loss: str = ""
    accuracy: str = ""
    series: SeriesValues | None = None


class CursorTable(QWidget):
    """A table above the charts that ignores the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._rows: list[_Row] = []
        self._colors: ChartPalette | None = None
        self._at = QPoint()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def show_values(self, shown: CursorValues, colors: ChartPalette, at: QPoint | None) -> None:
        """Show the values beside a point of the parent; None: where the table was."""
        self._colors, self._at = colors, at or self._at
        self.setFont(font(Text.CAPTION))
        self._rows = _rows(shown, self._most_rows())
        self.setGeometry(self._place(self._at))
        self.show()
        self.raise_()
        self.update()

    def sizeHint(self) -> QSize:
        """Just large enough for the rows."""
        name, loss, accuracy = self._columns()
        width = 2 * GRID + name + loss + accuracy + 2 * GRID
        return QSize(width, GRID + len(self._rows) * self._row_height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the table."""
        if self._colors is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        outline(painter, self.rect(), self._colors.edge, ground=self._colors.ground, radius=8.0)
        for index, row in enumerate(self._rows):
            top = GRID // 2 + index * self._row_height()
            self._paint_row(painter, row, QRect(GRID, top, self.width(), self._row_height()))

    def _paint_row(self, painter: QPainter, row: _Row, place: QRect) -> None:
        name, loss, accuracy = self._columns()
        text = QRect(place.left(), place.top(), name, place.height())
        if row.series is not None:
            self._paint_mark(painter, row.series, text)
            text.adjust(2 * GRID, 0, 0, 0)
        painter.setPen(self._text_color(row))
        painter.setFont(self.font())
        metrics = self.fontMetrics()
        room = text.width() - metrics.horizontalAdvance(row.detail)
        shown = metrics.elidedText(row.name, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, shown + row.detail)
        if row.series is not None:
            painter.setFont(self._strong)
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        left = place.left() + name + GRID
        painter.drawText(QRect(left, place.top(), loss, place.height()), right, row.loss)
        left += loss + GRID
        painter.drawText(QRect(left, place.top(), accuracy, place.height()), right, row.accuracy)

    def _paint_mark(self, painter: QPainter, value: SeriesValues, place: QRect) -> None:
        color, middle = self._color(value), QPointF(place.left() + 5, place.center().y() + 1)
        painter.setPen(QPen(color, 1.6))
        painter.setBrush(color)
        if value.kind == "training":
            painter.drawLine(middle - QPointF(5, 0), middle + QPointF(5, 0))
        elif value.run >= 0:
            for start in (-5, 1):
                painter.drawLine(middle + QPointF(start, 0), middle + QPointF(start + 4, 0))
        else:
            painter.drawEllipse(middle, 2.5, 2.5)

    def _color(self, value: SeriesValues) -> QColor:
        if self._colors is None:
            return QColor()
        if value.run >= 0:
            return self._colors.other(value.run)
        return self._colors.validation if value.kind == "validation" else self._colors.training

    def _text_color(self, row: _Row) -> QColor:
        if self._colors is None:
            return QColor()
        return self._colors.quiet if row.series is None else self._colors.text

    def _columns(self) -> tuple[int, int, int]:
        plain, strong = self.fontMetrics(), QFontMetrics(self._strong)

        def widest(texts: list[str], metrics: QFontMetrics = strong) -> int:
            return max((metrics.horizontalAdvance(text) for text in texts), default=0) + 1

        names = widest([row.name + row.detail for row in self._rows], plain) + 2 * GRID
        losses = widest([row.loss for row in self._rows])
        accuracies = widest([row.accuracy for row in self._rows])
        return min(names, _NAME), losses, accuracies

    @property
    def _strong(self) -> QFont:
        """The font of the values."""
        made = QFont(self.font())
        made.setWeight(QFont.Weight.DemiBold)
        return made

    def _row_height(self) -> int:
        return self.fontMetrics().height() + 2

    def _most_rows(self) -> int:
        return max((self._over.height() - 2 * GRID) // self._row_height(), 4)

    def _place(self, at: QPoint) -> QRect:
        """To the right of the point, or to its left if there is no room."""
        size, whole = self.sizeHint(), self._over.rect()
        left = at.x() + _AWAY
        if left + size.width() > whole.right():
            left = at.x() - _AWAY - size.width()
        left = min(max(left, 0), max(whole.width() - size.width(), 0))
        top = min(max(at.y() - size.height() // 2, 0), max(whole.height() - size.height(), 0))
        return QRect(QPoint(left, top), size)


def _rows(shown: CursorValues, most: int) -> list[_Row]:
    values = list(shown.series)
    if len(values) + 2 > most:  # Training values of other runs are the first to go.
        values = [each for each in values if each.run < 0 or each.kind == "validation"]
    rows = [_Row(name=f"Epoch {epoch_text(shown.epoch)}", loss="Loss", accuracy="Accuracy")]
    rows += [_row(value) for value in values[: most - 2]]
    if shown.rate is not None:
        rows.append(_Row(name="Learning rate", accuracy=rate_text(shown.rate)))
    return rows


def _row(value: SeriesValues) -> _Row:
    return _Row(
        name=value.name,
        detail=value.detail,
        loss="" if value.loss is None else loss_text(value.loss),
        accuracy=value.accuracy_text,
        series=value,
    )
