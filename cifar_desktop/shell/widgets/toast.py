"""A notice as the window shows it: over the page, with its buttons."""

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QColor,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QWidget,
)

from cifar_desktop.look.icons import role_color, tinted
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import CARD_RADIUS, fill, outline
from cifar_desktop.look.type_scale import unit
from cifar_desktop.look.widgets import flat, icon_button, small

SHADOW = 8
"""Pixels around the visible part that its shadow takes."""
_PADDING, _GAP = 14, 12
_LINES = 2
"""Lines of text beside the buttons; where there are more, the buttons go below."""
_STAY_MS, _STAY_WITH_BUTTON_MS = 6_000, 12_000


class Toast(QFrame):
    """A sentence with an icon and buttons on a rounded surface.

    Attributes:
        sentence: Its text.
        action: The button that helps.
        details: The button that copies the details.
        close_button: The button that closes it.

    Signals:
        acted: Its own button was pressed.
        details_requested: Copy the details.
        dismissed: The user closes it.
        expired: It was in sight long enough to be read.
    """

    acted = Signal()
    details_requested = Signal()
    dismissed = Signal()
    expired = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._kind = "info"
        self._icon = QLabel()
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.action, self.details = QPushButton(), flat(QPushButton("Copy &details"))
        self.close_button = icon_button("close", "Dismiss this message", "Dismiss (Esc)")
        self.close_button.setIconSize(QSize(16, 16))
        self.close_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._timer = QTimer(self, singleShot=True)
        self._arrange()
        self.action.clicked.connect(self.acted)
        self.details.clicked.connect(self._copy)
        self.close_button.clicked.connect(self.dismissed)
        self._timer.timeout.connect(self._on_timeout)

    def show_notice(
        self, sentence: str, kind: str, *, action: str, details: str, passing: bool
    ) -> None:
        """Show a notice.

        Args:
            sentence: The text.
            kind: `info`, `success`, `warning` or `error`.
            action: Label of the button that helps; empty for none.
            details: Technical details to copy; empty for none.
            passing: Whether it expires.
        """
        news = sentence != self.sentence.text()
        self._kind = kind
        self.sentence.setText(sentence)
        self.setAccessibleName(sentence)
        self.action.setText(action)
        self.action.setVisible(bool(action))
        self.details.setText("Copy &details")
        self.details.setVisible(bool(details))
        self.details.setToolTip(details[:500])
        self._buttons.setVisible(bool(action or details))
        self._show_icon()
        self._timer.stop()
        if passing:
            self._timer.start(_STAY_WITH_BUTTON_MS if action else _STAY_MS)
        if news:
            self._announce()

    def size_within(self, most: int) -> QSize:
        """The size that its content takes, shadow included.

        Args:
            most: The largest width in pixels.
        """
        beside = self._width_beside()
        lines = self._text_height(most - beside) // self.fontMetrics().lineSpacing()
        below = lines > _LINES and not self._buttons.isHidden()
        self._put_buttons(below=below)
        text = self.fontMetrics().horizontalAdvance(self.sentence.text()) + 2
        width = most if below else min(text + beside, most)
        return QSize(width, self.layout().totalHeightForWidth(width))  # type: ignore[union-attr]

    def event(self, event: QEvent) -> bool:
        """Keep Esc from the shortcuts of the window."""
        kind = QEvent.Type.ShortcutOverride
        if (
            event.type() == kind
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Close on Esc."""
        if event.key() == Qt.Key.Key_Escape:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._show_icon()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the surface and its shadow."""
        painter, body = (
            QPainter(self),
            QRectF(self.rect()).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW),
        )
        shade = QColor(0, 0, 0)
        shade.setAlphaF(0.05)
        for spread in (1, 3, 6):
            around = body.adjusted(-spread, 2 - spread, spread, 2 + spread)
            fill(painter, around, shade, CARD_RADIUS + spread)
        kind = roles(self.palette()).kind(self._kind)
        outline(painter, body, kind.rim, ground=kind.ground, radius=CARD_RADIUS)

    def _arrange(self) -> None:
        self._buttons = QWidget()
        buttons = QHBoxLayout(self._buttons)
        buttons.setContentsMargins(0, 0, 0, 0)
        buttons.setSpacing(4)
        for button in (self.action, self.details):
            buttons.addWidget(small(button))
        buttons.addStretch(1)
        self._grid = QGridLayout(self)
        side, high = SHADOW + _PADDING, SHADOW + 10
        self._grid.setContentsMargins(side, high, SHADOW + 10, high)
        self._grid.setHorizontalSpacing(_GAP)
        self._grid.setVerticalSpacing(8)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._icon, 0, 0)
        self._grid.addWidget(self.sentence, 0, 1)
        self._grid.addWidget(small(self.close_button), 0, 3)
        self._put_buttons(below=False)

    def _put_buttons(self, *, below: bool) -> None:
        top = Qt.AlignmentFlag.AlignTop if below else Qt.AlignmentFlag.AlignVCenter
        self._grid.setAlignment(self._icon, top)
        self._grid.setAlignment(self.close_button, top)
        self._grid.addWidget(self._buttons, *((1, 1) if below else (0, 2)))

    def _width_beside(self) -> int:
        """Width of all but the text."""
        margins = self._grid.contentsMargins()
        shown = [self._icon, self.close_button]
        shown += [] if self._buttons.isHidden() else [self._buttons]
        widths = (each.sizeHint().width() + _GAP for each in shown)
        return margins.left() + margins.right() + sum(widths)

    def _text_height(self, width: int) -> int:
        room = self.fontMetrics().boundingRect(
            0, 0, max(width, 1), 10_000, Qt.TextFlag.TextWordWrap, self.sentence.text()
        )
        return room.height()

    def _show_icon(self) -> None:
        side = 2 * unit() + 2
        color = role_color(roles(self.palette()), self._kind)
        self._icon.setPixmap(tinted(self._kind, color, side, self.devicePixelRatioF()))

    def _announce(self) -> None:
        event = QAccessibleAnnouncementEvent(self, self.sentence.text())
        if self._kind == "error":
            event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
        QAccessible.updateAccessibility(event)

    @Slot()
    def _on_timeout(self) -> None:
        focus = QApplication.focusWidget()
        used = self.underMouse() or (focus is not None and self.isAncestorOf(focus))
        if used or not self.window().isActiveWindow():
            self._timer.start()
        else:
            self.expired.emit()

    @Slot()
    def _copy(self) -> None:
        self.details_requested.emit()
        self.details.setText("Copied")
