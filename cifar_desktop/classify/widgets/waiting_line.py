"""A thin line at the top of the stage that runs while something takes its time."""

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, QVariantAnimation, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QProgressBar, QWidget

from cifar_desktop.look.motion import duration
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill

_HEIGHT = 3
_AFTER = 150
"""Milliseconds; what is quicker needs no line."""
_ROUND = 1400
_SHARE = 0.3
_STEPS = 1000


class WaitingLine(QProgressBar):
    """Runs along the top of its parent while at least one thing is waited for.

    Args:
        parent: Its parent, which gives it the width.
    """

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self._reasons: set[str] = set()
        self._delay = QTimer(self, singleShot=True, interval=_AFTER)
        self._delay.timeout.connect(self._appear)
        self._motion = QVariantAnimation(self, startValue=0.0, endValue=1.0)
        self._motion.setDuration(_ROUND)
        self._motion.setLoopCount(-1)
        self._motion.valueChanged.connect(self._advance)
        self._place = 0.0
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName("Progress")
        self.show_fraction(None)
        self.hide()

    def wait(self, reason: str, *, waiting: bool) -> None:
        """Begin or stop waiting for something; the line appears after a moment."""
        (self._reasons.add if waiting else self._reasons.discard)(reason)
        if not self._reasons:
            self._delay.stop()
            self.hide()
            self.show_fraction(None)
        elif self.isHidden() and not self._delay.isActive():
            self._delay.start()

    def show_fraction(self, fraction: float | None) -> None:
        """Show how much is done, from 0 to 1, or that this is unknown."""
        self.setRange(0, 0 if fraction is None else _STEPS)
        if fraction is not None:
            self.setValue(round(fraction * _STEPS))

    def sizeHint(self) -> QSize:
        """A few pixels high."""
        return QSize(0, _HEIGHT)

    def showEvent(self, event: QShowEvent) -> None:
        """Begin to run."""
        super().showEvent(event)
        if duration(_ROUND):
            self._motion.start()

    def hideEvent(self, event: QHideEvent) -> None:
        """Stop running."""
        super().hideEvent(event)
        self._motion.stop()
        self._place = 0.0

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the part that is done, or a part that runs."""
        found, painter = roles(self.palette()), QPainter(self)
        painter.fillRect(self.rect(), found.track)
        part = QRectF(self.rect())
        if self.maximum():
            part.setWidth(self.width() * self.value() / self.maximum())
        elif self._place:
            part.setWidth(self.width() * _SHARE)
            part.moveLeft(self._place * self.width() * (1 + _SHARE) - part.width())
        fill(painter, part, found.mark, _HEIGHT / 2)

    @Slot()
    def _appear(self) -> None:
        self.setGeometry(0, 0, self._parent.width(), _HEIGHT)
        self.raise_()
        self.show()

    @Slot(object)
    def _advance(self, place: float) -> None:
        self._place = place
        self.update()
