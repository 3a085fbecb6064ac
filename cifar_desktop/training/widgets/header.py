"""The views of the Training tab, as segments in the header row of the window."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from cifar_desktop.ui.page_header import PageHeader
from cifar_desktop.ui.segments import Segments

SETUP, CURVES, DATA, AUGMENTATION, RUNS = "setup", "curves", "data", "augmentation", "runs"
_SMALL = {SETUP: True, AUGMENTATION: False, RUNS: True}
"""Views that there are in a small window only, or in a large one only."""
_SETUP_KEY = QKeySequence(Qt.Modifier.ALT | Qt.Key.Key_W)


class TrainingHeader(PageHeader):
    """Chooses a view.

    Signals: none; `segments` has one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.segments = Segments("View of the Training tab")
        add = self.segments.add
        add(SETUP, "Set up", tooltip="The settings of a new run")
        add(CURVES, "Curves", tooltip="Loss and accuracy while a network learns")
        add(DATA, "&Data", tooltip="The images of the chosen dataset, and what was found in them")
        add(AUGMENTATION, "Augmentat&ion", tooltip="How training changes the images")
        add(RUNS, "Runs", tooltip="All runs")
        self.segments.segment(SETUP).setShortcut(_SETUP_KEY)
        self.row.addWidget(self.segments)
        self.set_small(small=False)

    def set_small(self, *, small: bool) -> None:
        """Offer the views of a small window, where form and runs are views too."""
        for key, where in _SMALL.items():
            self.segments.segment(key).setVisible(where == small)

    def show_runs(self, count: int) -> None:
        """Show how many runs there are."""
        self.segments.set_text(RUNS, f"Runs {count}" if count else "Runs")
