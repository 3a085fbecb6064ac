"""Class names with probabilities as bars, one line each; part of the prediction panel.

Each bar is a QProgressBar with its own painting, so that assistive technology reads its value.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QAccessible, QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QVBoxLayout, QWidget

from cifar_desktop.look.motion import duration
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill
from cifar_desktop.look.type_scale import Text, font, unit
from cifar_desktop.ui.accessible_role import set_role

_NAME, _PERCENTAGE, _THICKNESS, _GAP = 13.5, 5.5, 1.25, 1.0
"""Widths of the columns, height of a bar and distance between columns, in units."""
_WIDEST_NAME = 0.42
"""The largest share of the width that the names take."""
_ROW, _LOW_ROW = 4.0, 3.375
_FEW = 3
"""Rows are lower where there are more."""
_MILLISECONDS = 150
_STEPS = 1000

Bar = tuple[str, float, str]
"""Name, probability and percentage of a class."""


class ProbabilityBar(QProgressBar):
    """One class: its name, a bar, and its percentage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._shown = 0.0
        self._believed = True
        self.name_width = 0
        self.first = self.low = False
        self.setRange(0, _STEPS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._advance)
        self.clear()

    def clear(self) -> None:
        """Show an empty track."""
        self._name = ""
        self.setAccessibleName("Not classified yet")
        self.setAccessibleDescription("")
        self.setToolTip("")
        self.setFormat("")
        self.setValue(0)
        self._move_to(0.0, moving=True)

    def show_value(self, bar: Bar, *, believed: bool, moving: bool) -> None:
        """Show a class.

        Args:
            bar: The class.
            believed: Whether the percentage means something.
            moving: Whether it changes all the time now, so that the bar must not lag behind.
        """
        self._name, probability, percentage = bar
        self._believed = believed
        self.setAccessibleName(self._name)
        self.setAccessibleDescription(percentage.replace("%", "percent"))
        self.setToolTip(f"{self._name}: {probability:.2%}")
        self.setFormat(percentage.replace("%", "%%"))
        self.setValue(round(probability * _STEPS))
        self._move_to(probability, moving=moving)

    def text(self) -> str:
        """The percentage, also for assistive technology."""
        return self.format().replace("%%", "%")

    def sizeHint(self) -> QSize:
        """A row."""
        return QSize(24 * unit(), round((_LOW_ROW if self.low else _ROW) * unit()))

    def minimumSizeHint(self) -> QSize:
        """As high as the size hint, and much narrower."""
        return QSize(10 * unit(), self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint name, bar and percentage."""
        painter, found = QPainter(self), roles(self.palette())
        painter.setFont(font(Text.STRONG if self.first else Text.BODY))
        painter.setPen(found.text)
        area, middle = QRectF(self.rect()), Qt.AlignmentFlag.AlignVCenter
        metrics = painter.fontMetrics()
        name = metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, self.name_width)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, name)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, self.text())
        track = self._track()
        fill(painter, track, found.track, track.height() / 2)
        if self._shown > 0:
            track.setWidth(max(track.height() / 2, track.width() * self._shown))
            color = found.mark if self._believed else found.edge
            fill(painter, track, color, min(track.width(), track.height()) / 2)

    def _track(self) -> QRectF:
        thickness = round(_THICKNESS * unit())
        left, right = self.name_width + _GAP * unit(), self.width() - (_PERCENTAGE + _GAP) * unit()
        if not self._name:
            left, right = 0, self.width()
        return QRectF(left, (self.height() - thickness) // 2, right - left, thickness)

    def _move_to(self, probability: float, *, moving: bool) -> None:
        self._motion.stop()
        milliseconds = duration(_MILLISECONDS)
        if moving or not milliseconds or not self.isVisible():
            self._advance(probability)
            return
        self._motion.setDuration(milliseconds)
        self._motion.setStartValue(self._shown)
        self._motion.setEndValue(probability)
        self._motion.start()

    @Slot(object)
    def _advance(self, value: float) -> None:
        self._shown = value
        self.update()


class PredictionBars(QWidget):
    """Bars below each other, the most probable class first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Probabilities")
        set_role(PredictionBars, QAccessible.Role.List)
        self._bars: list[ProbabilityBar] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.show_empty(_FEW)

    @property
    def bars(self) -> list[ProbabilityBar]:
        """The bars that are shown."""
        return [bar for bar in self._bars if not bar.isHidden()]

    def show_empty(self, count: int) -> None:
        """Show empty tracks."""
        self._provide(count)
        for bar in self._bars:
            bar.clear()

    def show_values(self, values: Sequence[Bar], *, believed: bool, moving: bool = False) -> None:
        """Show these classes; see `ProbabilityBar.show_value`."""
        self._provide(len(values))
        for bar, value in zip(self._bars, values, strict=False):
            bar.show_value(value, believed=believed, moving=moving)
        self._align(max((_width(name) for name, *_ in values), default=0))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the names their share of the width."""
        super().resizeEvent(event)
        self._align(max((_width(bar.accessibleName()) for bar in self.bars), default=0))

    def _provide(self, count: int) -> None:
        while len(self._bars) < count:
            self._bars.append(ProbabilityBar(self))
            self._layout.addWidget(self._bars[-1])
        for index, bar in enumerate(self._bars):
            low = count > _FEW
            if bar.low != low:
                bar.low = low
                bar.updateGeometry()
            bar.first = index == 0
            bar.setVisible(index < count)

    def _align(self, widest: int) -> None:
        width = min(max(round(_NAME * unit()), widest), round(_WIDEST_NAME * self.width()))
        for bar in self._bars:
            bar.name_width = width


def _width(name: str) -> int:
    return QFontMetrics(font(Text.STRONG)).horizontalAdvance(name) + 1
