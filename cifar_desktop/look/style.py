"""The widget style: Qt's Fusion with flat, rounded controls in the colors of `Roles`.

Only tables are here: which function paints what. Style sheets are not used: they switch a proxy
style off for what they touch, and do not follow a change of the palette.
"""

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleHintReturnMask,
    QStyleOption,
    QStyleOptionComplex,
    QTabWidget,
    QWidget,
)

from cifar_desktop.look import buttons, fields, frames, lists, menus, ranges
from cifar_desktop.look.icons import standard_icon
from cifar_desktop.look.metrics import HINTS, LEAST, SIZES, pixels
from cifar_desktop.look.motion import less_motion
from cifar_desktop.look.polish import AltKey, polish_widget
from cifar_desktop.look.roles import Roles, forget_roles, roles
from cifar_desktop.look.shapes import rounded_region
from cifar_desktop.look.states import HEADER, marked
from cifar_desktop.look.type_scale import QUIET, unit

Painter = Callable[[QPainter, Any, Roles, QWidget | None], None]
_Control, _Primitive, _Complex = (
    QStyle.ControlElement,
    QStyle.PrimitiveElement,
    QStyle.ComplexControl,
)
_Part, _Element, _Hint = QStyle.SubControl, QStyle.SubElement, QStyle.StyleHint

_CONTROLS: dict[QStyle.ControlElement, Painter] = {
    _Control.CE_PushButtonBevel: buttons.paint_button,
    _Control.CE_ComboBoxLabel: fields.paint_combo_label,
    _Control.CE_TabBarTabShape: frames.paint_tab,
    _Control.CE_PushButtonLabel: buttons.paint_button_label,
    _Control.CE_TabBarTabLabel: frames.paint_tab_label,
    _Control.CE_ProgressBar: ranges.paint_progress_bar,
    _Control.CE_HeaderSection: lists.paint_header_section,
    _Control.CE_HeaderEmptyArea: lists.paint_header_rest,
    _Control.CE_MenuEmptyArea: frames.paint_nothing,
    _Control.CE_MenuBarEmptyArea: frames.paint_menu_bar,
    _Control.CE_ShapedFrame: frames.paint_shaped_frame,
    _Control.CE_Splitter: frames.paint_splitter,
    _Control.CE_RubberBand: frames.paint_rubber_band,
    _Control.CE_SizeGrip: frames.paint_nothing,
    _Control.CE_ScrollBarAddLine: frames.paint_nothing,
    _Control.CE_ScrollBarSubLine: frames.paint_nothing,
    _Control.CE_MenuItem: menus.paint_menu_item,
    _Control.CE_MenuBarItem: menus.paint_bar_item,
}
_PREPARED: dict[QStyle.ControlElement, Painter] = {
    _Control.CE_HeaderLabel: lists.prepare_header_label,
    _Control.CE_ItemViewItem: lists.prepare_item,
}
"""What Fusion paints when the colors are set."""
_PRIMITIVES: dict[QStyle.PrimitiveElement, Painter] = {
    _Primitive.PE_FrameTabBarBase: frames.paint_nothing,
    _Primitive.PE_FrameTabWidget: frames.paint_nothing,
    _Primitive.PE_FrameStatusBarItem: frames.paint_nothing,
    _Primitive.PE_FrameMenu: frames.paint_nothing,
    _Primitive.PE_PanelStatusBar: frames.paint_nothing,
    _Primitive.PE_IndicatorTabTear: frames.paint_nothing,
    _Primitive.PE_IndicatorTabTearLeft: frames.paint_nothing,
    _Primitive.PE_IndicatorTabTearRight: frames.paint_nothing,
    _Primitive.PE_PanelScrollAreaCorner: frames.paint_nothing,
    _Primitive.PE_PanelLineEdit: fields.paint_line_edit,
    _Primitive.PE_FrameLineEdit: fields.paint_field,
    _Primitive.PE_IndicatorCheckBox: buttons.paint_check_box,
    _Primitive.PE_IndicatorItemViewItemCheck: buttons.paint_check_box,
    _Primitive.PE_IndicatorRadioButton: buttons.paint_radio,
    _Primitive.PE_FrameFocusRect: frames.paint_focus,
    _Primitive.PE_PanelItemViewRow: lists.paint_row,
    _Primitive.PE_PanelItemViewItem: lists.paint_item,
    _Primitive.PE_IndicatorHeaderArrow: lists.paint_sort_arrow,
    _Primitive.PE_IndicatorBranch: lists.paint_branch,
    _Primitive.PE_PanelMenu: menus.paint_popup,
    _Primitive.PE_PanelTipLabel: menus.paint_popup,
    _Primitive.PE_PanelMenuBar: frames.paint_nothing,
    _Primitive.PE_Frame: frames.paint_frame,
    _Primitive.PE_FrameGroupBox: frames.paint_group,
    _Primitive.PE_PanelButtonTool: frames.paint_nothing,
    _Primitive.PE_IndicatorArrowUp: frames.arrow("chevU"),
    _Primitive.PE_IndicatorArrowDown: frames.arrow("chev"),
    _Primitive.PE_IndicatorArrowLeft: frames.arrow("chevL"),
    _Primitive.PE_IndicatorArrowRight: frames.arrow("chevR"),
}
_COMPLEX: dict[QStyle.ComplexControl, Painter] = {
    _Complex.CC_ComboBox: fields.paint_combo,
    _Complex.CC_SpinBox: fields.paint_spin_box,
    _Complex.CC_Slider: ranges.paint_slider,
    _Complex.CC_ScrollBar: ranges.paint_scroll_bar,
    _Complex.CC_ToolButton: buttons.paint_tool_button,
}
_PARTS: dict[QStyle.ComplexControl, Callable[[Any, QStyle.SubControl], QRect | None]] = {
    _Complex.CC_ComboBox: fields.combo_part,
    _Complex.CC_SpinBox: fields.spin_part,
    _Complex.CC_ScrollBar: ranges.scroll_bar_part,
}
_MASKS = (_Hint.SH_Menu_Mask, _Hint.SH_ToolTip_Mask)


