"""A column of fields that are validated together; used by the training form."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.field_row import FieldRow
from cifar_desktop.ui.style import GRID


class FieldGroup(QWidget):
    """A column of fields and other widgets.

    Args:
        widgets: Fields and other widgets, from top to bottom.

    Signals:
        changed: A value changed; it may be invalid.
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
        """The first error; empty if all values are valid."""
        numbers = [row for row in self.rows if isinstance(row, WholeField | DecimalField)]
        return next((number.problem for number in numbers if number.problem), "")
