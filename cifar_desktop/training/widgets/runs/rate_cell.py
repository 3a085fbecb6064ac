"""The learning rate of a run with a tiny curve; part of the run line."""

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QPushButton

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill, outline
from cifar_desktop.look.type_scale import Text, font, unit

_TITLE = "Learning rate"
_POINTS = 24
_CURVE = 6
"""Width of the curve in units."""


class RateCell(QPushButton):
    """Caption, value and curve; a click shows or hides the full chart."""

    def __init__(self) -> None:
        super().__init__()
        self._curve: tuple[float, ...] = ()
        self.setCheckable(True)
        self.setAccessibleName(_TITLE)
        self.setToolTip("Show the learning rate as a chart")

    def show_rate(self, text: str, rates: NDArray[np.float64]) -> None:
        """Show the latest learning rate, and all of them so far."""
        places = np.linspace(0, len(rates) - 1, min(_POINTS, len(rates))).astype(int)
        curve = tuple(float(rate) for rate in rates[places] if np.isfinite(rate))
        if (text, curve) != (self.text(), self._curve):
            self._curve = curve
            self.setText(text)
            self.setAccessibleDescription(text)
            self.update()

    def sizeHint(self) -> QSize:
        """Room for two lines, and the curve beside the second."""
        value = QFontMetrics(font(Text.STRONG)).horizontalAdvance("0.00000") + _CURVE * unit()
        caption = QFontMetrics(font(Text.CAPTION)).horizontalAdvance(_TITLE)
        return QSize(max(value, caption) + unit(), 4 * unit() + 4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint caption, value and curve."""
        painter, found = QPainter(self), roles(self.palette())
        if self.underMouse() or self.isChecked():
            fill(painter, self.rect(), found.tint if self.isChecked() else found.button)
        if self.hasFocus():
            outline(painter, self.rect(), found.mark, width=2)
        half, inset = self.height() // 2, unit() // 2
        upper = self.rect().adjusted(inset, 0, -inset, -half)
        lower = self.rect().adjusted(inset, half, -inset, 0)
        painter.setFont(font(Text.CAPTION))
        painter.setPen(found.quiet)
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, _TITLE)
        painter.setFont(font(Text.STRONG))
        painter.setPen(found.text)
        painter.drawText(lower, Qt.AlignmentFlag.AlignVCenter, self.text())
        text = painter.fontMetrics().horizontalAdvance(self.text())
        self._paint_curve(painter, QRectF(lower).adjusted(text + unit(), 4, -4, -6))

    def _paint_curve(self, painter: QPainter, place: QRectF) -> None:
        if len(self._curve) < 2:
            return
        low, high = min(self._curve), max(self._curve)
        across = place.width() / (len(self._curve) - 1)
        up = place.height() / (high - low) if high > low else 0.0
        bottom = place.bottom() if up else place.center().y()
        points = [
            QPointF(place.left() + index * across, bottom - (rate - low) * up)
            for index, rate in enumerate(self._curve)
        ]
        color = roles(self.palette()).mark
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(color, 1.5))
        painter.drawPolyline(points)
        painter.setBrush(color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(points[-1], 2.5, 2.5)
