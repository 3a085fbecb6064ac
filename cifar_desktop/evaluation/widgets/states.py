"""What the Evaluation tab shows while there is no report yet, or another one is on its way."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, label, unit
from cifar_desktop.look.widgets import primary, small, with_icon
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.progress import show_fraction

_WIDEST_TEXT = 60
"""Width of a text in the middle of the page, in units."""


class ProgressRow(QWidget):
    """Progress of the evaluation, with a Stop button.

    Signals:
        cancel_requested: Stop was pressed.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(unit() // 2)
        self.bar.setAccessibleName("Evaluation progress")
        self.cancel = QPushButton("Stop")
        self.cancel.setToolTip("Stop; earlier results are kept")
        small(with_icon(self.cancel, "stop"))
        self.cancel.clicked.connect(self.cancel_requested)
        column = QVBoxLayout()
        column.setSpacing(unit() // 2)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * unit())
        row.addLayout(column, 1)
        row.addWidget(self.cancel, 0, Qt.AlignmentFlag.AlignBottom)

    def show_progress(self, words: str, fraction: float | None) -> None:
        """Show the progress; a fraction of None is unknown."""
        self.words.show_text(words)
        self.bar.setAccessibleDescription(words)
        show_fraction(self.bar, fraction)


class EvaluationMessage(QWidget):
    """Replaces the report, or its images, while there are none.

    Signals:
        evaluate_requested: The user wants to evaluate, or to try again.
        find_requested: The user wants to locate the moved dataset.
        browse_requested: The user wants to choose another dataset folder.
    """

    evaluate_requested = Signal()
    find_requested = Signal()
    browse_requested = Signal()

    def __init__(self, *, loud: bool = True) -> None:
        super().__init__()
        self.heading = label(size=Text.TITLE if loud else Text.HEADING)
        self.text = label(quiet=True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.evaluate = QPushButton()
        with_icon(self.evaluate, "play", "on_fill" if loud else "text")
        if loud:
            primary(self.evaluate)
        self.find_data = QPushButton("Fin&d the dataset…")
        self.browse = QPushButton("Folde&r…")
        for button in (self.find_data, self.browse):
            with_icon(button, "folder")
        self.browse.setToolTip("Evaluate on another folder instead")
        self.evaluate.clicked.connect(self.evaluate_requested)
        self.find_data.clicked.connect(self.find_requested)
        self.browse.clicked.connect(self.browse_requested)
        self._arrange()

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
        # Several lines are a list, whose indentation matters.
        side = Qt.AlignmentFlag.AlignLeft if "\n" in text else Qt.AlignmentFlag.AlignHCenter
        self.text.setAlignment(side)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.evaluate.setText(evaluate)
        self.evaluate.setVisible(bool(evaluate))
        self.find_data.setVisible(find)
        self.browse.setVisible(browse)

    def _arrange(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(unit())
        buttons.addStretch(1)
        for button in (self.evaluate, self.find_data, self.browse):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[2 * unit()] * 4)
        layout.setSpacing(unit())
        layout.addStretch(2)
        self.heading.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        for part in (self.heading, self.text):
            part.setWordWrap(True)
            layout.addLayout(_middle(part))
        layout.addSpacing(unit())
        layout.addLayout(buttons)
        layout.addStretch(3)


def _middle(part: QLabel) -> QHBoxLayout:
    part.setMaximumWidth(_WIDEST_TEXT * unit())
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(part, 1000)
    row.addStretch(1)
    return row
