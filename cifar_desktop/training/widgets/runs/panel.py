"""The panel above the curves: which run it is, its progress, and buttons to control it."""

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.runs.actions import RESTART, RESUME, RunAction, RunActions
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.fact_strip import FactStrip
from cifar_desktop.ui.style import GRID, scaled_font


class RunPanel(QWidget):
    """Name and state of a run, its progress and metrics, and what can be done with it.

    Args:
        actions: What the buttons do.
        parent: The parent widget.
    """

    def __init__(self, actions: RunActions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path = Path()
        self.name, self.state = ElidedLabel(), ElidedLabel()
        self.name.setFont(scaled_font(self.name, 1.25, QFont.Weight.DemiBold))
        self.name.setMinimumHeight(self.name.fontMetrics().height())
        self.state.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName("Progress of the run")
        self.facts = FactStrip()
        self._make_buttons(actions)
        self._arrange()

    def show_run(self, path: Path, name: str, state: str, details: str = "") -> None:
        """Show which run it is and its state; the buttons act on this run from now on."""
        self._path = path
        self.name.show_text(name)
        self.state.show_text(state, details)

    def show_buttons(
        self, *, stop: bool, kill: bool, resume: bool, use: bool, evaluate: bool = False
    ) -> None:
        """Show the buttons that make sense now; what has no network to use starts again."""
        focused = next((button for button in self._buttons() if button.hasFocus()), None)
        visible = (stop, kill, resume, evaluate, use)
        for button, shown in zip(self._buttons(), visible, strict=True):
            button.setVisible(shown)
        text, tip = RESUME if use else RESTART
        self.resume.setText(text)
        self.resume.setToolTip(tip)
        # Hiding the focused button would send the focus to whatever comes next.
        others = [button for button in self._buttons() if not button.isHidden()]
        if focused is not None and focused.isHidden() and others:
            others[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_progress(self, fraction: float | None, *, busy: bool) -> None:
        """Show the progress from 0 to 1; None is unknown, and animated while `busy`."""
        self.bar.setRange(0, 0 if busy and fraction is None else 1000)
        self.bar.setValue(round(1000 * (fraction or 0.0)))

    def _make_buttons(self, actions: RunActions) -> None:
        self.stop = self._button("Sto&p", "Save a checkpoint and stop", actions.stop)
        self.kill = self._button(
            "F&orce stop", "Progress since the last checkpoint is lost", actions.kill
        )
        self.resume = self._button(*RESUME, actions.resume)
        self.evaluate = self._button(
            "Evaluate", "See which classes and images its network gets wrong", actions.evaluate
        )
        self.use = self._button(
            "Use in Cl&assify", "Classify photos with this run's network", actions.use_network
        )

    def _button(self, label: str, tip: str, action: RunAction) -> QPushButton:
        button = QPushButton(label)
        button.setToolTip(tip)
        button.clicked.connect(lambda: action(self._path))
        return button

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.stop, self.kill, self.resume, self.evaluate, self.use

    def _arrange(self) -> None:
        header = QHBoxLayout()
        header.setSpacing(GRID)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self.name)
        titles.addWidget(self.state)
        header.addLayout(titles, 1)
        for button in self._buttons():
            header.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(header)
        layout.addWidget(self.bar)
        layout.addWidget(self.facts)
