"""A heading that expands and collapses the content below, with a digest of it at the right."""

from PySide6.QtCore import QEasingCurve, QSize, Qt, QVariantAnimation, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStyle, QToolButton, QVBoxLayout, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.states import DISCLOSURE
from cifar_desktop.look.type_scale import QUIET, Text, set_size
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.field_row import explain

_MILLISECONDS = 140
_ICON = 14
_UNLIMITED = 16_777_215
"""Qt's QWIDGETSIZE_MAX."""


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
        self.button.setProperty(DISCLOSURE, True)  # noqa: FBT003 (Qt's signature)
        self.button.setIconSize(QSize(_ICON, _ICON))
        explain(self.button, explanation)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.toggled.connect(self._on_toggled)
        self.digest = ElidedLabel(mode=Qt.TextElideMode.ElideRight)
        self.digest.setForegroundRole(QUIET)
        self.digest.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        set_size(self.digest, Text.CAPTION)
        self._motion = QVariantAnimation(self, startValue=0)
        self._motion.setDuration(_MILLISECONDS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.valueChanged.connect(content.setMaximumHeight)
        self._motion.finished.connect(lambda: content.setMaximumHeight(_UNLIMITED))
        self._arrange()
        self.mark("")
        self._on_toggled(False)  # noqa: FBT003 (as Qt's signal has it)

    def mark(self, hint: str) -> None:
        """Append a hint to the heading, such as an error in the content."""
        text = self._title.replace("&", "")
        self.button.setText(f"{self._title}: {hint}" if hint else self._title)
        self.button.setAccessibleName(f"{text}: {hint}" if hint else text)

    def show_digest(self, text: str) -> None:
        """Show the most important part of the content at the right of the heading."""
        self.digest.show_text(text)

    def _arrange(self) -> None:
        heading = QHBoxLayout()
        heading.setSpacing(8)
        heading.addWidget(self.button)
        heading.addWidget(self.digest, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addLayout(heading)
        layout.addWidget(self._content)

    @Slot(bool)
    def _on_toggled(self, opened: bool) -> None:  # noqa: FBT001 (Qt's signal)
        self.button.setIcon(icon("chev" if opened else "chevR", "quiet"))
        self._motion.stop()
        self._content.setMaximumHeight(_UNLIMITED)
        self._content.setVisible(opened)
        if opened and self.isVisible() and self._may_move():
            width = self._content.width()
            height = self._content.heightForWidth(width) if width else -1
            self._motion.setEndValue(max(height, self._content.sizeHint().height()))
            self._motion.start()
        self.toggled.emit(opened)

    def _may_move(self) -> bool:
        hint = QStyle.StyleHint.SH_Widget_Animation_Duration
        return self.style().styleHint(hint, None, self) > 0
