"""Log scale, smoothing, following and saving: the controls of the live curves."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QMenu, QPushButton, QSlider, QWidget

from cifar_desktop.ui.style import GRID

_STEPS = 60
_MOST = 3.0


class CurvesToolbar(QWidget):
    """Some controls in a row; who can save fills `menu`.

    Signals:
        log_changed: Whether the loss is to be shown on a logarithmic scale.
        smoothing_changed: The weight of the average so far, from 0 (off) to below 1.
        follow_wanted: The whole run is to be shown again.
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
        """The weight of the average so far; evenly spread over the slider as people see it."""
        return 1 - 10 ** (-_MOST * self.smoothing.value() / _STEPS)

    def show_following(self, *, following: bool) -> None:
        """Offer to follow where the charts do not."""
        self.follow.setEnabled(not following)

    def _name_controls(self) -> None:
        self.follow.setAccessibleDescription("Shows the whole run again, as it grows")
        self.follow.setToolTip("Show the whole run again, as it grows (Home in a chart)")
        self.save.setMenu(self.menu)
        # All its letters are taken by what else is in sight.
        self.save.setShortcut(QKeySequence.StandardKey.Save)
        keys = self.save.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        self.save.setToolTip(f"Save what is shown, or what it is drawn from ({keys})")
        self.log.setAccessibleName("Log scale")
        self.log.setToolTip("Show the loss on a logarithmic scale: small differences grow visible")
        self.smoothing.setRange(0, _STEPS)
        self.smoothing.setPageStep(_STEPS // 6)
        self.smoothing.setAccessibleName("Smoothing")
        self.smoothing.setToolTip(
            "Draw an average over the line of training; values of whole epochs stay as they are"
        )

    def _lay_out(self) -> None:
        # A wide font needs room in a small window; then the slider is the one to give some.
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
