"""The ways to a picture in the header: open a file, or enter an address."""

from PySide6.QtCore import QEvent, QRect, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import outline
from cifar_desktop.look.type_scale import Text, font, unit
from cifar_desktop.look.widgets import icon_button, with_icon
from cifar_desktop.ui.page_header import ALL_WORDS, FEW_WORDS

_KEY = "Ctrl+L"
_PLACEHOLDER = "Address or path"
_NARROWEST, _WIDEST = 30, 35
"""Widths of the field in units."""


class AddressField(QLineEdit):
    """An address field; what it cannot use, such as a pasted photo, goes to the window.

    Signals:
        left: Esc was pressed, or the focus went elsewhere.
    """

    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # Otherwise the field would intercept drops meant for the window.
        self.setAcceptDrops(False)
        self.setPlaceholderText(_PLACEHOLDER)
        self.setToolTip(f"Address of a picture (https://…), or path of a file ({_KEY})")
        self.setAccessibleName("Picture address or file path")
        self.addAction(icon("link", "quiet"), QLineEdit.ActionPosition.LeadingPosition)

    def event(self, event: QEvent) -> bool:
        """Leave copy and paste to the window where they concern its picture."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            paste = event.matches(QKeySequence.StandardKey.Paste) and _clipboard_has_picture()
            copy = event.matches(QKeySequence.StandardKey.Copy) and not self.hasSelectedText()
            if paste or copy:
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave the field on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Leave the field, unless a menu or another window is only in front."""
        super().focusOutEvent(event)
        reasons = Qt.FocusReason
        if event.reason() not in (reasons.PopupFocusReason, reasons.ActiveWindowFocusReason):
            self.left.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the key that leads here, while there is nothing else to read."""
        super().paintEvent(event)
        key = QKeySequence(_KEY).toString(QKeySequence.SequenceFormat.NativeText)
        metrics, found = QFontMetrics(font(Text.CAPTION)), roles(self.palette())
        width, height = metrics.horizontalAdvance(key) + 10, metrics.height() + 2
        wordy = self.fontMetrics().horizontalAdvance(_PLACEHOLDER) + width + 7 * unit()
        if self.text() or self.hasFocus() or wordy > self.width():
            return
        place = QRect(self.width() - width - 10, (self.height() - height) // 2, width, height)
        painter = QPainter(self)
        outline(painter, place, found.line, radius=4)
        painter.setFont(font(Text.CAPTION))
        painter.setPen(found.quiet)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, key)


class AddressBar(QWidget):
    """Open button and address field; where there is little room, a button that opens the field.

    Signals:
        open_requested: Choose a file.
        entered: Text of the field, to be loaded.
        cancel_requested: Stop loading.
        expanded: The field now takes, or leaves, the whole header of a narrow window.
        closed: The field no longer takes it; the focus belongs to the page.
    """

    open_requested = Signal()
    entered = Signal(str)
    cancel_requested = Signal()
    expanded = Signal()
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._narrow = False
        self.open = QPushButton("&Open…")
        with_icon(self.open, "open").clicked.connect(self.open_requested)
        self.open.setToolTip("Open a picture file (Ctrl+O)")
        self.open.setAccessibleName("Open a picture file")
        self.link = icon_button("link", "Enter an address", f"Enter an address or path ({_KEY})")
        self.link.clicked.connect(self.focus_field)
        self.field = AddressField()
        self.field.returnPressed.connect(self._enter)
        self.field.textChanged.connect(self._show_actions)
        self.field.left.connect(self._leave)
        trailing = QLineEdit.ActionPosition.TrailingPosition
        self.show_action = self.field.addAction(icon("arrow", "text"), trailing)
        self.show_action.setText("Show")
        self.show_action.setToolTip("Load the picture at this address (Enter)")
        self.show_action.triggered.connect(self._enter)
        self.cancel = self.field.addAction(icon("close", "text"), trailing)
        self.cancel.setText("Cancel")
        self.cancel.setToolTip("Stop loading (Esc)")
        self.cancel.triggered.connect(self.cancel_requested)
        self.set_busy(busy=False)
        self._arrange()

    @property
    def takes_header(self) -> bool:
        """Whether the field takes the whole header of a narrow window."""
        return self._narrow and not self.field.isHidden()

    def set_busy(self, *, busy: bool) -> None:
        """Offer Cancel while a picture loads."""
        self.cancel.setVisible(busy)
        self._show_actions()

    def focus_field(self) -> None:
        """Focus the address field, after showing it in a narrow window."""
        if self._narrow:
            self._show_parts(field=True)
            self.expanded.emit()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def fit(self, width: int) -> None:
        """Show as many words as there is room for in a window of this width."""
        self._narrow = width < ALL_WORDS
        self.field.setMinimumWidth(_NARROWEST * unit())
        self.open.setText("&Open…" if width >= FEW_WORDS else "")
        self._show_parts(field=not self._narrow)
        self.expanded.emit()

    def _arrange(self) -> None:
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for widget in (self.open, self.link, self.field):
            layout.addWidget(widget)
        self._show_parts(field=True)

    def _show_parts(self, *, field: bool) -> None:
        """Show the field, the buttons, or in a wide window both but for the second button."""
        self.field.setVisible(field)
        self.field.setMaximumWidth(16_777_215 if self._narrow else _WIDEST * unit())
        self.open.setVisible(not (self._narrow and field))
        self.link.setVisible(not field)

    @Slot()
    def _leave(self) -> None:
        if self.takes_header:
            focused = self.field.hasFocus()
            self._show_parts(field=False)
            self.expanded.emit()
            if focused:
                self.closed.emit()

    @Slot()
    def _enter(self) -> None:
        if text := self.field.text().strip():
            self._leave()
            self.entered.emit(text)

    @Slot()
    def _show_actions(self) -> None:
        self.show_action.setVisible(bool(self.field.text().strip()) and not self.cancel.isVisible())


def _clipboard_has_picture() -> bool:
    mime = QGuiApplication.clipboard().mimeData()
    return mime is not None and (mime.hasImage() or any(url.isLocalFile() for url in mime.urls()))
