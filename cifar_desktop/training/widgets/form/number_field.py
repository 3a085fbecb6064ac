"""Number fields that validate as the user types; used by the training form."""

import re
from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QLineEdit, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import unit
from cifar_desktop.ui.field_row import FieldRow, Place

_WHOLE = re.compile(r"[+-]?\d+")


_DECIMAL = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")


def parse_whole(text: str) -> int | None:
    """An integer; allows spaces as thousands separators, but no points or commas."""
    text = re.sub(r"\s", "", text)
    return int(text) if _WHOLE.fullmatch(text) else None


def parse_decimal(text: str) -> float | None:
    """A decimal number such as 0.5, 0,5 or 5e-1."""
    text = text.strip()
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def written(value: float) -> str:
    """The shortest text that parses to the same number."""
    return str(value) if isinstance(value, int) else repr(value).removesuffix(".0")


def next_digit(value: float, steps: int) -> float:
    """The value with its second digit stepped: 0.24 becomes 0.25, and 2000 becomes 2100."""
    number = Decimal(repr(value))
    for _ in range(abs(steps)):
        size = number.adjusted() - 1
        if steps < 0 and number.normalize().as_tuple().digits == (1,):
            size -= 1
        number += Decimal(1).scaleb(size) * (1 if steps > 0 else -1)
    return float(number)


_LONGEST = 40


class _Edit(QAbstractSpinBox):
    """A line edit with step arrows; accepts any text.

    Signals:
        stepped: Number of steps, from the arrows or the Up and Down keys.
    """

    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.line = QLineEdit()
        self.line.setMaxLength(_LONGEST)
        self.setLineEdit(self.line)
        self.setMinimumWidth(7 * unit())
        self.mark = self.line.addAction(
            icon("error", "error"), QLineEdit.ActionPosition.TrailingPosition
        )
        self.mark.setVisible(False)

    def stepBy(self, steps: int) -> None:  # noqa: N802 (Qt's name)
        """Report the step; the field takes it."""
        self.stepped.emit(steps)

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:  # noqa: N802 (Qt's name)
        """Always both directions; invalid steps are ignored."""
        return self.StepEnabledFlag.StepUpEnabled | self.StepEnabledFlag.StepDownEnabled

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the form instead of changing the value by accident."""
        event.ignore()


class _NumberField(FieldRow):
    """Base of both kinds of number field.

    Signals:
        changed: The text changed; it may be invalid.
    """

    changed = Signal()

    def __init__(
        self,
        label: str,
        check: Callable[[float], str],
        wrong: str,
        extra: QWidget | None,
        helper: str,
    ) -> None:
        self.edit = _Edit()
        super().__init__(label, self.edit, extra, place=Place.COMPACT, helper=helper)
        self._check, self._wrong = check, wrong
        self._problem = self._note = ""
        self.edit.line.textChanged.connect(self._on_text)
        self.edit.stepped.connect(self._step)

    @property
    def problem(self) -> str:
        """The error; empty if the value is valid or the field is disabled."""
        disabled = self.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled)
        return "" if disabled else self._problem

    def show_number(self, value: float) -> None:
        """Show a number."""
        self.edit.line.setText(written(value))
        # Of a number that is too long, the beginning is what matters.
        self.edit.line.setCursorPosition(0)

    def show_note(self, text: str) -> None:
        """Show a hint below, as long as the number is valid."""
        self._note = text
        if not self._problem:
            self.show_hint(text)

    def _number(self) -> float | None:
        raise NotImplementedError

    def _stepped(self, value: float, steps: int) -> float:
        raise NotImplementedError

    @Slot()
    def _on_text(self) -> None:
        number = self._number()
        problem = self._wrong if number is None else self._check(number)
        if problem != self._problem:
            self._problem = problem
            self.show_hint(problem or self._note, "error" if problem else "info")
            self.edit.mark.setVisible(bool(problem))
            self.edit.mark.setToolTip(problem)
            if problem and self.edit.hasFocus():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, problem))
        self.changed.emit()

    @Slot(int)
    def _step(self, steps: int) -> None:
        number = self._number()
        if number is None:
            return
        value = self._stepped(number, steps)
        if not self._check(value):
            self.show_number(value)
            self.edit.selectAll()


class WholeField(_NumberField):
    """A field for an integer.

    Args:
        label: Name of the setting.
        check: Returns the error in a number, or an empty string.
        example: A valid number, for the error message.
        fine: Whether to step by one; otherwise steps grow with the number.
        extra: A button after it.
        helper: Its unit.

    Signals:
        changed: The text changed; it may be invalid.
    """

    def __init__(
        self,
        label: str,
        check: Callable[[float], str],
        *,
        example: int,
        fine: bool = True,
        extra: QWidget | None = None,
        helper: str = "",
    ) -> None:
        wrong = f"Enter a whole number, digits only, such as {example}."
        super().__init__(label, check, wrong, extra, helper)
        self._fine = fine

    def value(self) -> int | None:
        """The number; None while it is invalid."""
        return None if self.problem else self._number()

    def _number(self) -> int | None:
        return parse_whole(self.edit.line.text())

    def _stepped(self, value: float, steps: int) -> int:
        if self._fine or value < 10:
            return round(value) + steps
        return round(next_digit(value, steps))


class DecimalField(_NumberField):
    """A field for a decimal number.

    Args:
        label: Name of the setting.
        check: Returns the error in a number, or an empty string.
        example: A valid number, for the error message.
        step: Step size; None steps the second digit of the number.
        helper: Its unit.

    Signals:
        changed: The text changed; it may be invalid.
    """

    def __init__(
        self,
        label: str,
        check: Callable[[float], str],
        *,
        example: float,
        step: float | None = None,
        helper: str = "",
    ) -> None:
        wrong = f"Enter a number, such as {written(example)} or 1e-3."
        super().__init__(label, check, wrong, None, helper)
        self._size = step

    def value(self) -> float | None:
        """The number; None while it is invalid."""
        return None if self.problem else self._number()

    def _number(self) -> float | None:
        return parse_decimal(self.edit.line.text())

    def _stepped(self, value: float, steps: int) -> float:
        if self._size is None:
            return next_digit(value, steps)
        return round(value + steps * self._size, 9)