class Look(QProxyStyle):
    """The style of every widget; keep a reference, as Qt's does not keep the Python object."""

    def __init__(self) -> None:
        super().__init__("fusion")
        self._alt = AltKey(self)

    def polish(self, argument: object) -> object:  # type: ignore[override]
        """Prepare a widget, or complete a palette with the colors of second rank."""
        if isinstance(argument, QPalette):
            _complete(argument)
            return None
        super().polish(argument)  # type: ignore[call-overload]
        if isinstance(argument, QWidget):
            polish_widget(argument)
            self._alt.watch(argument)
        return None

    def drawControl(  # noqa: N802 (Qt's name)
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a part of a control."""
        if paint := _CONTROLS.get(element):
            paint(painter, option, roles(option.palette), widget)
        else:
            if prepare := _PREPARED.get(element):
                prepare(painter, option, roles(option.palette), widget)
            super().drawControl(element, option, painter, widget)

    def drawPrimitive(  # noqa: N802 (Qt's name)
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a frame or indicator."""
        if paint := _PRIMITIVES.get(element):
            paint(painter, option, roles(option.palette), widget)
        else:
            super().drawPrimitive(element, option, painter, widget)

    def drawComplexControl(  # noqa: N802 (Qt's name)
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a control of several parts."""
        if paint := _COMPLEX.get(control):
            paint(painter, option, roles(option.palette), widget)
        else:
            super().drawComplexControl(control, option, painter, widget)

    def subControlRect(  # noqa: N802 (Qt's name)
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        part: QStyle.SubControl,
        widget: QWidget | None = None,
    ) -> QRect:
        """Where a part of a control is."""
        place = _PARTS.get(control)
        rect = place(option, part) if place else None
        if rect is None:
            return super().subControlRect(control, option, part, widget)  # type: ignore[arg-type]
        return QStyle.visualRect(option.direction, option.rect, rect)

    def subElementRect(  # noqa: N802 (Qt's name)
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        """Where a part of a widget is."""
        if element is _Element.SE_LineEditContents and option.lineWidth:  # type: ignore[attr-defined]
            inside = super().subElementRect(element, option, widget)  # type: ignore[arg-type]
            return inside.adjusted(unit() - 2, 0, 2 - unit(), 0)
        if element is _Element.SE_ItemViewItemFocusRect:
            return option.rect
        if isinstance(widget, QTabWidget) and marked(widget, HEADER):
            place = frames.header_part(widget, element, option.rect.width())
            if place is not None:
                return place
        return super().subElementRect(element, option, widget)  # type: ignore[arg-type]

    def sizeFromContents(  # noqa: N802 (Qt's name)
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """The size of a control around its text."""
        if own := SIZES.get(kind):
            return own(option, size, widget)
        found = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]
        least = LEAST.get(kind)
        return least(option, found, widget) if least else found

    def pixelMetric(  # noqa: N802 (Qt's name)
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """A size in pixels."""
        found = pixels(unit()).get(metric)
        return super().pixelMetric(metric, option, widget) if found is None else found

    def styleHint(  # noqa: N802 (Qt's name)
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        answer: QStyleHintReturn | None = None,
    ) -> int:
        """How a control behaves."""
        found = HINTS.get(hint)
        if found is not None:
            return found
        if hint is _Hint.SH_UnderlineShortcut:
            return int(self._alt.held)
        if hint is _Hint.SH_Widget_Animation_Duration and less_motion():
            return 0
        if hint in _MASKS and isinstance(answer, QStyleHintReturnMask) and option is not None:
            answer.region = rounded_region(option.rect, menus.POPUP_RADIUS)
            return int(menus.masked())
        return super().styleHint(hint, option, widget, answer)

    def standardIcon(  # noqa: N802 (Qt's name)
        self,
        name: QStyle.StandardPixmap,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> QIcon:
        """The icon of a message box, a file dialog or a field."""
        return standard_icon(name) or super().standardIcon(name, option, widget)

    def standardPixmap(  # noqa: N802 (Qt's name)
        self,
        name: QStyle.StandardPixmap,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> QPixmap:
        """The same as a picture."""
        icon = standard_icon(name)
        if icon is None:
            return super().standardPixmap(name, option, widget)  # type: ignore[arg-type]
        side = self.pixelMetric(QStyle.PixelMetric.PM_SmallIconSize)
        return icon.pixmap(QSize(side, side))


def _complete(palette: QPalette) -> None:
    found, names = roles(palette), QPalette.ColorRole
    palette.setColor(QUIET, found.quiet)
    palette.setColor(names.ToolTipBase, found.raised)
    palette.setColor(names.ToolTipText, found.text)
    palette.setColor(names.Link, found.accent_text)
    for name in (names.WindowText, names.Text, names.ButtonText, QUIET):
        palette.setColor(QPalette.ColorGroup.Disabled, name, found.faint)


def use_look(application: QApplication) -> Look:
    """Draw the whole program in this style."""
    look = Look()
    # Qt keeps the C++ object only.
    look.setParent(application)
    application.setStyle(look)
    _follow_contrast(application)
    return look


def _follow_contrast(application: QApplication) -> None:
    hints = QGuiApplication.styleHints()
    # Qt 6.10 and later.
    if not hasattr(hints, "accessibility"):
        return

    def change() -> None:
        forget_roles()
        application.setPalette(application.palette())
        for widget in application.allWidgets():
            widget.update()

    hints.accessibility().contrastPreferenceChanged.connect(change)
