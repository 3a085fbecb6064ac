"""Sizes of controls, in pixels at the default text size, and what the style answers to questions.

Everything here grows with the text: `pixels` gives the table for the unit of the moment.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialogButtonBox,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionFrame,
    QStyleOptionTab,
    QStyleOptionToolButton,
    QWidget,
)

from cifar_desktop.look.buttons import ICON_GAP, chevron_room, has_chevron
from cifar_desktop.look.frames import TAB_GAP, tab_height
from cifar_desktop.look.lists import item_height
from cifar_desktop.look.menus import menu_item_size
from cifar_desktop.look.ranges import progress_size
from cifar_desktop.look.states import SMALL, marked
from cifar_desktop.look.type_scale import DEFAULT_UNIT, unit

_Metric, _Hint, _Contents = QStyle.PixelMetric, QStyle.StyleHint, QStyle.ContentsType
_FIXED = {
    _Metric.PM_TabBarTabShiftVertical: 0,
    _Metric.PM_TabBarTabShiftHorizontal: 0,
    _Metric.PM_TabBarBaseOverlap: 0,
    _Metric.PM_TabBarBaseHeight: 0,
    _Metric.PM_TabBarTabOverlap: 0,
    _Metric.PM_DefaultFrameWidth: 1,
    _Metric.PM_ButtonShiftHorizontal: 0,
    _Metric.PM_ButtonShiftVertical: 0,
    _Metric.PM_MenuPanelWidth: 1,
    _Metric.PM_MenuBarPanelWidth: 0,
    _Metric.PM_MenuHMargin: 0,
    _Metric.PM_ScrollView_ScrollBarSpacing: 0,
}
_GROWING = {
    _Metric.PM_TabBarTabHSpace: 28,
    _Metric.PM_TabBarTabVSpace: 12,
    _Metric.PM_TabBarIconSize: 18,
    _Metric.PM_TabBarScrollButtonWidth: 26,
    _Metric.PM_ScrollBarExtent: 10,
    _Metric.PM_ScrollBarSliderMin: 24,
    _Metric.PM_SmallIconSize: 18,
    _Metric.PM_ButtonIconSize: 18,
    _Metric.PM_LineEditIconSize: 18,
    _Metric.PM_ListViewIconSize: 18,
    _Metric.PM_MessageBoxIconSize: 32,
    _Metric.PM_SliderThickness: 20,
    _Metric.PM_SliderLength: 16,
    _Metric.PM_SliderControlThickness: 16,
    _Metric.PM_IndicatorWidth: 16,
    _Metric.PM_IndicatorHeight: 16,
    _Metric.PM_ExclusiveIndicatorWidth: 16,
    _Metric.PM_ExclusiveIndicatorHeight: 16,
    _Metric.PM_CheckBoxLabelSpacing: 8,
    _Metric.PM_RadioButtonLabelSpacing: 8,
    _Metric.PM_MenuVMargin: 4,
    _Metric.PM_MenuBarItemSpacing: 2,
    _Metric.PM_MenuBarVMargin: 2,
    _Metric.PM_MenuBarHMargin: 4,
    _Metric.PM_ToolTipLabelFrameWidth: 7,
    _Metric.PM_HeaderMargin: 8,
    _Metric.PM_HeaderMarkSize: 14,
    _Metric.PM_HeaderDefaultSectionSizeVertical: 34,
    _Metric.PM_FocusFrameHMargin: 7,
    _Metric.PM_FocusFrameVMargin: 4,
    _Metric.PM_MenuButtonIndicator: 20,
    _Metric.PM_TreeViewIndentation: 20,
    _Metric.PM_SplitterWidth: 8,
    _Metric.PM_SizeGripSize: 14,
}
HINTS = {
    _Hint.SH_ScrollBar_Transient: 0,
    _Hint.SH_EtchDisabledText: 0,
    _Hint.SH_DitherDisabledText: 0,
    _Hint.SH_ComboBox_Popup: 0,
    _Hint.SH_ComboBox_ListMouseTracking: 1,
    _Hint.SH_DialogButtonBox_ButtonsHaveIcons: 0,
    _Hint.SH_TabBar_Alignment: int(Qt.AlignmentFlag.AlignLeft.value),
    _Hint.SH_ItemView_ShowDecorationSelected: 1,
    _Hint.SH_Menu_SupportsSections: 1,
    _Hint.SH_MessageBox_CenterButtons: 0,
    _Hint.SH_ToolTipLabel_Opacity: 255,
}
_SPIN_ARROWS = 24


@lru_cache(maxsize=8)
def pixels(of_unit: int) -> dict[QStyle.PixelMetric, int]:
    """All sizes that differ from Fusion's, for a unit in pixels."""
    grown = {metric: round(size * of_unit / DEFAULT_UNIT) for metric, size in _GROWING.items()}
    return _FIXED | grown


