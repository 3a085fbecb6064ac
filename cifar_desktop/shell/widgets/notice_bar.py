"""The bar that shows notices; the main window fills it."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QStyle, QToolButton, QWidget

from cifar_desktop.ui.style import GRID, blend

_ICONS = {
    "info": QStyle.StandardPixmap.SP_MessageBoxInformation,
    "warning": QStyle.StandardPixmap.SP_MessageBoxWarning,
    "error": QStyle.StandardPixmap.SP_MessageBoxCritical,
}


class NoticeBar(QFrame):
    """A sentence with buttons; hidden while there is no notice.

    Signals:
        acted: The button of the notice was pressed.
        details_requested: Copy the details.
        dismissed: The notice was dismissed.
    """

    acted = Signal()
    details_requested = Signal()
    dismissed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.action = QPushButton()
        self.action.clicked.connect(self.acted)
        self.details = QPushButton("Copy &details")
        self.details.clicked.connect(self._copy)
        self.close_button = QToolButton()
        self.close_button.setAutoRaise(True)
        self.close_button.setIcon(
            self.style().standardIcon(QStyle.StandardPixmap.SP_TitleBarCloseButton)
        )
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.close_button.setAccessibleName("Dismiss this message")
        self.close_button.setToolTip("Dismiss")
        self.close_button.clicked.connect(self.dismissed)
        self._arrange()
        self.hide()

    def show_notice(self, sentence: str, severity: str, *, action: str, details: str) -> None:
        """Show a notice.

        Args:
            sentence: The text.
            severity: `info`, `warning` or `error`.
            action: Label of the button that helps; empty for none.
            details: Technical details to copy; empty for none.
        """
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        size = self.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        self._icon.setPixmap(self.style().standardIcon(_ICONS[severity]).pixmap(size, size))
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.details.setText("Copy &details")
        self.details.setVisible(bool(details))
        self.details.setToolTip(details[:500])
        self.show()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, sentence))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a background that stands out from the window, in light and dark."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), blend(self.palette(), QPalette.ColorRole.WindowText, 0.08))
        accent = self.palette().color(QPalette.ColorRole.Accent)
        painter.fillRect(0, 0, GRID // 2, self.height(), accent)

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._icon)
        layout.addWidget(self.sentence, 1)
        for button in (self.action, self.details, self.close_button):
            layout.addWidget(button)

    @Slot()
    def _copy(self) -> None:
        self.details_requested.emit()
        self.details.setText("Copied")
