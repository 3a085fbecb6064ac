"""Push buttons, tool buttons, check boxes and radio buttons."""

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QMessageBox,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionToolButton,
    QWidget,
)

from cifar_desktop.look.roles import Roles
from cifar_desktop.look.shapes import RADIUS, fill, outline, ring, symbol, within_ring
from cifar_desktop.look.states import (
    BOX_COLOR,
    DISCLOSURE,
    FLAT,
    PRIMARY,
    checked,
    enabled,
    hovered,
    marked,
    pressed,
    ringed,
)
from cifar_desktop.look.type_scale import grown, unit

_Feature, _Tool = QStyleOptionButton.ButtonFeature, QStyleOptionToolButton.ToolButtonFeature
_Part, _ButtonText = QStyle.SubControl, QPalette.ColorRole.ButtonText
_BESIDE = (Qt.ToolButtonStyle.ToolButtonTextBesideIcon, Qt.ToolButtonStyle.ToolButtonTextOnly)
ICON_GAP = 6
"""Space between an icon and its text."""
CHEVRON = 14
"""Side of the arrow of a button with a menu."""
_PRIMARY_RADIUS = 8.0
_LARGE = 40
"""Height from which a filled button has rounder corners."""


def paint_button(
    painter: QPainter, option: QStyleOptionButton, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ground of a push button, and the arrow of one with a menu."""
    loud = is_loud(option, widget)
    quiet = marked(widget, FLAT) or bool(option.features & _Feature.Flat)
    color = _loud_ground(option, found) if loud else ground(option, found, flat=quiet)
    _paint_ground(painter, option, found, color, large=loud)
    if option.features & _Feature.HasMenu:
        _paint_chevron(painter, option.rect, text_color(option, found, loud=loud))


def paint_button_label(
    painter: QPainter, option: QStyleOptionButton, found: Roles, widget: QWidget | None
) -> None:
    """Paint the icon and the text of a push button."""
    rect = option.rect
    if option.features & _Feature.HasMenu:
        rect = rect.adjusted(0, 0, -chevron_room(), 0)
    color = text_color(option, found, loud=is_loud(option, widget))
    paint_words(painter, option, rect, color)


def paint_words(
    painter: QPainter,
    option: QStyleOptionButton | QStyleOptionToolButton,
    rect: QRect,
    color: QColor,
) -> None:
    """Paint an icon and a text beside each other, in the middle."""
    style, text, size = QApplication.style(), option.text, option.iconSize
    icon_width = 0 if option.icon.isNull() else size.width()
    gap = ICON_GAP if icon_width and text else 0
    words = painter.fontMetrics().size(Qt.TextFlag.TextShowMnemonic, text).width() if text else 0
    left = rect.x() + max(0, (rect.width() - icon_width - gap - words) // 2)
    if icon_width:
        place = QRect(left, rect.center().y() - size.height() // 2 + 1, icon_width, size.height())
        mode = QIcon.Mode.Normal if enabled(option) else QIcon.Mode.Disabled
        state = QIcon.State.On if checked(option) else QIcon.State.Off
        option.icon.paint(
            painter,
            style.visualRect(option.direction, option.rect, place),
            Qt.AlignmentFlag.AlignCenter,
            mode,
            state,
        )
    if text:
        place = QRect(
            left + icon_width + gap, rect.y(), rect.right() - left - icon_width, rect.height()
        )
        painter.setPen(color)
        painter.drawText(
            style.visualRect(option.direction, option.rect, place),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | mnemonic(option),
            text,
        )


def mnemonic(option: QStyleOption | None = None, widget: QWidget | None = None) -> Qt.TextFlag:
    """How the letter of a shortcut is shown: underlined while Alt is held."""
    hint = QStyle.StyleHint.SH_UnderlineShortcut
    shown = QApplication.style().styleHint(hint, option, widget)
    return Qt.TextFlag.TextShowMnemonic if shown else Qt.TextFlag.TextHideMnemonic


def is_loud(option: QStyleOptionButton, widget: QWidget | None) -> bool:
    """Whether a button is filled: the one of its page, or the proposed one of a message box."""
    if marked(widget, PRIMARY):
        return True
    proposed = bool(option.features & _Feature.DefaultButton)
    return proposed and widget is not None and isinstance(widget.window(), QMessageBox)


def text_color(option: QStyleOption, found: Roles, *, loud: bool = False) -> QColor:
    """The color of a button's text."""
    if not enabled(option):
        return found.faint
    if loud:
        return found.on_fill
    return found.accent_text if checked(option) else found.text


def ground(option: QStyleOption, found: Roles, *, flat: bool) -> QColor | None:
    """The ground of a quiet button; None where there is none."""
    if not enabled(option):
        return found.button if checked(option) else None
    if pressed(option):
        return found.button_pressed
    if checked(option):
        return found.tint
    if hovered(option):
        return found.button_hover
    return None if flat else found.button


def paint_tool_button(
    painter: QPainter,
    option: QStyleOptionToolButton,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a tool button."""
    if marked(widget, DISCLOSURE):
        option.state &= ~QStyle.StateFlag.State_On
    flat = bool(option.state & QStyle.StateFlag.State_AutoRaise)
    _paint_ground(painter, option, found, ground(option, found, flat=flat))
    color, room = text_color(option, found), chevron_room() if has_chevron(option) else 0
    if room:
        _paint_chevron(painter, option.rect, color)
    rect = option.rect.adjusted(0, 0, -room, 0)
    if option.toolButtonStyle in _BESIDE and not option.features & _Tool.Arrow:
        painter.setFont(option.font)
        paint_words(painter, option, rect, color)
        return
    label = QStyleOptionToolButton(option)
    label.palette.setColor(_ButtonText, color)
    label.state &= ~QStyle.StateFlag.State_Sunken
    label.rect = rect
    control = QStyle.ControlElement.CE_ToolButtonLabel
    QApplication.style().drawControl(control, label, painter, widget)


def has_chevron(option: QStyleOptionToolButton) -> bool:
    """Whether a tool button shows that it has a menu; an icon such as “more” says so itself."""
    split = bool(option.features & _Tool.MenuButtonPopup)
    words = option.toolButtonStyle != Qt.ToolButtonStyle.ToolButtonIconOnly and bool(option.text)
    return split or (words and bool(option.features & _Tool.HasMenu))


def chevron_room() -> int:
    """Width of the arrow of a button with a menu, with the space around it."""
    return round(2.5 * unit())


def paint_check_box(
    painter: QPainter, option: QStyleOption, found: Roles, widget: QWidget | None
) -> None:
    """Paint the box of a check box."""
    rect, marked_part = QRectF(option.rect), option.state & QStyle.StateFlag.State_NoChange
    if not (checked(option) or marked_part):
        _paint_empty(painter, option, found, radius=4.0)
        return
    own = widget.property(BOX_COLOR) if widget is not None else None
    color = own if isinstance(own, QColor) else _loud_ground(option, found)
    fill(painter, rect, color, 4.0)
    on_it = found.on_fill if enabled(option) else found.faint
    if marked_part:
        dash = QRectF(rect.x() + rect.width() / 4, rect.center().y() - 1, rect.width() / 2, 2)
        fill(painter, dash, on_it, 1.0)
    else:
        _paint_tick(painter, rect, on_it)


def paint_radio(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the circle of a radio button."""
    rect = QRectF(option.rect)
    radius = rect.width() / 2
    if not checked(option):
        _paint_empty(painter, option, found, radius=radius)
        return
    fill(painter, rect, _loud_ground(option, found), radius)
    dot = rect.width() * 0.32
    fill(
        painter,
        rect.adjusted(dot, dot, -dot, -dot),
        found.on_fill if enabled(option) else found.faint,
        radius,
    )


def paint_label_focus(painter: QPainter, option: QStyleOption, found: Roles) -> None:
    """Paint the ring around the words of a check box or radio button."""
    ring(painter, option.rect, found.mark, 4.0)


def _paint_ground(
    painter: QPainter,
    option: QStyleOption,
    found: Roles,
    color: QColor | None,
    *,
    large: bool = False,
) -> None:
    rect = QRectF(option.rect)
    radius = _PRIMARY_RADIUS if large and rect.height() >= _LARGE else RADIUS
    if ringed(option):
        ring(painter, rect, found.mark, radius)
        rect, radius = within_ring(rect), radius - 3
    if color is not None:
        fill(painter, rect, color, radius)
        if color == found.raised:
            # The tint of a system with high contrast: the button is outlined instead.
            outline(painter, rect, found.mark, width=2.0, radius=radius)


def _loud_ground(option: QStyleOption, found: Roles) -> QColor:
    if not enabled(option):
        return found.button
    if pressed(option):
        return found.fill_pressed
    return found.fill_hover if hovered(option) else found.fill


def _paint_chevron(painter: QPainter, rect: QRect, color: QColor) -> None:
    room = chevron_room()
    right = QRect(rect.right() - room + 1, rect.y(), room, rect.height()).translated(
        -unit() // 2, 0
    )
    symbol(painter, "chev", color, right, grown(CHEVRON))


def _paint_empty(painter: QPainter, option: QStyleOption, found: Roles, radius: float) -> None:
    if not enabled(option):
        outline(painter, option.rect, found.line, width=1.4, radius=radius)
        return
    lit = pressed(option) or hovered(option)
    color = found.text if lit else found.edge
    outline(painter, option.rect, color, ground=found.base, width=1.4, radius=radius)


def _paint_tick(painter: QPainter, rect: QRectF, color: QColor) -> None:
    side = rect.width()
    points = [
        QPointF(rect.x() + side * across, rect.y() + side * down)
        for across, down in ((0.24, 0.52), (0.43, 0.70), (0.76, 0.32))
    ]
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(color, side / 8, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(points)
    painter.restore()