def control_height(widget: QWidget | None) -> int:
    """The height of buttons and fields: 32 pixels, 26 for small ones, at the default text size."""
    return round((3.25 if marked(widget, SMALL) else 4) * unit())


def _button(option: QStyleOptionButton, size: QSize, widget: QWidget | None) -> QSize:
    height = control_height(widget)
    if not option.text:
        return QSize(max(height, size.width() + unit()), height)
    gap = 0 if option.icon.isNull() else ICON_GAP - 4
    width = size.width() + gap + round((2.5 if marked(widget, SMALL) else 3) * unit())
    if widget is not None and isinstance(widget.parentWidget(), QDialogButtonBox):
        width = max(width, 11 * unit())
    return QSize(width, max(height, size.height() + unit()))


def _tool_button(option: QStyleOptionToolButton, size: QSize, widget: QWidget | None) -> QSize:
    height = control_height(widget)
    if option.toolButtonStyle == Qt.ToolButtonStyle.ToolButtonIconOnly or not option.text:
        side = max(height, size.height() + unit())
        return QSize(side + (chevron_room() if has_chevron(option) else 0), side)
    room = chevron_room() - unit() if has_chevron(option) else 0
    return QSize(size.width() + 2 * unit() + room, max(height, size.height() + unit()))


def _combo(_option: QStyleOption, size: QSize, widget: QWidget | None) -> QSize:
    return QSize(size.width() + 5 * unit(), max(control_height(widget), size.height() + 4))


def _line_edit(option: QStyleOptionFrame, size: QSize, widget: QWidget | None) -> QSize:
    if not option.lineWidth:
        return size
    return QSize(size.width() + 2 * unit(), max(control_height(widget), size.height() + 4))


def _spin_box(_option: QStyleOption, size: QSize, widget: QWidget | None) -> QSize:
    return QSize(size.width() + 4 * unit(), max(control_height(widget), size.height() + 4))


def _tab(option: QStyleOptionTab, size: QSize, _widget: QWidget | None) -> QSize:
    # Room for the heavier letters of the open tab, so that no tab moves.
    words = option.fontMetrics.horizontalAdvance(option.text)
    gap = TAB_GAP - 4 if words and not option.icon.isNull() else 0
    return QSize(size.width() + words // 12 + gap, tab_height(option))


def _item(_option: QStyleOption, size: QSize, widget: QWidget | None) -> QSize:
    return size.expandedTo(QSize(0, item_height(widget)))


def _bar_item(_option: QStyleOption, size: QSize, _widget: QWidget | None) -> QSize:
    return QSize(size.width() + 2 * unit(), round(3.5 * unit()))


def _header(_option: QStyleOption, size: QSize, _widget: QWidget | None) -> QSize:
    return size.expandedTo(QSize(0, 4 * unit()))


def _choice(_option: QStyleOption, size: QSize, _widget: QWidget | None) -> QSize:
    return size.expandedTo(QSize(0, round(3.25 * unit())))


Size = Callable[[Any, QSize, QWidget | None], QSize]
SIZES: dict[QStyle.ContentsType, Size] = {
    _Contents.CT_PushButton: _button,
    _Contents.CT_ToolButton: _tool_button,
    _Contents.CT_ComboBox: _combo,
    _Contents.CT_LineEdit: _line_edit,
    _Contents.CT_SpinBox: _spin_box,
    _Contents.CT_TabBarTab: _tab,
    _Contents.CT_MenuItem: menu_item_size,
    _Contents.CT_MenuBarItem: _bar_item,
    _Contents.CT_ProgressBar: progress_size,
}
"""Sizes from that of the contents."""
LEAST: dict[QStyle.ContentsType, Size] = {
    _Contents.CT_ItemViewItem: _item,
    _Contents.CT_HeaderSection: _header,
    _Contents.CT_CheckBox: _choice,
    _Contents.CT_RadioButton: _choice,
}
"""Sizes from Fusion's."""
