"""What the style changes at a widget when it is made, and the underlined letters of shortcuts."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QApplication,
    QFormLayout,
    QGridLayout,
    QHeaderView,
    QLabel,
    QLayout,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QTextEdit,
    QWidget,
)

from cifar_desktop.look.menus import masked
from cifar_desktop.look.states import PRIMARY, marked
from cifar_desktop.look.type_scale import Text, set_size, unit

_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_TEXTS = (QTextEdit, QPlainTextEdit)
_TWO_WAYS = (QGridLayout, QFormLayout)
_DEFAULT_UNIT = 8
_GROWN = "grownFrom"
_QUESTION = "qt_msgbox_label"
_TIP, _COMBO_LIST = "QTipLabel", "QComboBoxPrivateContainer"
_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
_POPUPS = (Qt.WindowType.ToolTip, Qt.WindowType.SplashScreen)


def polish_widget(widget: QWidget) -> None:
    """Prepare a widget for this style."""
    if unit() != _DEFAULT_UNIT:
        grow_layouts(widget)
    if isinstance(widget, QPushButton):
        _make_medium(widget)
    elif isinstance(widget, QHeaderView):
        if widget.defaultAlignment() == Qt.AlignmentFlag.AlignCenter:
            widget.setDefaultAlignment(_LEFT)
    elif isinstance(widget, QAbstractItemView):
        widget.viewport().setAttribute(Qt.WidgetAttribute.WA_Hover)
        _clear_ground(widget)
    elif isinstance(widget, QLabel) and widget.objectName() == _QUESTION:
        set_size(widget, Text.HEADING)
    elif isinstance(widget, _TEXTS):
        _clear_ground(widget)
    elif widget.isWindow():
        _polish_window(widget)


def grow_layouts(widget: QWidget) -> None:
    """Set the margins and spacings of a widget's layouts for the text size of the moment.

    What a layout has before is for the default text size. It is remembered, so that this can be
    done again; values that the program has set since then count as new ones.
    """
    whole = widget.layout()
    if whole is not None:
        for layout in (whole, *whole.findChildren(QLayout)):
            _grow(layout)


def _grow(layout: QLayout) -> None:
    now, known = _spaces(layout), layout.property(_GROWN)
    if known is None and unit() == _DEFAULT_UNIT:
        return
    usual, shown = known or (now, None)
    if now != shown:
        usual = now
    grown = [round(each * unit() / _DEFAULT_UNIT) for each in usual]
    layout.setProperty(_GROWN, (usual, grown))
    layout.setContentsMargins(*grown[:4])
    if isinstance(layout, _TWO_WAYS):
        layout.setHorizontalSpacing(grown[4])
        layout.setVerticalSpacing(grown[5])
    else:
        layout.setSpacing(grown[4])


def _spaces(layout: QLayout) -> list[int]:
    margins = layout.contentsMargins()
    sides = [margins.left(), margins.top(), margins.right(), margins.bottom()]
    if isinstance(layout, _TWO_WAYS):
        return [*sides, layout.horizontalSpacing(), layout.verticalSpacing()]
    return [*sides, layout.spacing()]


def _make_medium(button: QPushButton) -> None:
    font = QFont()
    font.setWeight(QFont.Weight.DemiBold if marked(button, PRIMARY) else QFont.Weight.Medium)
    button.setFont(font)


def _clear_ground(area: QAbstractScrollArea) -> None:
    """Let the frame paint the ground, as its corners are round."""
    area.viewport().setAutoFillBackground(False)


def _polish_window(window: QWidget) -> None:
    if window.inherits(_TIP):
        # Qt's own palette of tooltips does not follow a change of the scheme.
        window.setPalette(QApplication.palette())
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
