"""What stands above the curves: which run it is, how it goes, and the buttons that steer it.

Used by the Training tab.
"""

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.fact_strip import FactStrip
from cifar_desktop.ui.style import GRID, scaled_font


class RunPanel(QWidget):
    """Name and state of a run, its progress, its figures, and what can be done with it.

    Signals:
        stop_wanted: End it with a checkpoint.
        kill_wanted: End it at once.
        resume_wanted: Go on with it.
        use_wanted: Classify with its network.
        look_wanted: See what its network confuses.
    """

    stop_requested = Signal()
    kill_requested = Signal()
    resume_requested = Signal()
    use_requested = Signal()
    evaluate_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name, self.state = ElidedLabel(), ElidedLabel()
        self.name.setFont(scaled_font(self.name, 1.25, QFont.Weight.DemiBold))
        self.name.setMinimumHeight(self.name.fontMetrics().height())
        self.state.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName("Progress of the run")
        self.facts = FactStrip()
        self.stop = self._button("Sto&p", "Save a checkpoint and stop", self.stop_requested)
        self.kill = self._button(
            "End at &once", "Go back to the last checkpoint", self.kill_requested
        )
        self.resume = self._button("&Resume", "Go on exactly where it was", self.resume_requested)
        self.use = self._button(
            "Use in Cl&assify",
            "Let this run's network answer in the Classify tab",
            self.use_requested,
        )
        self.look = self._button(
            "Loo&k into it",
            "See what its network confuses, and which images",
            self.evaluate_requested,
        )
        self._arrange()

    def show_buttons(
        self, *, stop: bool, kill: bool, resume: bool, use: bool, look: bool = False
    ) -> None:
        """Offer what makes sense now."""
        focused = next((button for button in self._buttons() if button.hasFocus()), None)
        for button, wanted in zip(self._buttons(), (stop, kill, resume, look, use), strict=True):
            button.setVisible(wanted)
        # Hiding the button that was pressed sends the focus on to whatever comes next.
        shown = [button for button in self._buttons() if not button.isHidden()]
        if focused is not None and focused.isHidden() and shown:
            shown[0].setFocus(Qt.FocusReason.OtherFocusReason)

    def show_title(self, name: str, state: str, details: str = "") -> None:
        """Say which run it is and how it stands."""
        self.name.show_text(name)
        self.state.show_text(state, details)

    def show_progress(self, fraction: float | None, *, busy: bool) -> None:
        """Show how far it is; a fraction of None is unknown, and runs along while `busy`."""
        self.bar.setRange(0, 0 if busy and fraction is None else 1000)
        self.bar.setValue(round(1000 * (fraction or 0.0)))

    def _button(self, label: str, tip: str, wanted: SignalInstance) -> QPushButton:
        button = QPushButton(label)
        button.setToolTip(tip)
        button.clicked.connect(wanted)
        return button

    def _buttons(self) -> tuple[QPushButton, ...]:
        return self.stop, self.kill, self.resume, self.look, self.use

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
