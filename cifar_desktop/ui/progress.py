"""How far something is: bars with a possibly unknown total, and a ring as an icon."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QProgressBar

from cifar_desktop.look.roles import roles

_STEPS = 1000
_SIXTEENTHS = 16
"""Of a degree, in which Qt measures arcs."""
_WIDTH = 0.14
"""Of the line, as a share of the icon."""


def show_fraction(bar: QProgressBar, fraction: float | None) -> None:
    """Show a fraction from 0 to 1, or a busy bar for None."""
    bar.setRange(0, 0 if fraction is None else _STEPS)
    if fraction is not None:
        bar.setValue(round(_STEPS * fraction))


def ring(share: float) -> QIcon:
    """The icon; `share` is what is done, from 0 to 1."""
    return QIcon(_RingEngine(min(1.0, max(0.0, share))))


class _RingEngine(QIconEngine):
    def __init__(self, share: float) -> None:
        super().__init__()
        self._share = share

    def clone(self) -> QIconEngine:
        return _RingEngine(self._share)

    def paint(self, painter: QPainter, rect: QRect, _mode: QIcon.Mode, _state: QIcon.State) -> None:
        found = roles(QApplication.palette())
        width = _WIDTH * min(rect.width(), rect.height())
        circle = QRectF(rect).adjusted(width, width, -width, -width)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(found.track, width))
        painter.drawEllipse(circle)
        cap = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(found.mark, width, Qt.PenStyle.SolidLine, cap))
        painter.drawArc(circle, 90 * _SIXTEENTHS, -round(360 * _SIXTEENTHS * self._share))
        painter.restore()

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self.scaledPixmap(size, mode, state, 1.0)

    def scaledPixmap(  # noqa: N802 (Qt's name)
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        drawn = QPixmap(size * scale)
        drawn.setDevicePixelRatio(scale)
        drawn.fill(Qt.GlobalColor.transparent)
        painter = QPainter(drawn)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return drawn
