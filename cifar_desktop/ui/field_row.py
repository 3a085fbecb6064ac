"""One row of a form: a label, its control beside it, and room for a sentence below both.

The base of `number_field` and `choice_field`.
"""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cifar_desktop.ui.style import GRID, quiet, scaled_font


class FieldRow(QWidget):
    """A labelled control.

    Args:
        label: What the control decides.
        control: The control.
        extra: A unit or a button behind it.

    Signals: none.
    """

    def __init__(self, label: str, control: QWidget, extra: QWidget | None = None) -> None:
        super().__init__()
        self.label = QLabel(label)
        self.label.setBuddy(control)
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.hide()
        control.setAccessibleName(label.replace("&", ""))
        self._control, self._extra = control, extra
        self._arrange()

    def say(self, sentence: str, *, faint: bool = True) -> None:
        """Put a sentence below, or nothing; a faint one explains, another one warns."""
        role = QPalette.ColorRole.PlaceholderText if faint else QPalette.ColorRole.WindowText
        self.sentence.setForegroundRole(role)
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
        self._control.setAccessibleDescription(sentence)

    def explain(self, text: str) -> None:
        """What hovering tells."""
        self.label.setToolTip(text)
        self._control.setToolTip(text)

    def indent(self) -> None:
        """Show that the field belongs to what is above it."""
        self.label.setIndent(3 * GRID)

    def align(self, label: int, extra: int) -> None:
        """Give label and extra these widths."""
        self.label.setMinimumWidth(label)
        if self._extra is not None:
            self._extra.setMinimumWidth(extra)

    @property
    def widths(self) -> tuple[int, int]:
        """The widths that label and extra need."""
        extra = self._extra.sizeHint().width() if self._extra else 0
        return self.label.sizeHint().width(), extra

    def _arrange(self) -> None:
        control, extra = self._control, self._extra
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self.label, 0, 0)
        layout.addWidget(control, 0, 1, 1, 1 if extra else 2)
        if extra is not None:
            layout.addWidget(extra, 0, 2)
        layout.addWidget(self.sentence, 1, 0, 1, 3)
        layout.setColumnStretch(1, 1)
        control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def align(rows: Sequence[FieldRow]) -> None:
    """Have the controls of these rows begin and end on one line, whatever the font."""
    labels, extras = zip(*(row.widths for row in rows), strict=True)
    for row in rows:
        row.align(max(labels), max(extras))


def heading(text: str) -> QLabel:
    """What the rows below it are about."""
    label = QLabel(text)
    label.setFont(scaled_font(label, 1.0, QFont.Weight.DemiBold))
    label.setContentsMargins(0, GRID, 0, 0)
    return label


def unit(text: str) -> QLabel:
    """What a number counts, to stand behind its field."""
    label = quiet(text)
    label.setWordWrap(False)
    return label
