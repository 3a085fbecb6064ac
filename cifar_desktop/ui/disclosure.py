"""A heading that expands and collapses the content below."""

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.type_scale import QUIET, Text, set_size, unit
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.field_row import explain


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
        self.button.setIconSize(QSize(16, 16))
        set_size(self.button, Text.STRONG)
        explain(self.button, explanation)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._on_toggled)
        self.digest = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.digest.setForegroundRole(QUIET)
        set_size(self.digest, Text.CAPTION)
        self.digest.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._arrange()
        self.mark("")
        self._on_toggled(False)  # noqa: FBT003 (as Qt's signal has it)

    def mark(self, hint: str) -> None:
        """Append a hint to the heading, such as an error in the content."""
        text = self._title.replace("&", "")
        self.button.setText(f"{self._title}: {hint}" if hint else self._title)
        self.button.setAccessibleName(f"{text}: {hint}" if hint else text)

    def show_digest(self, text: str) -> None:
        """Show at the right of the heading what is in the content, in a few words."""
        self.digest.show_text(text)

    def _arrange(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(unit())
        top.addWidget(self.button)
        top.addWidget(self.digest, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(unit())
        layout.addLayout(top)
        layout.addWidget(self._content)

    @Slot(bool)
    def _on_toggled(self, opened: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self.button.setIcon(icon("chev" if opened else "chevR"))
        self._content.setVisible(opened)
        self.toggled.emit(opened)
