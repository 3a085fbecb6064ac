"""The times that a run may take, a row each with what the time buys; part of the training form."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QMenu,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOptionButton,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill, outline
from cifar_desktop.look.type_scale import Text, font, unit
from cifar_desktop.look.widgets import flat, small
from cifar_desktop.ui.choice_field import Choice
from cifar_desktop.ui.field_row import explain

_MARK = 16
_MOST = 6


class TimeRows(QWidget):
    """Radio buttons with words at both ends, and a menu of what is not among them.

    Signals:
        chosen: Key of the row that the user chose.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._explanation = ""
        self._choices: Sequence[Choice] = ()
        # Made once and used again, so that the order of the keyboard stays.
        self._pool = [TimeRow() for _ in range(_MOST)]
        self.more = QPushButton("Other times")
        self.more.setMenu(QMenu(self))
        explain(small(flat(self.more)), "Choose a shorter or longer time")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for place, row in enumerate(self._pool):
            column.addWidget(row)
            row.clicked.connect(lambda _=False, place=place: self._choose(place))
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def rows(self) -> dict[str, "TimeRow"]:
        """The visible rows by key."""
        keys = (each.key for each in self._choices)
        return dict(zip(keys, self._pool, strict=False))

    @property
    def order(self) -> list[QWidget]:
        """Its controls in the order of the keyboard."""
        return [*self._pool, self.more]

    def show_choices(self, choices: Sequence[Choice], key: str, others: Sequence[Choice]) -> None:
        """Show at most six of these, with one chosen, and others in the menu."""
        self._choices = choices[:_MOST]
        for place, row in enumerate(self._pool):
            row.setVisible(place < len(self._choices))
        for choice in self._choices:
            self.rows[choice.key].show_choice(choice, self._explanation)
            self.rows[choice.key].setChecked(choice.key == key)
        self.more.setVisible(bool(others))
        self.more.menu().clear()
        for choice in others:
            action = self.more.menu().addAction(choice.words.replace("&", "&&"))
            action.triggered.connect(lambda _=False, key=choice.key: self.chosen.emit(key))

    def explain(self, text: str) -> None:
        """Explain the setting in the tooltip of each row that has none of its own."""
        self._explanation = text
        for row in self._pool:
            explain(row, text)
        for choice in self._choices:
            self.rows[choice.key].show_choice(choice, text)

    def _choose(self, place: int) -> None:
        self.chosen.emit(self._choices[place].key)


class TimeRow(QRadioButton):
    """A time at the left, what it buys at the right; the chosen one on a tint."""

    def __init__(self) -> None:
        super().__init__()
        self._choice = Choice(key="", text="")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def show_choice(self, choice: Choice, explanation: str) -> None:
        """Show a choice."""
        self._choice = choice
        self.setText(choice.text)
        self.setAccessibleName(", ".join(filter(None, (choice.text, choice.helper))))
        explain(self, choice.tooltip or explanation)
        self.update()

    def sizeHint(self) -> QSize:
        """One line."""
        return QSize(20 * unit(), 4 * unit() - unit() // 4)

    def hitButton(self, position: QPoint) -> bool:  # noqa: N802 (Qt's name)
        """The whole row can be clicked."""
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the row."""
        painter, found = QPainter(self), roles(self.palette())
        if self.isChecked():
            fill(painter, self.rect(), found.tint)
        elif self.underMouse() and self.isEnabled():
            fill(painter, self.rect(), found.row_hover)
        option = QStyleOptionButton()
        self.initStyleOption(option)
        self._paint_content(painter, option)
        if option.state & QStyle.StateFlag.State_KeyboardFocusChange and self.hasFocus():
            outline(painter, self.rect(), found.mark, width=2)

    def _paint_content(self, painter: QPainter, option: QStyleOptionButton) -> None:
        found, inset = roles(self.palette()), unit()
        option.rect = QRect(inset, (self.height() - _MARK) // 2, _MARK, _MARK)
        self.style().drawPrimitive(
            QStyle.PrimitiveElement.PE_IndicatorRadioButton, option, painter, self
        )
        words = self.rect().adjusted(inset + _MARK + 10, 0, -inset, 0)
        painter.setFont(font(Text.STRONG if self.isChecked() else Text.BODY))
        vertical = Qt.AlignmentFlag.AlignVCenter
        painter.setPen(found.text)
        painter.drawText(words, vertical | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.setPen(found.text if self.isChecked() else found.quiet)
        painter.drawText(words, vertical | Qt.AlignmentFlag.AlignRight, self._choice.helper)
