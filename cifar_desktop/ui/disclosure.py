"""A heading that expands and collapses the content below."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from cifar_desktop.ui.field_row import explain
from cifar_desktop.ui.style import GRID


class Disclosure(QWidget):
    """Content that is visible only while expanded.

    Args:
        title: Heading.
        content: Widget below the heading.
        explanation: Tooltip of the heading.

    Signals:
        toggled: Whether it is expanded now.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, content: QWidget, explanation: str) -> None:
        super().__init__()
        self._title, self._content = title, content
        self.button = QToolButton()
        self.button.setCheckable(True)
        self.button.setAutoRaise(True)
        explain(self.button, explanation)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._on_toggled)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(content)
        self.mark("")
        self._on_toggled(False)  # noqa: FBT003 (as Qt's signal has it)

    def mark(self, hint: str) -> None:
        """Append a hint to the heading, such as an error in the content."""
        text = self._title.replace("&", "")
        self.button.setText(f"{self._title}: {hint}" if hint else self._title)
        self.button.setAccessibleName(f"{text}: {hint}" if hint else text)

    @Slot(bool)
    def _on_toggled(self, opened: bool) -> None:  # noqa: FBT001 (Qt's signal)
        arrow = Qt.ArrowType.DownArrow if opened else Qt.ArrowType.RightArrow
        self.button.setArrowType(arrow)
        self._content.setVisible(opened)
        self.toggled.emit(opened)
