"""The row above the picture: open a file or enter an address; cancel while it loads."""

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QWidget

from cifar_desktop.ui.style import GRID


class AddressField(QLineEdit):
    """An address field; what it cannot use, such as a pasted photo, goes to the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Otherwise the field would intercept drops meant for the window.
        self.setAcceptDrops(False)
        self.setPlaceholderText("Picture address (https://…) or file path")
        self.setClearButtonEnabled(True)
        self.setAccessibleName("Picture address or file path")

    def event(self, event: QEvent) -> bool:
        """Leave copy and paste to the window where they concern its picture."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            paste = event.matches(QKeySequence.StandardKey.Paste) and _clipboard_has_picture()
            copy = event.matches(QKeySequence.StandardKey.Copy) and not self.hasSelectedText()
            if paste or copy:
                event.ignore()
                return False
        return super().event(event)


class AddressBar(QWidget):
    """Open button, address field, and a Show or Cancel button.

    Signals:
        open_requested: Choose a file.
        entered: Text of the field, to be loaded.
        cancel_requested: Stop loading.
    """

    open_requested = Signal()
    entered = Signal(str)
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.open = QPushButton("&Open…")
        self.open.setToolTip("Open a picture file")
        self.open.setAccessibleName("Open a picture file")
        self.open.clicked.connect(self.open_requested)
        self.field = AddressField()
        self.field.returnPressed.connect(self._enter)
        self.show_button = QPushButton("&Show")
        self.show_button.setToolTip("Load the picture at this address")
        self.show_button.clicked.connect(self._enter)
        self.cancel = QPushButton("&Cancel")
        self.cancel.setToolTip("Stop loading (Esc)")
        self.cancel.clicked.connect(self.cancel_requested)
        self._end = QStackedWidget()
        self._end.addWidget(self.show_button)
        self._end.addWidget(self.cancel)
        self._end.setSizePolicy(self.show_button.sizePolicy())
        self.field.textChanged.connect(self._update_button)
        self._update_button("")
        self._arrange()

    def set_busy(self, *, busy: bool) -> None:
        """Offer Cancel while a picture loads."""
        focused = self.show_button.hasFocus() or self.cancel.hasFocus()
        self._end.setCurrentWidget(self.cancel if busy else self.show_button)
        if focused:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_field(self) -> None:
        """Focus the address field."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.open)
        layout.addWidget(self.field, 1)
        layout.addWidget(self._end)

    @Slot()
    def _enter(self) -> None:
        if self.field.text().strip():
            self.entered.emit(self.field.text())

    @Slot(str)
    def _update_button(self, text: str) -> None:
        self.show_button.setEnabled(bool(text.strip()))


def _clipboard_has_picture() -> bool:
    mime = QGuiApplication.clipboard().mimeData()
    return mime is not None and (mime.hasImage() or any(url.isLocalFile() for url in mime.urls()))
