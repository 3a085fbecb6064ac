"""The top of the Evaluation tab: network, dataset, buttons, progress, messages."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.progress import show_fraction
from cifar_desktop.ui.style import GRID, quiet, show_centered, title

_WIDE = 100 * GRID
"""From this width on, everything is in one row."""

_TIGHT = 82 * GRID
"""Minimum width of that row in a low window."""

_NARROW = 60 * GRID


class EvaluationHeader(QWidget):
    """Drop-down lists and buttons.

    Signals:
        network_chosen: Key of the chosen run or network.
        data_chosen: Key of the dataset to evaluate it on.
        browse_requested: The user wants to choose a dataset folder.
        evaluate_requested: The user wants to evaluate the chosen network.
    """

    network_chosen = Signal(str)
    data_chosen = Signal(str)
    browse_requested = Signal()
    evaluate_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide: bool | None = None
        self._one_row_width = _WIDE
        self.browse = QPushButton("F&older…")
        self.browse.setToolTip("Evaluate on your own images: a folder with one subfolder per class")
        self.network = ChoiceField("Networ&k")
        self.data = ChoiceField("&Dataset", (), self.browse)
        self.evaluate = QPushButton("Eva&luate")
        self.save = QPushButton("&Save…")
        self.save.setToolTip("Save the chart as an image, or results as a table")
        self.menu = QMenu(self.save)
        self.save.setMenu(self.menu)
        self._arrange()
        self.network.chosen.connect(self.network_chosen)
        self.data.chosen.connect(self.data_chosen)
        self.browse.clicked.connect(self.browse_requested)
        self.evaluate.clicked.connect(self.evaluate_requested)

    def show_buttons(self, *, evaluate: str, save: bool) -> None:
        """Show the buttons that make sense now.

        Args:
            evaluate: Text of the Evaluate button; empty hides it.
            save: Whether there is something to save.
        """
        self.evaluate.setText(evaluate)
        self.evaluate.setVisible(bool(evaluate))
        self.save.setVisible(save)
        self._buttons.setVisible(bool(evaluate) or save)

    def minimumSizeHint(self) -> QSize:
        """Allow a narrower width than one row needs: it then uses two."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _NARROW), hint.height()) if self._wide else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use one row or two."""
        super().resizeEvent(event)
        self._place(wide=event.size().width() >= self._one_row_width)

    def set_low(self, *, low: bool) -> None:
        """Prefer one row in a low window."""
        self._one_row_width = _TIGHT if low else _WIDE
        self._place(wide=self.width() >= self._one_row_width)

    def _arrange(self) -> None:
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.evaluate)
        row.addWidget(self.save)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(0, 1)
        self._place(wide=False)

    def _place(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        self._grid.addWidget(self.network, 0, 0)
        if wide:
            self._grid.addWidget(self.data, 0, 1)
            self._grid.addWidget(self._buttons, 0, 2)
        else:
            self._grid.addWidget(self._buttons, 0, 1)
            self._grid.addWidget(self.data, 1, 0, 1, 2)
        self._grid.setColumnStretch(1, 1 if wide else 0)


class ProgressRow(QWidget):
    """Progress of the evaluation, with a Cancel button.

    Signals:
        cancel_requested: Cancel was pressed.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName("Evaluation progress")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop; earlier results are kept")
        self.cancel.clicked.connect(self.cancel_requested)
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)

    def show_progress(self, words: str, fraction: float | None) -> None:
        """Show the progress; a fraction of None is unknown."""
        self.words.show_text(words)
        self.bar.setAccessibleDescription(words)
        show_fraction(self.bar, fraction)


class EvaluationMessage(QWidget):
    """Replaces the report while there is none.

    Signals:
        evaluate_requested: The user wants to evaluate, or to try again.
        find_requested: The user wants to locate the moved dataset.
        browse_requested: The user wants to choose another dataset folder.
    """

    evaluate_requested = Signal()
    find_requested = Signal()
    browse_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading, self.text = title(), quiet()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.evaluate = QPushButton()
        self.find_data = QPushButton("Fin&d the dataset…")
        self.browse = QPushButton("Folde&r…")
        self.browse.setToolTip("Evaluate on another folder instead")
        self.evaluate.clicked.connect(self.evaluate_requested)
        self.find_data.clicked.connect(self.find_requested)
        self.browse.clicked.connect(self.browse_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        for button in (self.find_data, self.browse, self.evaluate):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID + GRID // 2)
        layout.addStretch(1)
        for label in (self.heading, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def show_message(
        self,
        heading: str,
        text: str = "",
        *,
        evaluate: str = "",
        find: bool = False,
        browse: bool = False,
    ) -> None:
        """Show a message, and the buttons that help.

        Args:
            heading: Short heading.
            text: One or two sentences.
            evaluate: Text of the Evaluate button; empty hides it.
            find: Whether to offer locating the dataset.
            browse: Whether to offer choosing another dataset.
        """
        self.heading.setText(heading)
        show_centered(self.text, text)
        self.text.setVisible(bool(text))
        self.evaluate.setText(evaluate)
        self.evaluate.setVisible(bool(evaluate))
        self.find_data.setVisible(find)
        self.browse.setVisible(browse)
