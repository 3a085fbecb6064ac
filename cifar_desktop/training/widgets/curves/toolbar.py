"""The controls of the live curves: smoothing, log scale, follow; in a small window over the chart.

What can be saved is a menu of its own, which `CurvesExport` fills.
"""

from PySide6.QtCore import QPoint, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from cifar_desktop.look.type_scale import label, unit
from cifar_desktop.ui.style import GRID

_STEPS = 60
_MOST = 3.0
_FIRST = 20
"""The smoothing at first: a weight of 0.9."""


class CurvesToolbar(QWidget):
    """The controls; `popup` shows them, and `menu` is what can be saved.

    Signals:
        log_changed: Whether to show the loss on a logarithmic scale.
        smoothing_changed: Weight of the moving average, 0 (off) to below 1.
        follow_requested: Show the whole run again.
    """

    log_changed = Signal(bool)
    smoothing_changed = Signal(float)
    follow_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.follow = QPushButton("Fo&llow")
        self.menu = QMenu(parent)
        self.log = QCheckBox("Lo&g scale")
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.amount = QLabel()
        self._name_controls()
        self._lay_out()
        self.follow.clicked.connect(self.follow_requested)
        self.log.toggled.connect(self.log_changed)
        self.smoothing.valueChanged.connect(self._smooth)
        self.smoothing.setValue(_FIRST)
        self.show_following(following=True)
        self.popup = QMenu(parent)
        action = QWidgetAction(self.popup)
        action.setDefaultWidget(self)
        self.popup.addAction(action)

    @property
    def weight(self) -> float:
        """Weight of the moving average; equal steps of the slider look like equal steps."""
        return 1 - 10 ** (-_MOST * self.smoothing.value() / _STEPS)

    def show_following(self, *, following: bool) -> None:
        """Enable the button unless the charts follow already."""
        self.follow.setEnabled(not following)

    def open_below(self, button: QWidget) -> None:
        """Show the controls below a button, with the focus in them."""
        corner = button.rect().bottomRight() - QPoint(self.sizeHint().width(), 0)
        self.popup.popup(button.mapToGlobal(corner))
        self.smoothing.setFocus(Qt.FocusReason.PopupFocusReason)

    def _name_controls(self) -> None:
        self.follow.setAccessibleDescription("Shows the whole run as it grows")
        self.follow.setToolTip("Show the whole run as it grows (Home in a chart)")
        self.log.setAccessibleName("Log scale")
        self.log.setToolTip("Logarithmic loss axis: shows small differences between low losses")
        self.smoothing.setRange(0, _STEPS)
        self.smoothing.setPageStep(_STEPS // 6)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip(
            "Exponential moving average of the training curve, so the trend stands out from the "
            "noise of single batches; values per epoch are not smoothed"
        )

    def _lay_out(self) -> None:
        self.smoothing.setMinimumWidth(16 * unit())
        self.amount.setFixedWidth(self.fontMetrics().horizontalAdvance("0.9990"))
        self.amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        name = label("S&moothing")
        name.setBuddy(self.smoothing)
        row = QHBoxLayout()
        row.setSpacing(GRID)
        for widget in (name, self.smoothing, self.amount):
            row.addWidget(widget)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[GRID + GRID // 2] * 4)
        layout.setSpacing(GRID + GRID // 2)
        layout.addLayout(row)
        layout.addWidget(self.log)
        layout.addWidget(self.follow)

    @Slot(int)
    def _smooth(self, value: int) -> None:
        text = f"{self.weight:.3g}" if value else "off"
        self.amount.setText(text)
        self.smoothing.setAccessibleDescription(text)
        self.smoothing_changed.emit(self.weight)
