"""The size of all text on the screen, in the View menu and with Ctrl++ and Ctrl+-.

Sizes of controls, margins and spacings follow, as they are multiples of the text's height.
"""

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QFont, QKeySequence
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from cifar_desktop.common.settings import TEXT_SIZES, Settings
from cifar_desktop.look.polish import grow_layouts
from cifar_desktop.look.type_scale import SIZE_PROPERTY, Text, set_size

_USUAL = 100
_POLISHED = Qt.WidgetAttribute.WA_WState_Polished


class TextSize(QObject):
    """Changes the size of text in steps, and remembers it.

    Args:
        settings: Has the size in percent.
        parent: The main window.

    Signals: none.
    """

    def __init__(self, settings: Settings, parent: QWidget) -> None:
        super().__init__(parent)
        self._settings, self._window = settings, parent
        self._system = QFont(QApplication.font())
        if settings.text_size != _USUAL:
            self._show()

    def add_actions(self, menu: QMenu) -> None:
        """Add the commands to a menu."""
        larger = menu.addAction("Lar&ger text", self.enlarge)
        # Without Shift on most keyboards.
        larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        smaller = menu.addAction("S&maller text", self.shrink)
        smaller.setShortcut("Ctrl+-")
        usual = menu.addAction("&Usual text size", self.reset)
        # On many keyboards Shift makes another character of the 0.
        usual.setShortcuts([QKeySequence("Ctrl+Shift+0"), QKeySequence("Ctrl+)")])
        self._window.addActions([larger, smaller, usual])

    def enlarge(self) -> None:
        """Show text one step larger."""
        self._step(1)

    def shrink(self) -> None:
        """Show text one step smaller."""
        self._step(-1)

    def reset(self) -> None:
        """Show text in the system's size."""
        self._use(_USUAL)

    def _step(self, steps: int) -> None:
        place = TEXT_SIZES.index(self._settings.text_size) + steps
        self._use(TEXT_SIZES[min(max(place, 0), len(TEXT_SIZES) - 1)])

    def _use(self, percent: int) -> None:
        if percent != self._settings.text_size:
            self._settings.text_size = percent
            self._show()

    def _show(self) -> None:
        font, factor = QFont(self._system), self._settings.text_size / _USUAL
        if font.pointSizeF() > 0:
            font.setPointSizeF(font.pointSizeF() * factor)
        else:
            font.setPixelSize(round(font.pixelSize() * factor))
        QApplication.setFont(font)
        for widget in QApplication.allWidgets():
            _follow(widget)


def _follow(widget: QWidget) -> None:
    """Show a widget in the new size; what has not been shown yet is prepared by the style."""
    size = widget.property(SIZE_PROPERTY)
    if size:
        set_size(widget, Text[size])
    if widget.testAttribute(_POLISHED):
        grow_layouts(widget)
    widget.updateGeometry()
