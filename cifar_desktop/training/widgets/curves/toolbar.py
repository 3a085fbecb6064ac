"""The controls of the live curves: follow, save, log scale and smoothing."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QMenu, QPushButton, QSlider, QWidget

from cifar_desktop.ui.style import GRID

_STEPS = 60
_MOST = 3.0


class CurvesToolbar(QWidget):
    """A row of controls; `CurvesExport` fills the menu.

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
        self.save = QPushButton("Save…")
        self.menu = QMenu(self.save)
        self.log = QCheckBox("Lo&g scale")
        self.smoothing = QSlider(Qt.Orientation.Horizontal)
        self.amount = QLabel()
        self._name_controls()
        self._lay_out()
        self.follow.clicked.connect(self.follow_requested)
        self.log.toggled.connect(self.log_changed)
        self.smoothing.valueChanged.connect(self._smooth)
        self._smooth(0)
        self.show_following(following=True)

    @property
    def weight(self) -> float:
        """Weight of the moving average; equal steps of the slider look like equal steps."""
        return 1 - 10 ** (-_MOST * self.smoothing.value() / _STEPS)

    def show_following(self, *, following: bool) -> None:
        """Enable the button unless the charts follow already."""
        self.follow.setEnabled(not following)

    def _name_controls(self) -> None:
        self.follow.setAccessibleDescription("Shows the whole run as it grows")
        self.follow.setToolTip("Show the whole run as it grows (Home in a chart)")
        self.save.setMenu(self.menu)
        # Other controls in view use all of its letters.
        self.save.setShortcut(QKeySequence.StandardKey.Save)
        keys = self.save.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.save.setToolTip(f"Save the charts or their data ({keys})")
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
        # The slider shrinks if a wide font needs the room in a small window.
        self.smoothing.setMinimumWidth(8 * GRID)
        self.smoothing.setMaximumWidth(12 * GRID)
        self.amount.setFixedWidth(self.fontMetrics().horizontalAdvance("0.9990"))
        label = QLabel("S&moothing")
        label.setBuddy(self.smoothing)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.follow)
        layout.addWidget(self.save)
        layout.addStretch()
        for widget in (self.log, label, self.smoothing, self.amount):
            layout.addWidget(widget)

    @Slot(int)
    def _smooth(self, value: int) -> None:
        text = f"{self.weight:.3g}" if value else "off"
        self.amount.setText(text)
        self.smoothing.setAccessibleDescription(text)
        self.smoothing_changed.emit(self.weight)
