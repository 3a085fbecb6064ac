"""Menus, menu bars and tooltips."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter
from PySide6.QtWidgets import QStyle, QStyleOption, QStyleOptionMenuItem, QWidget

from cifar_desktop.look.buttons import mnemonic
from cifar_desktop.look.colors import mixed
from cifar_desktop.look.roles import Roles
from cifar_desktop.look.shapes import fill, outline, symbol
from cifar_desktop.look.states import enabled, selected
from cifar_desktop.look.type_scale import unit

_Item, _Check = QStyleOptionMenuItem.MenuItemType, QStyleOptionMenuItem.CheckType
_ICON, _PAD, _GAP = 18, 10, 8
_CHARACTERS = Qt.TextFlag.TextShowMnemonic | Qt.TextFlag.TextSingleLine
POPUP_RADIUS = 8


def paint_popup(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None = None
) -> None:
    """Paint the ground of a menu, a list that drops down, or a tooltip."""
    outline(
        painter,
        option.rect,
        mixed(found.edge, found.line, 0.5),
        ground=found.raised,
        radius=float(POPUP_RADIUS),
    )


def masked() -> bool:
    """Whether round corners are cut off, for lack of a compositor to make them transparent."""
    return QGuiApplication.platformName() == "xcb"


def paint_menu_item(
    painter: QPainter,
    option: QStyleOptionMenuItem,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a line of a menu."""
    if option.menuItemType == _Item.Separator:
        _paint_separator(painter, option, found)
        return
    if selected(option) and enabled(option):
        fill(painter, QRectF(option.rect).adjusted(4, 1, -4, -1), found.button_hover, 4.0)
    color = found.text if enabled(option) else found.faint
    _paint_sign(painter, option, found, color)
    _paint_words(painter, option, color, found, widget)
    if option.menuItemType == _Item.SubMenu:
        rect = option.rect
        arrow = QRect(rect.right() - 3 * unit(), rect.y(), 2 * unit(), rect.height())
        symbol(painter, "chevR", found.quiet if enabled(option) else found.faint, arrow, 14)


def menu_item_size(option: QStyleOptionMenuItem, size: QSize, _widget: QWidget | None) -> QSize:
    """The size of a line of a menu, from that of its text and shortcut."""
    if option.menuItemType == _Item.Separator and not option.text:
        return QSize(size.width(), unit() + 1)
    text, _tab, shortcut = option.text.partition("\t")
    metrics = option.fontMetrics
    width = metrics.boundingRect(QRect(), _CHARACTERS, text).width() + _column(option) + 3 * _PAD
    if shortcut or option.reservedShortcutWidth:
        width += option.reservedShortcutWidth + 3 * unit()
    if option.menuItemType == _Item.SubMenu:
        width += 3 * unit()
    return QSize(max(width, 18 * unit()), round(3.5 * unit()))


def paint_bar_item(
    painter: QPainter,
    option: QStyleOptionMenuItem,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a name in a menu bar."""
    painter.fillRect(option.rect, found.raised)
    if selected(option) and enabled(option):
        pressed = option.state & QStyle.StateFlag.State_Sunken
        color = found.button_pressed if pressed else found.button_hover
        fill(painter, QRectF(option.rect).adjusted(1, 2, -1, -2), color, 4.0)
    painter.setPen(found.text if enabled(option) else found.faint)
    painter.drawText(
        option.rect,
        Qt.AlignmentFlag.AlignCenter | mnemonic(option, widget),
        option.text,
    )


def _paint_separator(painter: QPainter, option: QStyleOptionMenuItem, found: Roles) -> None:
    rect = option.rect
    painter.fillRect(QRect(rect.x() + 1, rect.center().y(), rect.width() - 2, 1), found.line)


def _column(option: QStyleOptionMenuItem) -> int:
    """Width of the column of check marks and icons."""
    signs = option.menuHasCheckableItems or option.maxIconWidth > 0
    return _ICON + _GAP if signs else 2


def _paint_sign(
    painter: QPainter, option: QStyleOptionMenuItem, found: Roles, color: QColor
) -> None:
    place = QRect(option.rect.x() + _PAD, option.rect.y(), _ICON, option.rect.height())
    if option.checkType != _Check.NotCheckable:
        if option.checked:
            alone = option.checkType == _Check.Exclusive
            _paint_check(painter, place, color if not enabled(option) else found.accent_text, alone)
    elif not option.icon.isNull():
        mode = QIcon.Mode.Normal if enabled(option) else QIcon.Mode.Disabled
        square = QRect(place.x(), place.center().y() - _ICON // 2 + 1, _ICON, _ICON)
        option.icon.paint(painter, square, Qt.AlignmentFlag.AlignCenter, mode)


def _paint_check(painter: QPainter, place: QRect, color: QColor, alone: bool) -> None:  # noqa: FBT001
    if alone:
        center = QRectF(place).center()
        fill(painter, QRectF(center.x() - 3.5, center.y() - 3.5, 8, 8), color, 4.0)
    else:
        symbol(painter, "check", color, place, 16)


def _paint_words(
    painter: QPainter,
    option: QStyleOptionMenuItem,
    color: QColor,
    found: Roles,
    widget: QWidget | None,
) -> None:
    text, _tab, shortcut = option.text.partition("\t")
    left = _PAD + _column(option)
    rect = option.rect.adjusted(left, 0, -_PAD - 2, 0)
    painter.save()
    painter.setFont(option.font)
    painter.setPen(color)
    side = Qt.AlignmentFlag.AlignVCenter
    flags = side | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine
    painter.drawText(rect, flags | mnemonic(option, widget), text)
    if shortcut:
        if enabled(option) and not selected(option):
            painter.setPen(found.quiet)
        painter.drawText(rect, side | Qt.AlignmentFlag.AlignRight, shortcut)
    painter.restore()
