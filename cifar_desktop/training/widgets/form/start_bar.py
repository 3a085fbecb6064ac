"""The foot of the training form: how long a run will take, the Start button, and remarks on it."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.ui.style import GRID, quiet, scaled_font

_KEYS = QKeySequence("Ctrl+Return")
_WAIT = "The time is estimated from a few steps on the chosen device"


class StartButton(QPushButton):
    """A button that nobody overlooks."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setDefault(True)
        self.setFont(scaled_font(self, 1.1, QFont.Weight.DemiBold))
        self._colour()

    def sizeHint(self) -> QSize:
        """Higher than other buttons."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height() + GRID // 2, 4 * GRID))

    def changeEvent(self, event: QEvent) -> None:
        """Follow light and dark."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colour()

    def _colour(self) -> None:
        roles, palette = QPalette.ColorRole, self.palette()
        ground, text = palette.color(roles.Accent), palette.color(roles.HighlightedText)
        if palette.color(QPalette.ColorGroup.Active, roles.Button) == ground:
            return
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, roles.Button, ground)
            palette.setColor(group, roles.ButtonText, text)
        self.setPalette(palette)


class StartBar(QWidget):
    """Estimate, button, remark.

    Signals:
        start_wanted: The button or its key was pressed, and nothing is wrong.
        estimate_wanted: The person wants to know how long the run will take.
    """

    start_requested = Signal()
    estimate_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.estimate = quiet()
        self.estimate_button = QPushButton("Estimate time")
        self.estimate_button.setToolTip(_WAIT)
        self.estimate_button.clicked.connect(self.estimate_requested)
        self.start = StartButton("&Start")
        self.start.clicked.connect(self.start_requested)
        self.hint = QLabel()
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self._hint, self._problem = "", ""
        self._shortcut = QShortcut(_KEYS, self, self.start.click)
        self._shortcut.setContext(Qt.ShortcutContext.WindowShortcut)
        self._arrange()
        self._update()

    def show_estimate(self, text: str, *, offer: bool) -> None:
        """Show how long the run will take, and offer to find out or not."""
        self.estimate.setText(text)
        self.estimate.setVisible(bool(text) or offer)
        self.estimate_button.setVisible(offer)

    def show_hint(self, text: str) -> None:
        """Say what else is to be known about starting; a problem goes first."""
        self._hint = text
        self._update()

    def show_problem(self, text: str) -> None:
        """Say what keeps the run from being started; nothing if it can be."""
        self._problem = text
        self._update()

    def _update(self) -> None:
        keys = _KEYS.toString(QKeySequence.SequenceFormat.NativeText)
        self.start.setEnabled(not self._problem)
        self.start.setToolTip(self._problem or f"Train a network with these settings ({keys})")
        self.start.setAccessibleDescription(self._problem)
        self.estimate_button.setEnabled(not self._problem)
        text = self._problem or self._hint
        role = (
            QPalette.ColorRole.WindowText if self._problem else QPalette.ColorRole.PlaceholderText
        )
        self.hint.setForegroundRole(role)
        self.hint.setText(text)
        self.hint.setVisible(bool(text))

    def _arrange(self) -> None:
        estimate = QHBoxLayout()
        estimate.setSpacing(GRID)
        estimate.addWidget(self.estimate, 1)
        estimate.addWidget(self.estimate_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(estimate)
        layout.addWidget(self.start)
        layout.addWidget(self.hint)
