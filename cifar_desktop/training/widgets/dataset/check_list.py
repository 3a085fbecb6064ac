"""The results of dataset checks, each a sentence with an optional list."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QPlainTextEdit,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import QUIET
from cifar_desktop.look.widgets import IconLabel
from cifar_desktop.ui.facts_form import selectable
from cifar_desktop.ui.style import GRID

_ICONS = {"info": "info", "warning": "warning", "good": "success"}
"""Icons, which are roles too."""
_MOST_LINES = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckResult:
    """The result of a dataset check.

    Attributes:
        severity: `warning`, `info`, or `good`.
        sentence: The result in words.
        items: The classes or files concerned; may be empty.
        more: Number of further ones beyond `items`.
    """

    severity: str
    sentence: str
    items: tuple[str, ...] = ()
    more: int = 0

    @property
    def lines(self) -> list[str]:
        """The items, and the number of further ones."""
        return [*self.items, *([f"and {self.more:,} more"] if self.more else [])]


class CheckList(QScrollArea):
    """As high as its rows where there is room; otherwise it scrolls.

    Signals: none.
    """

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[CheckRow] = []
        self._content = QWidget()
        self._layout = QVBoxLayout(self._content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        self.setWidget(self._content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Dataset checks")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Maximum)
        # A scroll area paints a ground of its own otherwise.
        self.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)

    def show_results(self, results: Sequence[CheckResult]) -> None:
        """Show these results; rows that were expanded before stay expanded."""
        expanded = {row.result for row in self.rows if row.more.isChecked()}
        for row in self.rows:
            self._layout.removeWidget(row)
            row.hide()
            row.deleteLater()
        self.rows = [CheckRow(result) for result in results]
        for row in self.rows:
            self._layout.addWidget(row)
            row.more.setChecked(row.result in expanded)
            row.toggled.connect(self._on_toggled)
        self.setVisible(bool(self.rows))
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Height of the rows at this width."""
        width = max(self.viewport().width(), GRID)
        return QSize(0, self._layout.heightForWidth(width) if self.rows else 0)

    def minimumSizeHint(self) -> QSize:
        """One line."""
        return QSize(0, min(self.sizeHint().height(), self.fontMetrics().height() + GRID))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Adapt to the height of the rows at the new width."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self.updateGeometry()

    @Slot()
    def _on_toggled(self) -> None:
        self._layout.activate()
        self.updateGeometry()


class CheckRow(QWidget):
    """An icon, a sentence and an optional list that expands.

    Args:
        result: The result to show.

    Signals:
        toggled: The list was expanded or collapsed.
    """

    toggled = Signal()

    def __init__(self, result: CheckResult) -> None:
        super().__init__()
        self.result = result
        name = _ICONS[result.severity]
        self.icon, self.sentence = IconLabel(name, name, 16), selectable(result.sentence)
        self.more, self.list = QToolButton(), QPlainTextEdit()
        self.icon.setAccessibleName(result.severity.capitalize())
        if result.severity == "good":
            self.sentence.setForegroundRole(QUIET)
        self._arrange()
        self._fill_list()

    def _fill_list(self) -> None:
        self.more.setText("List")
        self.more.setAccessibleName(f"List: {self.result.sentence}")
        self.more.setToolTip("Show the list, which can be copied")
        self.more.setCheckable(True)
        self.more.setAutoRaise(True)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.more.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.more.setIcon(icon("chevR"))
        self.more.setVisible(bool(self.result.items))
        self.more.toggled.connect(self._on_toggled)
        lines = self.result.lines
        self.list.setPlainText("\n".join(lines))
        self.list.setReadOnly(True)
        self.list.setTabChangesFocus(True)
        self.list.setAccessibleName(self.result.sentence)
        self.list.setFixedHeight(_height(self.list.fontMetrics(), len(lines)))
        self.list.hide()
        # The button is beside the first line, however many follow.
        line = self.fontMetrics().height() + GRID // 2
        self.more.setFixedHeight(line)
        self.sentence.setMinimumHeight(line)

    def _arrange(self) -> None:
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(GRID)
        layout.setVerticalSpacing(GRID // 2)
        layout.addWidget(self.icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.sentence, 0, 1)
        layout.addWidget(self.more, 0, 2, Qt.AlignmentFlag.AlignTop)
        layout.addWidget(self.list, 1, 1, 1, 2)
        layout.setColumnStretch(1, 1)

    @Slot(bool)
    def _on_toggled(self, opened: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self.more.setIcon(icon("chev" if opened else "chevR"))
        self.list.setVisible(opened)
        self.toggled.emit()


def _height(metrics: QFontMetrics, lines: int) -> int:
    """Height for all lines, or as many as leave room for the images."""
    return min(lines, _MOST_LINES) * metrics.lineSpacing() + 2 * GRID
