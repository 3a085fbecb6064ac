"""The footer of the training form: time estimate, Start button and a hint."""

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QFont, QKeySequence, QPalette, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.ui.field_row import explain
from cifar_desktop.ui.style import GRID, quiet, scaled_font

_KEYS = QKeySequence("Ctrl+Return")
_ESTIMATE = "Time a few training steps on the chosen device"


class StartButton(QPushButton):
    """A large button in the accent color."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.setDefault(True)
        self.setFont(scaled_font(self, 1.1, QFont.Weight.DemiBold))
        self._color()

    def sizeHint(self) -> QSize:
        """Taller than other buttons."""
        hint = super().sizeHint()
        return QSize(hint.width(), max(hint.height() + GRID // 2, 4 * GRID))

    def changeEvent(self, event: QEvent) -> None:
        """Follow the color scheme."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._color()

    def _color(self) -> None:
        roles, palette = QPalette.ColorRole, self.palette()
        ground, text = palette.color(roles.Accent), palette.color(roles.HighlightedText)
        if palette.color(QPalette.ColorGroup.Active, roles.Button) == ground:
            return
        for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
            palette.setColor(group, roles.Button, ground)
            palette.setColor(group, roles.ButtonText, text)
        self.setPalette(palette)


class StartBar(QWidget):
    """Time estimate, Start button, hint.

    Signals:
        start_requested: The button or its shortcut was pressed, and all settings are valid.
        estimate_requested: The user wants to know how long the run will take.
    """

    start_requested = Signal()
    estimate_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.estimate = quiet()
        self.estimate_button = QPushButton("Estimate time")
        explain(self.estimate_button, _ESTIMATE)
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
        """Show how long the run will take, and whether to offer an estimate."""
        self.estimate.setText(text)
        self.estimate.setVisible(bool(text) or offer)
        self.estimate_button.setVisible(offer)

    def show_hint(self, text: str) -> None:
        """Show a hint about starting; a problem takes precedence."""
        self._hint = text
        self._update()

    def show_problem(self, text: str) -> None:
        """Show why the run cannot start; empty if it can."""
        self._problem = text
        self._update()

    def _update(self) -> None:
        keys = _KEYS.toString(QKeySequence.SequenceFormat.NativeText)
        self.start.setEnabled(not self._problem)
        explain(self.start, self._problem or f"Train a network with these settings ({keys})")
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
