"""What the style changes at a widget when it is made, and the underlined letters of shortcuts."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QHeaderView,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QToolTip,
    QWidget,
)

from cifar_desktop.look.menus import masked
from cifar_desktop.look.states import PRIMARY, marked

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TEXTS = (QTextEdit, QPlainTextEdit)
_TIP, _COMBO_LIST = "QTipLabel", "QComboBoxPrivateContainer"
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_POPUPS = (Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen)


def polish_widget(widget: QWidget) -> None:
    """Prepare a widget for this style."""
    if isinstance(widget, QPushButton):
        _make_medium(widget)
    elif isinstance(widget, QHeaderView):
        if widget.defaultAlignment() == Qt.AlignmentFlag.AlignCenter:
            widget.setDefaultAlignment(_LEFT)
    elif isinstance(widget, QAbstractItemView):
        widget.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        _clear_ground(widget)
    elif isinstance(widget, _TEXTS):
        _clear_ground(widget)
    elif widget.isWindow():
        _polish_window(widget)


def _make_medium(button: QPushButton) -> None:
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold if marked(button, PRIMARY) else QFont.Weight.Medium)
    button.setFont(font)


def _clear_ground(area: QAbstractScrollArea) -> None:
    """Let the frame paint the ground, as its corners are round."""
    area.viewport().setAutoFillBackground(False)


def _polish_window(window: QWidget) -> None:
    if window.inherits(_TIP):
        window.setPalette(QToolTip.palette())
    if (isinstance(window, QMenu) or window.inherits(_TIP) or window.inherits(_COMBO_LIST)) and (
        not masked()
    ):
        window.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)


class AltKey(QObject):
    """Watches windows, not the whole program, as a filter sees every event.

    Attributes:
        held: Whether the key is held.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.held = False

    def watch(self, widget: QWidget) -> None:
        """Watch a widget if it is a window."""
        if widget.isWindow() and widget.windowType() not in _POPUPS:
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See the key, and the window that loses it."""
        kind = event.type()
        if kind in _KEYS and event.key() == Qt.Key.Key_Alt:  # type: ignore[attr-defined]
            self._set(watched, held=kind == QEvent.Type.KeyPress)
        elif kind == QEvent.Type.WindowDeactivate:
            self._set(watched, held=False)
        return False

    def _set(self, window: QObject, *, held: bool) -> None:
        if held != self.held and isinstance(window, QWidget):
            self.held = held
            window.update()
