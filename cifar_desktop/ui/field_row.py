"""One row of a form: a label, its control, and a hint below; base of number and choice fields."""

import html
from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from cifar_desktop.ui.style import GRID, quiet, scaled_font


class FieldRow(QWidget):
    """A labeled control.

    Args:
        label: Name of the setting; `&` marks its shortcut.
        control: The input widget.
        extra: A unit or button after it.

    Signals: none.
    """

    def __init__(self, label: str, control: QWidget, extra: QWidget | None = None) -> None:
        super().__init__()
        self.label = QLabel(label)
        self.label.setBuddy(control)
        self.hint = QLabel()
        self.hint.setTextFormat(Qt.TextFormat.PlainText)
        self.hint.setWordWrap(True)
        self.hint.hide()
        control.setAccessibleName(label.replace("&", ""))
        self._control, self._extra, self._explanation = control, extra, ""
        self._arrange()

    def show_hint(self, text: str, *, faint: bool = True) -> None:
        """Show a hint below, or none; a faint one explains, any other warns."""
        role = QPalette.ColorRole.PlaceholderText if faint else QPalette.ColorRole.WindowText
        self.hint.setForegroundRole(role)
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self._describe()

    def explain(self, text: str) -> None:
        """Explain the setting in a tooltip; assistive technology reads it after the hint."""
        self._explanation = text
        self.label.setToolTip(tooltip(text))
        self._control.setToolTip(tooltip(text))
        self._describe()

    def indent(self) -> None:
        """Show that the field belongs to the one above."""
        self.label.setIndent(3 * GRID)

    def align(self, label: int, extra: int) -> None:
        """Set the minimum widths of label and extra."""
        self.label.setMinimumWidth(label)
        if self._extra is not None:
            self._extra.setMinimumWidth(extra)

    @property
    def widths(self) -> tuple[int, int]:
        """The widths that label and extra need."""
        extra = self._extra.sizeHint().width() if self._extra else 0
        return self.label.minimumSizeHint().width(), extra

    def _describe(self) -> None:
        texts = filter(None, (self.hint.text(), self._explanation))
        self._control.setAccessibleDescription(" ".join(texts))

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
        layout.addWidget(self.hint, 1, 0, 1, 3)
        layout.setColumnStretch(1, 1)
        control.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)


def align(rows: Sequence[FieldRow]) -> None:
    """Align the controls of these rows, whatever the font."""
    labels, extras = zip(*(row.widths for row in rows), strict=True)
    for row in rows:
        row.align(max(labels), max(extras))


def explain(widget: QWidget, text: str) -> None:
    """Explain a widget in a tooltip and to assistive technology."""
    widget.setToolTip(tooltip(text))
    widget.setAccessibleDescription(text)


def tooltip(text: str) -> str:
    """Text for a tooltip that wraps: Qt wraps rich text only."""
    return f"<qt>{html.escape(text, quote=False)}</qt>" if text else ""


def heading(text: str) -> QLabel:
    """A heading for the rows below it."""
    label = QLabel(text)
    label.setFont(scaled_font(label, 1.0, QFont.Weight.DemiBold))
    label.setContentsMargins(0, GRID, 0, 0)
    return label


def unit(text: str) -> QLabel:
    """A unit, to follow its number field."""
    label = quiet(text)
    label.setWordWrap(False)
    return label
