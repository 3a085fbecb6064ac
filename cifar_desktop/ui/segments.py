"""A row of exclusive choices: views of a page, filters of a list."""

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QStyleOptionButton,
    QWidget,
)

from cifar_desktop.look.buttons import mnemonic
from cifar_desktop.look.icons import icon
from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import RADIUS, fill, outline
from cifar_desktop.look.type_scale import Text, font, unit

_INSET = 2
"""Pixels between the ground and the chosen segment."""
_GAP = 6


class Segments(QWidget):
    """One of a few choices; the arrow keys move, and each is a radio button to screen readers.

    Args:
        name: What is chosen, for screen readers.
        small: Whether the row is 26 pixels high instead of 32, for bars and cards.

    Signals:
        chosen: Key of what the user has chosen.
    """

    chosen = Signal(str)

    def __init__(self, name: str, *, small: bool = False) -> None:
        super().__init__()
        self._small = small
        self._segments: dict[str, _Segment] = {}
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)

    def add(
        self, key: str, text: str, *, icon_name: str = "", tooltip: str = "", name: str = ""
    ) -> None:
        """Add a choice; the first is chosen at once.

        Args:
            key: Identifies it.
            text: The words.
            icon_name: A file of `resources/icons` without its suffix, or nothing.
            tooltip: A tooltip.
            name: Its accessible name; the text if empty.
        """
        segment = _Segment(text, icon_name, name, tooltip, small=self._small)
        self._segments[key] = segment
        self._row.addWidget(segment)
        segment.setChecked(len(self._segments) == 1)
        segment.clicked.connect(lambda _checked: self.chosen.emit(key))
        segment.toggled.connect(self.update)

    @property
    def current(self) -> str:
        """Key of what is chosen; empty while there are no choices."""
        keys = (key for key, segment in self._segments.items() if segment.isChecked())
        return next(keys, "")

    @Slot(str)
    def choose(self, key: str) -> None:
        """Choose one without telling anyone."""
        self._segments[key].setChecked(True)

    def segment(self, key: str) -> QRadioButton:
        """The button of a choice, to show, hide, enable or focus it."""
        return self._segments[key]

    def set_text(self, key: str, text: str) -> None:
        """Change the words of a choice."""
        self._segments[key].show_text(text)

    def set_compact(self, *, compact: bool) -> None:
        """Leave out the words of choices that have an icon; their names and tooltips stay."""
        for segment in self._segments.values():
            segment.set_compact(compact=compact)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the ground that the segments lie on."""
        fill(QPainter(self), self.rect(), roles(self.palette()).button)


class _Segment(QRadioButton):
    def __init__(self, text: str, icon_name: str, name: str, tooltip: str, *, small: bool) -> None:
        super().__init__()
        self._small, self._compact, self._name = small, False, name
        self._tooltip = tooltip
        if icon_name:
            self.setIcon(icon(icon_name, "quiet", "accent_text"))
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.show_text(text)

    def show_text(self, text: str) -> None:
        self.setText(text)
        self.setAccessibleName(self._name or text.replace("&", ""))
        self.setToolTip(self._tooltip or (self.accessibleName() if self._wordless else ""))
        self.updateGeometry()

    def set_compact(self, *, compact: bool) -> None:
        self._compact = compact
        self.show_text(self.text())

    def sizeHint(self) -> QSize:
        """As wide as its words where it is chosen, so that choosing moves nothing."""
        icon_width = 0 if self.icon().isNull() else _icon_side()
        text = QFontMetrics(font(Text.STRONG)).size(Qt.TextFlag.TextShowMnemonic, self._words)
        width = icon_width + text.width() + (_GAP if icon_width and self._words else 0)
        height = 3 * unit() + 2 if self._small else 4 * unit()
        # A segment without words is square.
        return QSize(width + 2 * unit() + unit() // 2 if self._words else height, height)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, position: QPoint) -> bool:  # noqa: N802 (Qt's name)
        return self.rect().contains(position)

    def paintEvent(self, _event: QPaintEvent) -> None:
        found, painter = roles(self.palette()), QPainter(self)
        inner = self.rect().adjusted(_INSET, _INSET, -_INSET, -_INSET)
        if self.isChecked():
            outline(painter, inner, found.line, ground=found.raised, radius=RADIUS - 1)
        elif self.underMouse() and self.isEnabled():
            fill(painter, inner, found.button, RADIUS - 1)
        if self.hasFocus() and _by_keyboard(self):
            outline(painter, self.rect(), found.mark, width=2)
        self._paint_content(painter)

    def _paint_content(self, painter: QPainter) -> None:
        found, chosen = roles(self.palette()), self.isChecked()
        painter.setFont(font(Text.STRONG if chosen else Text.BODY))
        option = QStyleOptionButton()
        self.initStyleOption(option)
        show = mnemonic(option, self)
        width = painter.fontMetrics().size(show, self._words).width()
        side = _icon_side()
        icon_room = 0 if self.icon().isNull() else side + (_GAP if self._words else 0)
        left = (self.width() - icon_room - width) // 2
        if icon_room:
            place = QRect(left, (self.height() - side) // 2, side, side)
            state = QIcon.State.On if chosen else QIcon.State.Off
            mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
            self.icon().paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode, state)
        color = found.text if chosen else found.quiet
        painter.setPen(color if self.isEnabled() else found.faint)
        area = QRect(left + icon_room, 0, width + 2, self.height())
        painter.drawText(area, int(Qt.AlignmentFlag.AlignVCenter) | int(show), self._words)

    @property
    def _wordless(self) -> bool:
        return self._compact and not self.icon().isNull()

    @property
    def _words(self) -> str:
        return "" if self._wordless else self.text()


def _icon_side() -> int:
    return 2 * unit() + unit() // 4


def _by_keyboard(widget: QWidget) -> bool:
    """Whether the focus ring is to be shown; it is not after a click."""
    window = widget.window()
    keyboard = window.testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    return keyboard and QApplication.activeWindow() is window
