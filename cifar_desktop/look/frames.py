"""Frames, tabs, focus rings, splitters, and what is painted with nothing at all.

Tabs have a line under the open one; they are 6 units high in the header, 5 in a card.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QIcon, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QAbstractScrollArea,
    QCheckBox,
    QFrame,
    QPushButton,
    QRadioButton,
    QStyle,
    QStyleOption,
    QStyleOptionFrame,
    QStyleOptionTab,
    QTabWidget,
    QToolButton,
    QWidget,
)

from cifar_desktop.look import lists
from cifar_desktop.look.buttons import mnemonic
from cifar_desktop.look.menus import paint_popup
from cifar_desktop.look.roles import Roles
from cifar_desktop.look.shapes import CARD_RADIUS, fill, outline, ring, symbol
from cifar_desktop.look.states import enabled, hovered, pressed, ringed, selected
from cifar_desktop.look.type_scale import unit

_OWN_RING = (QPushButton, QToolButton)
"""Controls whose ground has the ring."""
TAB_PAD, TAB_GAP = 14, 8
"""Space beside the words of a tab, and between icon and words."""
_LINE, _INSET = 3, 12
"""Thickness of the line under the open tab, and how much shorter it is at both ends."""


def paint_nothing(
    _painter: QPainter, _option: QStyleOption, _found: Roles, _widget: QWidget | None
) -> None:
    """Paint nothing."""


def paint_frame(
    painter: QPainter, option: QStyleOptionFrame, found: Roles, widget: QWidget | None
) -> None:
    """Paint the frame of a list or text, with its ground; a list that drops down is a popup."""
    if widget is not None and widget.isWindow():
        paint_popup(painter, option, found)
    elif isinstance(widget, QAbstractScrollArea):
        line = found.mark if ringed(option) else found.line
        outline(painter, option.rect, line, ground=found.base)
    else:
        outline(painter, option.rect, found.line)


def paint_shaped_frame(
    painter: QPainter, option: QStyleOptionFrame, found: Roles, widget: QWidget | None
) -> None:
    """Paint the frame of a widget, or a line between two parts."""
    shape, rect = option.frameShape, option.rect
    if shape == QFrame.Shape.HLine:
        painter.fillRect(QRect(rect.x(), rect.center().y(), rect.width(), 1), found.line)
    elif shape == QFrame.Shape.VLine:
        painter.fillRect(QRect(rect.center().x(), rect.y(), 1, rect.height()), found.line)
    elif shape != QFrame.Shape.NoFrame:
        paint_frame(painter, option, found, widget)


def paint_group(
    painter: QPainter, option: QStyleOptionFrame, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the frame of a group of controls."""
    outline(painter, option.rect, found.line, radius=CARD_RADIUS)


def paint_focus(
    painter: QPainter, option: QStyleOption, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ring around what has the keyboard focus, unless it has one already."""
    if isinstance(widget, QAbstractItemView):
        lists.paint_item_focus(painter, option, found, widget)
    elif ringed(option) and not isinstance(widget, _OWN_RING):
        choice = isinstance(widget, QCheckBox | QRadioButton)
        rect = QRectF(option.rect).adjusted(-4, 0, 4, 0) if choice else QRectF(option.rect)
        ring(painter, rect, found.mark, 4.0)


def paint_menu_bar(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the empty part of a menu bar."""
    painter.fillRect(option.rect, found.raised)


def paint_splitter(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the handle between two parts: a short bar, where it is pointed at."""
    if not (hovered(option) or pressed(option)):
        return
    rect, length = QRectF(option.rect), 32.0
    center = rect.center()
    width, height = (3.0, length) if rect.height() > rect.width() else (length, 3.0)
    bar = QRectF(center.x() - width / 2, center.y() - height / 2, width, height)
    fill(painter, bar, found.mark if pressed(option) else found.edge, 1.5)


def paint_rubber_band(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the rectangle that chooses what is in it."""
    outline(painter, option.rect, found.mark, radius=2.0)


def arrow(name: str) -> Callable[[QPainter, Any, Roles, QWidget | None], None]:
    """A function that paints an arrow."""

    def paint(
        painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
    ) -> None:
        side = min(16, option.rect.width(), option.rect.height())
        symbol(painter, name, found.text if enabled(option) else found.faint, option.rect, side)

    return paint


def paint_tab(
    painter: QPainter, option: QStyleOptionTab, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the line under the open tab, and the ring around the one with the focus."""
    rect = QRectF(option.rect)
    if selected(option):
        line = QRectF(rect.x() + _INSET, rect.bottom() - _LINE, rect.width() - 2 * _INSET, _LINE)
        fill(painter, line, found.mark, _LINE / 2)
    if ringed(option) and selected(option):
        ring(painter, rect.adjusted(4, 6, -4, -6), found.mark)


def paint_tab_label(
    painter: QPainter, option: QStyleOptionTab, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the icon and the words of a tab; those of the open one are heavier."""
    chosen = selected(option)
    lit = chosen or hovered(option)
    font = QFont(painter.font())
    font.setWeight(QFont.Weight.DemiBold if chosen else QFont.Weight.Medium)
    painter.save()
    painter.setFont(font)
    painter.setPen(found.faint if not enabled(option) else found.text if lit else found.quiet)
    left = TAB_PAD
    if not option.icon.isNull():
        left = _paint_tab_icon(painter, option) - option.rect.x() + TAB_GAP
    place = option.rect.adjusted(left, 0, -2, 0)
    side = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
    painter.drawText(place, side | mnemonic(option), option.text)
    painter.restore()


def _paint_tab_icon(painter: QPainter, option: QStyleOptionTab) -> int:
    """Paint the icon, in the middle where there are no words; the icon's right side."""
    rect, size = option.rect, option.iconSize
    left = rect.x() + TAB_PAD if option.text else rect.center().x() - size.width() // 2 + 1
    place = QRect(left, rect.center().y() - size.height() // 2 + 1, size.width(), size.height())
    mode = QIcon.Mode.Normal if enabled(option) else QIcon.Mode.Disabled
    state = QIcon.State.On if selected(option) else QIcon.State.Off
    option.icon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode, state)
    return place.right() + 1


def tab_height(option: QStyleOptionTab) -> int:
    """The height of a tab: those of the window are in document mode."""
    return (6 if option.documentMode else 5) * unit()


def header_part(tabs: QTabWidget, element: QStyle.SubElement, width: int) -> QRect | None:
    """Where the tabs of the window's header are, and the corner widget that fills its row."""
    bar = tabs.tabBar().sizeHint()
    if element is QStyle.SubElement.SE_TabWidgetTabBar:
        return QRect(0, 0, min(bar.width(), width), bar.height())
    if element is QStyle.SubElement.SE_TabWidgetRightCorner:
        return QRect(bar.width(), 0, width - bar.width(), bar.height() - 1)
    return None
