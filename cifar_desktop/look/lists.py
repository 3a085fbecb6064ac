"""Tables, lists and trees: rows that are tinted when chosen, quiet headers."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QCursor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyleOption,
    QStyleOptionHeader,
    QStyleOptionViewItem,
    QTreeView,
    QWidget,
)

from cifar_desktop.look.roles import Roles
from cifar_desktop.look.shapes import fill, outline, ring, symbol
from cifar_desktop.look.states import hovered, ringed, selected
from cifar_desktop.look.type_scale import grown, unit

_MARK = 3
_Rows = QAbstractItemView.SelectionBehavior.SelectRows
_Names, _State = QPalette.ColorRole, QStyle.StateFlag


def paint_row(
    painter: QPainter, option: QStyleOptionViewItem, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ground of a row, or of a row's part in one column."""
    whole = _by_rows(widget)
    if selected(option) and whole:
        _paint_chosen_row(painter, option, found, widget)
    elif whole and _row_hovered(option, widget):
        painter.fillRect(option.rect, found.row_hover)


def paint_item(
    painter: QPainter, option: QStyleOptionViewItem, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ground of an item; tables paint the whole row."""
    if option.backgroundBrush.style():
        painter.fillRect(option.rect, option.backgroundBrush)
    if not _by_rows(widget):
        rect = QRectF(option.rect).adjusted(2, 1, -2, -1)
        if selected(option):
            _paint_chosen(painter, rect, found)
        elif hovered(option):
            fill(painter, rect, found.row_hover, 4.0)
    elif isinstance(widget, QTreeView):
        paint_row(painter, option, found, widget)


def prepare_item(
    painter: QPainter, option: QStyleOptionViewItem, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ground of an item, and have its text painted like that of any other."""
    paint_item(painter, option, found, widget)
    chosen = selected(option)
    option.backgroundBrush = QBrush()
    option.state &= ~(_State.State_Selected | _State.State_MouseOver)
    if chosen and _by_rows(widget):
        option.state &= ~_State.State_HasFocus


def paint_item_focus(
    painter: QPainter, option: QStyleOption, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ring around the current item, but not in a list that drops down."""
    if ringed(option) and not is_popup_list(widget):
        ring(painter, QRectF(option.rect).adjusted(1, 1, -1, -1), found.mark, 4.0)


def paint_header_section(
    painter: QPainter, option: QStyleOptionHeader, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the ground of a header section: a line below it, another color under the mouse."""
    rect = option.rect
    painter.fillRect(rect, found.row_hover if hovered(option) else found.raised)
    painter.fillRect(QRect(rect.x(), rect.bottom(), rect.width(), 1), found.line)


def paint_header_rest(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the part of a header behind the last section."""
    painter.fillRect(option.rect, found.raised)
    line = QRect(option.rect.x(), option.rect.bottom(), option.rect.width(), 1)
    painter.fillRect(line, found.line)


def prepare_header_label(
    _painter: QPainter, option: QStyleOptionHeader, found: Roles, _widget: QWidget | None
) -> None:
    """Make the words of a header quiet."""
    option.palette.setColor(_Names.ButtonText, found.quiet)
    option.state &= ~QStyle.StateFlag.State_On


def paint_sort_arrow(
    painter: QPainter, option: QStyleOptionHeader, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the arrow of the column that a table is sorted by: upward where values rise."""
    # Qt's name for rising values is SortDown.
    rising = option.sortIndicator == QStyleOptionHeader.SortIndicator.SortDown
    symbol(painter, "chevU" if rising else "chev", found.quiet, option.rect, grown(14))


def paint_branch(
    painter: QPainter, option: QStyleOption, found: Roles, _widget: QWidget | None
) -> None:
    """Paint the arrow before a row of a tree that has rows below it."""
    if option.state & QStyle.StateFlag.State_Children:
        opened = option.state & QStyle.StateFlag.State_Open
        symbol(painter, "chev" if opened else "chevR", found.quiet, option.rect, grown(14))


def is_popup_list(widget: QWidget | None) -> bool:
    """Whether it is the list of a combo box."""
    return widget is not None and widget.window().inherits("QComboBoxPrivateContainer")


def item_height(widget: QWidget | None) -> int:
    """The least height of an item: lower in the list of a combo box."""
    return round((3.75 if is_popup_list(widget) else 4.25) * unit())


def _paint_chosen(painter: QPainter, rect: QRectF, found: Roles) -> None:
    if found.tint == found.raised:
        outline(painter, rect, found.mark, width=2.0, radius=4.0)
    else:
        fill(painter, rect, found.tint, 4.0)


def _paint_chosen_row(
    painter: QPainter, option: QStyleOptionViewItem, found: Roles, widget: QWidget | None
) -> None:
    rect = option.rect
    painter.fillRect(rect, found.tint)
    if _is_first(option, widget):
        painter.fillRect(QRect(rect.x(), rect.y(), _MARK, rect.height()), found.mark)
    if found.tint == found.raised or _has_keyboard(widget):
        for y in (rect.y(), rect.bottom() - 1):
            painter.fillRect(QRect(rect.x(), y, rect.width(), 2), found.mark)


def _is_first(option: QStyleOptionViewItem, widget: QWidget | None) -> bool:
    if isinstance(widget, QTreeView):
        return bool(option.rect.x() <= 0)
    header = getattr(widget, "horizontalHeader", None)
    return header is None or bool(header().visualIndexAt(option.rect.x()) == 0)


def _by_rows(widget: QWidget | None) -> bool:
    if not isinstance(widget, QAbstractItemView) or isinstance(widget, QListView):
        return False
    return widget.selectionBehavior() is _Rows


def _has_keyboard(widget: QWidget | None) -> bool:
    window = Qt.WidgetAttribute.WA_KeyboardFocusChange
    return widget is not None and widget.hasFocus() and widget.window().testAttribute(window)


def _row_hovered(option: QStyleOptionViewItem, widget: QWidget | None) -> bool:
    if hovered(option):
        return True
    if not isinstance(widget, QAbstractItemView) or not widget.viewport().underMouse():
        return False
    y = widget.viewport().mapFromGlobal(QCursor.pos()).y()
    return bool(option.rect.top() <= y <= option.rect.bottom())
