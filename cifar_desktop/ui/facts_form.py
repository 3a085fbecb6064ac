"""Names and selectable values, for the About and Diagnostics windows."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFormLayout, QLabel, QWidget

from cifar_desktop.look.type_scale import label
from cifar_desktop.ui.style import GRID

SELECTABLE = (
    Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
)


class FactsForm(QWidget):
    """One row per fact.

    Args:
        facts: Names and values.
        margin: Margin around the form, in pixels.
    """

    def __init__(self, facts: Sequence[tuple[str, str]], margin: int = 0) -> None:
        super().__init__()
        self.rows: list[tuple[str, QLabel]] = []
        form = QFormLayout(self)
        form.setContentsMargins(margin, margin, margin, margin)
        form.setHorizontalSpacing(3 * GRID)
        form.setVerticalSpacing(GRID)
        form.setLabelAlignment(Qt.AlignmentFlag.AlignLeft)
        for name, value in facts:
            text = selectable(value)
            text.setAccessibleName(f"{name}: {value}")
            form.addRow(label(name, quiet=True), text)
            self.rows.append((name, text))


def selectable(text: str) -> QLabel:
    """A label with wrapping plain text that can be selected and copied."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(True)
    made.setTextInteractionFlags(SELECTABLE)
    return made
