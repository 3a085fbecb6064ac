"""The footer of the training form: time estimate, Start button and one line of remark."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import QUIET, Text, label, set_size, unit
from cifar_desktop.look.widgets import icon_button, primary, small, with_icon
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.field_row import explain
from cifar_desktop.ui.hint_label import HintLabel
from cifar_desktop.ui.style import GRID

_KEYS = QKeySequence("Ctrl+Return")
_ESTIMATE = "Time a few training steps on the chosen device"


class StartButton(QPushButton):
    """The one filled button of the page, larger than others."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setDefault(True)
        set_size(primary(self), Text.HEADING)
        with_icon(self, "play", "on_fill")

    def sizeHint(self) -> QSize:
        """Taller than other buttons."""
        return QSize(super().sizeHint().width(), 5 * unit() + unit() // 2)


class StartBar(QWidget):
    """Time estimate, Start button, remark.

    Signals:
        start_requested: The button or its shortcut was pressed, and all settings are valid.
        estimate_requested: The user wants to know how long the run will take.
    """

    start_requested = Signal()
    estimate_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.estimate = label()
        self.estimate_button = icon_button("clock", "Estimate time")
        self.estimate_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        explain(small(self.estimate_button), _ESTIMATE)
        self.estimate_button.clicked.connect(self.estimate_requested)
        self.start = StartButton("&Start")
        self.start.clicked.connect(self.start_requested)
        self.hint, self.problem = ElidedLabel(mode=Qt.TextElideMode.ElideRight), HintLabel("error")
        self.hint.setForegroundRole(QUIET)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._shortcut = QShortcut(_KEYS, self, self.start.click)
        self._shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        self._arrange()
        self.show_problem("")

    def show_estimate(self, text: str, details: str = "", *, offer: bool) -> None:
        """Show how long the run will take, more in a tooltip, and whether to offer an estimate."""
        self.estimate.setText(text)
        self.estimate.setToolTip(details)
        self.estimate_button.setVisible(offer)

    def show_hint(self, text: str, details: str = "") -> None:
        """Show a remark about starting, more of it in a tooltip; a problem takes precedence."""
        self.hint.show_text(text, details)

    def show_problem(self, text: str) -> None:
        """Show why the run cannot start; empty if it can."""
        keys = _KEYS.toString(QKeySequence.SequenceFormat.NativeText)
        self.start.setEnabled(not text)
        explain(self.start, text or f"Train a network with these settings ({keys})")
        self.estimate_button.setEnabled(not text)
        self.problem.show_text(text, "error")
        self.hint.setVisible(not text)

    def _arrange(self) -> None:
        estimate = QHBoxLayout()
        estimate.setSpacing(GRID)
        estimate.addWidget(self.estimate, 1)
        estimate.addWidget(self.estimate_button)
        self.estimate.setMinimumHeight(3 * unit() + 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(estimate)
        layout.addWidget(self.start)
        layout.addWidget(self.problem)
        layout.addWidget(self.hint)
