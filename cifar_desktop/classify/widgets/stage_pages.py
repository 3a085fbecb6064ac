"""What the stage shows instead of a picture: a download, or why there is none."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.look.type_scale import Text, label
from cifar_desktop.look.widgets import Page, flat, primary, with_icon
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.icon_label import IconLabel

_ICON = 40


class _StagePage(Page):
    """A column of centered widgets."""

    def __init__(self, icon_name: str, role: str, title: str, *rest: QWidget) -> None:
        super().__init__()
        self.heading = label(title, Text.TITLE)
        self.name = ElidedLabel()
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 8, 16, 8)
        column.setSpacing(12)
        column.addStretch(3)
        column.addLayout(centered_row(IconLabel(icon_name, role, _ICON)))
        for widget in (self.heading, self.name, *rest):
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
                widget.setWordWrap(not isinstance(widget, ElidedLabel))
            column.addWidget(widget)
        column.addStretch(4)


class BusyPage(_StagePage):
    """Progress of a download.

    Signals:
        cancel_requested: Cancel was pressed.
    """

    cancel_requested = Signal()

    def __init__(self) -> None:
        self.amount = label(" ", quiet=True)
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop loading (Esc)")
        super().__init__("link", "quiet", "", self.amount, row_of(self.cancel))
        self.cancel.clicked.connect(self.cancel_requested)

    def begin(self, heading: str, name: str, origin: str) -> None:
        """Show what is loading, with unknown progress."""
        self.heading.setText(heading)
        self.name.show_text(name, origin)
        self.amount.setText(" ")

    def show_progress(self, amount: str) -> None:
        """Show the progress in words."""
        self.amount.setText(amount)


class FailedPage(_StagePage):
    """Replaces a picture that could not be loaded.

    Signals:
        retry_requested: Try the same picture again.
        open_requested: Choose another picture.
        back_requested: Show the previous picture.
        details_requested: Copy the technical details.
    """

    retry_requested = Signal()
    open_requested = Signal()
    back_requested = Signal()
    details_requested = Signal()

    def __init__(self) -> None:
        self.reason = label(quiet=True)
        self.retry = QPushButton("&Try again")
        self.open = primary(QPushButton("Open another &photo…"))
        with_icon(self.open, "open", "on_fill")
        self.back = QPushButton("&Back to the previous picture")
        self.details = flat(QPushButton("Copy &details"))
        buttons = row_of(self.open, self.retry, self.back)
        title, details = "This picture could not be opened", row_of(self.details)
        super().__init__("error", "error", title, self.reason, buttons, details)
        self.retry.clicked.connect(self.retry_requested)
        self.open.clicked.connect(self.open_requested)
        self.back.clicked.connect(self.back_requested)
        self.details.clicked.connect(self.details_requested)

    def show_failure(self, name: str, origin: str, reason: str, *, retry: bool, back: bool) -> None:
        """Name the picture that failed, say why, to screen readers at once, and offer ways on."""
        event = QAccessibleAnnouncementEvent(self, f"{self.heading.text()}. {reason}")
        event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)
        self.name.show_text(name, origin)
        self.reason.setText(reason)
        self.retry.setVisible(retry)
        self.back.setVisible(back)


def centered_row(*widgets: QWidget) -> QHBoxLayout:
    """Widgets in the middle of a row."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(8)
    row.addStretch(1)
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch(1)
    return row


def row_of(*widgets: QWidget) -> QWidget:
    """The same as a widget."""
    holder = QWidget()
    holder.setLayout(centered_row(*widgets))
    return holder
