"""What the options of a style say: pointed at, pressed, focused by keyboard, marked by a property.

Dynamic properties of widgets that the style looks at are named here.
"""

from PySide6.QtWidgets import QStyle, QStyleOption, QWidget

PRIMARY, FLAT, SMALL = "primary", "flatButton", "smallControl"
HEADER = "header"
"""Tabs whose corner widget fills the row beside them."""
DISCLOSURE = "disclosure"
"""A button whose arrow says already that it is switched on."""
NEUTRAL = "neutralValue"
"""The value of a slider at which nothing is changed; its bar starts there."""
BOX_COLOR = "boxColor"
"""The color of a check box that stands for a curve."""
PROBLEM = "hasProblem"
"""Whether a field's value is wrong."""

_State = QStyle.StateFlag
KEYBOARD_FOCUS = _State.State_HasFocus | _State.State_KeyboardFocusChange


def marked(widget: QWidget | None, name: str) -> bool:
    """Whether a widget has a dynamic property that is true."""
    return widget is not None and bool(widget.property(name))


def enabled(option: QStyleOption) -> bool:
    """Whether a control can be used."""
    return bool(option.state & _State.State_Enabled)


def hovered(option: QStyleOption) -> bool:
    """Whether a control that can be used is pointed at."""
    return enabled(option) and bool(option.state & _State.State_MouseOver)


def pressed(option: QStyleOption) -> bool:
    """Whether it is held down."""
    return bool(option.state & _State.State_Sunken)


def checked(option: QStyleOption) -> bool:
    """Whether it is switched on."""
    return bool(option.state & _State.State_On)


def selected(option: QStyleOption) -> bool:
    """Whether it is chosen."""
    return bool(option.state & _State.State_Selected)


def focused(option: QStyleOption) -> bool:
    """Whether it has the focus, however it came by it."""
    return bool(option.state & _State.State_HasFocus)


def ringed(option: QStyleOption) -> bool:
    """Whether it has the focus and the keyboard is in use, so that a ring is drawn."""
    return (option.state & KEYBOARD_FOCUS) == KEYBOARD_FOCUS
