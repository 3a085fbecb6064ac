"""Fields below each other that are right or wrong together; used by the form."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.field_row import FieldRow
from cifar_desktop.ui.style import GRID


class FieldGroup(QWidget):
    """A column of fields and whatever else stands between them.

    Args:
        widgets: From top to bottom.

    Signals:
        changed: A value changed, to right or wrong.
    """

    changed = Signal()

    def __init__(self, widgets: Sequence[QWidget]) -> None:
        super().__init__()
        self.rows = [each for each in widgets if isinstance(each, FieldRow)]
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for widget in widgets:
            layout.addWidget(widget)
        for row in self.rows:
            if isinstance(row, ChoiceField):
                row.chosen.connect(self.changed)
            elif isinstance(row, WholeField | DecimalField):
                row.changed.connect(self.changed)

    @property
    def problem(self) -> str:
        """What is wrong, as a sentence; empty if nothing is."""
        numbers = [row for row in self.rows if isinstance(row, WholeField | DecimalField)]
        return next((number.problem for number in numbers if number.problem), "")
