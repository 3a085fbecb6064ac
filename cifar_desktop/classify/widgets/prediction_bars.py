"""Class names with probabilities as bars; part of the prediction panel.

Each bar is a QProgressBar with its own painting, so that assistive technology reads its value.
"""

from collections.abc import Sequence

from PySide6.QtCore import QEasingCurve, QRectF, QSize, Qt, QVariantAnimation, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStyle, QVBoxLayout, QWidget

from cifar_desktop.ui.style import GRID, blend

_THICKNESS = 8
_MILLISECONDS = 150
_STEPS = 1000


class ProbabilityBar(QProgressBar):
    """One class: its name, its percentage and a bar below."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._shown = 0.0
        self._faint = False
        self.setRange(0, _STEPS)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._motion = QVariantAnimation(self)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(self._advance)

    def show_value(self, name: str, probability: float, percentage: str, *, faint: bool) -> None:
        """Show a class, animating the bar to its probability."""
        self._name, self._faint = name, faint
        self.setAccessibleName(name)
        self.setAccessibleDescription(percentage)
        self.setToolTip(f"{name}: {probability:.2%}")
        self.setFormat(percentage.replace("%", "%%"))
        self.setValue(round(probability * _STEPS))
        self._move_to(probability)

    def text(self) -> str:
        """The percentage, also for assistive technology."""
        return self.format().replace("%%", "%")

    def sizeHint(self) -> QSize:
        """A line of text and the bar."""
        return QSize(24 * GRID, self.fontMetrics().height() + _THICKNESS + GRID // 2)

    def minimumSizeHint(self) -> QSize:
        """As high as the size hint, and much narrower."""
        return QSize(10 * GRID, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint name, percentage and bar."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_text(painter)
        self._paint_bar(painter)

    def _paint_text(self, painter: QPainter) -> None:
        line = self.rect().adjusted(0, 0, 0, -_THICKNESS - GRID // 2)
        font_metrics = self.fontMetrics()
        percentage_width = font_metrics.horizontalAdvance(self.text()) + GRID
        room = line.width() - percentage_width
        name = font_metrics.elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, name)
        painter.drawText(
            line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.text()
        )

    def _paint_bar(self, painter: QPainter) -> None:
        palette = self.palette()
        track = QRectF(0, self.height() - _THICKNESS, self.width(), _THICKNESS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(blend(palette, QPalette.ColorRole.WindowText, 0.12))
        painter.drawRoundedRect(track, _THICKNESS / 2, _THICKNESS / 2)
        if self._shown <= 0:
            return
        role = QPalette.ColorRole.WindowText if self._faint else QPalette.ColorRole.Accent
        painter.setBrush(blend(palette, role, 0.4 if self._faint else 1.0))
        track.setWidth(max(_THICKNESS, track.width() * self._shown))
        painter.drawRoundedRect(track, _THICKNESS / 2, _THICKNESS / 2)

    def _move_to(self, probability: float) -> None:
        self._motion.stop()
        if not self.isVisible() or not self._may_animate():
            self._advance(probability)
            return
        self._motion.setDuration(_MILLISECONDS)
        self._motion.setStartValue(self._shown)
        self._motion.setEndValue(probability)
        self._motion.start()

    def _may_animate(self) -> bool:
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self.style().styleHint(hint, None, self) > 0

    @Slot(object)
    def _advance(self, value: float) -> None:
        self._shown = value
        self.update()


class PredictionBars(QWidget):
    """Bars below each other."""

    def __init__(self, count: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bars = [ProbabilityBar(self) for _ in range(count)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for bar in self.bars:
            layout.addWidget(bar)

    def show_values(self, values: Sequence[tuple[str, float, str]], *, faint: bool) -> None:
        """Show name, probability and percentage of each; hide the remaining bars."""
        for index, bar in enumerate(self.bars):
            bar.setVisible(index < len(values))
            if index < len(values):
                bar.show_value(*values[index], faint=faint)
