"""The widget style: Qt's Fusion with flat, rounded controls in the colors of `Roles`.

Style sheets are not used: they switch a proxy style off for what they touch, and do not follow a
change of the palette.
"""

from PySide6.QtCore import QRect, QRectF
from PySide6.QtGui import QPainter, QPalette, QPen
from PySide6.QtWidgets import (
    QApplication,
    QProxyStyle,
    QStyle,
    QStyleHintReturn,
    QStyleOption,
    QTabWidget,
    QWidget,
)

from cifar_desktop.look.motion import less_motion
from cifar_desktop.look.roles import Roles, roles
from cifar_desktop.look.shapes import RADIUS, fill
from cifar_desktop.look.type_scale import QUIET
from cifar_desktop.look.widgets import FLAT, PRIMARY

_Control, _Primitive, _State = QStyle.ControlElement, QStyle.PrimitiveElement, QStyle.StateFlag
_Metric, _Contents, _Part = QStyle.PixelMetric, QStyle.ContentsType, QStyle.SubElement
HEADER = "header"
"""The dynamic property of tabs whose corner widget fills the row beside them."""
_NOTHING = (_Primitive.PE_FrameTabBarBase, _Primitive.PE_FrameTabWidget)


class Look(QProxyStyle):
    """The style of every widget; keep a reference, as Qt's does not keep the Python object."""

    def __init__(self) -> None:
        super().__init__("fusion")

    def polish(self, argument: object) -> object:  # type: ignore[override]
        """Give quiet text its color in a palette."""
        if isinstance(argument, QPalette):
            argument.setColor(QUIET, roles(argument).quiet)
            return None
        return super().polish(argument)  # type: ignore[call-overload]

    def drawControl(  # noqa: N802 (Qt's name)
        self,
        element: QStyle.ControlElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a part of a control."""
        found = roles(option.palette)
        if element is _Control.CE_PushButtonBevel:
            _paint_button(painter, option, widget, found)
            return
        if element is _Control.CE_PushButtonLabel and _has(widget, PRIMARY):
            option.palette.setColor(QPalette.ColorRole.ButtonText, found.on_fill)
        if element is _Control.CE_TabBarTabShape:
            _paint_tab(painter, option, found)
            return
        if element is _Control.CE_TabBarTabLabel:
            chosen = option.state & _State.State_Selected
            option.palette.setColor(
                QPalette.ColorRole.WindowText, found.text if chosen else found.quiet
            )
        super().drawControl(element, option, painter, widget)

    def drawPrimitive(  # noqa: N802 (Qt's name)
        self,
        element: QStyle.PrimitiveElement,
        option: QStyleOption,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        """Paint a frame or indicator."""
        if element in _NOTHING:
            return
        if element is _Primitive.PE_PanelLineEdit:
            _paint_field(painter, option, roles(option.palette))
            return
        super().drawPrimitive(element, option, painter, widget)

    def pixelMetric(  # noqa: N802 (Qt's name)
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        """A size in pixels."""
        if metric is _Metric.PM_TabBarTabShiftVertical:
            return 0
        return super().pixelMetric(metric, option, widget)

    def styleHint(  # noqa: N802 (Qt's name)
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        returned: QStyleHintReturn | None = None,
    ) -> int:
        """How controls behave."""
        if hint is QStyle.StyleHint.SH_Widget_Animation_Duration and less_motion():
            return 0
        return super().styleHint(hint, option, widget, returned)

    def subElementRect(  # noqa: N802 (Qt's name)
        self, element: QStyle.SubElement, option: QStyleOption, widget: QWidget | None = None
    ) -> QRect:
        """The place of a part of a control."""
        parts = (_Part.SE_TabWidgetTabBar, _Part.SE_TabWidgetRightCorner)
        if element in parts and isinstance(widget, QTabWidget) and _has(widget, HEADER):
            bar, width = widget.tabBar().sizeHint(), option.rect.width()
            if element is _Part.SE_TabWidgetTabBar:
                return QRect(0, 0, min(bar.width(), width), bar.height())
            return QRect(bar.width(), 0, width - bar.width(), bar.height() - 1)
        return super().subElementRect(element, option, widget)  # type: ignore[arg-type]


def _has(widget: QWidget | None, name: str) -> bool:
    return widget is not None and bool(widget.property(name))


def _paint_button(
    painter: QPainter, option: QStyleOption, widget: QWidget | None, found: Roles
) -> None:
    down, over = option.state & _State.State_Sunken, option.state & _State.State_MouseOver
    if _has(widget, PRIMARY):
        color = found.fill_pressed if down else found.fill_hover if over else found.fill
    elif _has(widget, FLAT) and not (down or over):
        return
    else:
        color = found.button_pressed if down else found.button_hover if over else found.button
    fill(painter, option.rect, color)


def _paint_tab(painter: QPainter, option: QStyleOption, found: Roles) -> None:
    if option.state & _State.State_Selected:
        line = QRectF(option.rect).adjusted(12, option.rect.height() - 3, -12, 0)
        fill(painter, line, found.mark, 1.5)


def _paint_field(painter: QPainter, option: QStyleOption, found: Roles) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    rect = QRectF(option.rect).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setBrush(found.base)
    painter.setPen(found.line)
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    painter.setClipRect(QRectF(rect.x() - 1, rect.bottom() - 2, rect.width() + 2, 4))
    focused = option.state & _State.State_HasFocus
    painter.setPen(QPen(found.mark if focused else found.edge, 2.0 if focused else 1.4))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    painter.restore()


def use_look(application: QApplication) -> None:
    """Draw the whole program in this style."""
    look = Look()
    # Qt keeps the C++ object only.
    look.setParent(application)
    application.setStyle(look)
