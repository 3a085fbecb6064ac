"""A field of a form: its name, helper text beside the name, its control, and a hint below."""

import html
from enum import Enum

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QWidget

from cifar_desktop.look.type_scale import QUIET, Text, label, set_size, unit
from cifar_desktop.look.widgets import set_invalid
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.hint_label import HintLabel
from cifar_desktop.ui.style import GRID


class Place(Enum):
    """Where the control is: below the name, or beside it, taking all the room or as little as fits.

    Members:
        BELOW: For the few fields that everybody looks at.
        BESIDE: The control takes the room.
        COMPACT: The name takes the room, and controls of several rows have the same width.
    """

    BELOW = "below"
    BESIDE = "beside"
    COMPACT = "compact"


class FieldRow(QWidget):
    """A labeled control.

    Args:
        text: Name of the setting; `&` marks its shortcut.
        control: The input widget.
        extra: A button after it.
        place: Where the control is.
        helper: Helper text at the right of the name, such as a unit.

    Signals: none.
    """

    room = 12
    """Width of the control and what follows it where it is as narrow as can be, in units."""

    def __init__(
        self,
        text: str,
        control: QWidget,
        extra: QWidget | None = None,
        *,
        place: Place = Place.BESIDE,
        helper: str = "",
    ) -> None:
        super().__init__()
        self.label = label(text, Text.STRONG if place is Place.BELOW else Text.BODY)
        self.label.setBuddy(control)
        self.helper = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.helper.setForegroundRole(QUIET)
        self.helper.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_size(self.helper, Text.BODY)
        self.hint = HintLabel()
        control.setAccessibleName(text.replace("&", ""))
        self._control, self._extra, self._explanation = control, extra, ""
        self._arrange(place)
        self.show_helper(helper)

    def show_helper(self, text: str, tooltip: str = "") -> None:
        """Show helper text at the right of the name; the tooltip is for more of it."""
        self.helper.show_text(text, tooltip)
        self._describe()

    def show_hint(self, text: str, kind: str = "info") -> None:
        """Show a sentence below, or none; an error also marks the control."""
        self.hint.show_text(text, kind)
        set_invalid(self._control, invalid=bool(text) and kind == "error")
        self._describe()

    def explain(self, text: str) -> None:
        """Explain the setting in a tooltip; assistive technology reads it after the hint."""
        self._explanation = text
        self.label.setToolTip(tooltip(text))
        self._control.setToolTip(tooltip(text))
        self._describe()

    def indent(self) -> None:
        """Show that the field belongs to the one above."""
        self.label.setIndent(3 * unit())

    def add_below(self, widget: QWidget) -> None:
        """Add a widget between control and hint, such as another way to choose."""
        self._grid.addWidget(widget, 2, 0, 1, 3)

    def show_control(self, *, shown: bool) -> None:
        """Show the control and what follows it, or hide them."""
        self._box.setVisible(shown)

    def _describe(self) -> None:
        more = self.helper.toolTip() or self.helper.text()
        texts = filter(None, (self.hint.text(), more, self._explanation))
        self._control.setAccessibleDescription(" ".join(texts))

    def _arrange(self, place: Place) -> None:
        self._grid = grid = QGridLayout(self)
        self._box = box = QWidget()
        cell = QHBoxLayout(box)
        for layout in (grid, cell):
            layout.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        cell.setSpacing(GRID // 2)
        if place is Place.COMPACT:
            box.setFixedWidth(self.room * unit())
        for widget in filter(None, (self._control, self._extra)):
            cell.addWidget(widget, int(widget is self._control))
        grid.addWidget(self.label, 0, 0)
        grid.addWidget(self.helper, 0, 1, 1, 2 if place is Place.BELOW else 1)
        grid.addWidget(box, *((1, 0, 1, 3) if place is Place.BELOW else (0, 2)))
        grid.addWidget(self.hint, 3, 0, 1, 3)
        grid.setColumnStretch(2 if place is Place.BESIDE else 1, 1)
        self._control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if self._extra is not None:
            QWidget.setTabOrder(self._control, self._extra)


def explain(widget: QWidget, text: str) -> None:
    """Explain a widget in a tooltip and to assistive technology."""
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(text)


def tooltip(text: str) -> str:
    """Text for a tooltip that wraps: Qt wraps rich text only."""
    return f"<qt>{html.escape(text, quote=False)}</qt>" if text else ""


def heading(text: str) -> QLabel:
    """A heading for the rows below it."""
    made = label(text, Text.STRONG)
    made.setContentsMargins(0, GRID, 0, 0)
    return made
