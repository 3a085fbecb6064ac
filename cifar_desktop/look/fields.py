"""Line edits, combo boxes and spin boxes: an area of the base color with a strong lower edge."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyleOption,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionFrame,
    QStyleOptionSpinBox,
    QWidget,
)

from cifar_desktop.look.roles import Roles
from cifar_desktop.look.shapes import RADIUS, fill, outline, symbol
from cifar_desktop.look.states import PROBLEM, enabled, focused, hovered, marked
from cifar_desktop.look.type_scale import grown, unit

_Part = QStyle.SubControl


def paint_line_edit(
    painter: QPainter, option: QStyleOptionFrame, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ground of a line edit; one inside another control has none of its own."""
    if option.lineWidth:
        paint_field(painter, option, found, widget)


def paint_field(
    painter: QPainter, option: QStyleOption, found: Roles, widget: QWidget | None
) -> None:
    """Paint the ground of a field."""
    if marked(widget, PROBLEM):
        outline(painter, option.rect, found.error.icon, ground=found.base, width=2.0)
    elif not enabled(option):
        outline(painter, option.rect, found.line)
    else:
        outline(painter, option.rect, found.line, ground=found.base)
        _paint_edge(painter, option, found)


def paint_combo(
    painter: QPainter,
    option: QStyleOptionComboBox,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a combo box without its text."""
    paint_field(painter, option, found, widget)
    arrow = QApplication.style().subControlRect(
        QStyle.ComplexControl.CC_ComboBox, option, _Part.SC_ComboBoxArrow, widget
    )
    symbol(painter, "chev", _arrow_color(option, found, lit=hovered(option)), arrow, grown(16))


def paint_combo_label(
    painter: QPainter, option: QStyleOptionComboBox, found: Roles, widget: QWidget | None
) -> None:
    """Paint the icon and the text of a combo box; an editable one shows its own text."""
    part, control = _Part.SC_ComboBoxEditField, QStyle.ComplexControl.CC_ComboBox
    rect = QApplication.style().subControlRect(control, option, part, widget)
    if not option.currentIcon.isNull():
        side = option.iconSize.height()
        place = QRect(rect.x(), rect.center().y() - side // 2 + 1, side, side)
        mode = QIcon.Mode.Normal if enabled(option) else QIcon.Mode.Disabled
        option.currentIcon.paint(painter, place, Qt.AlignmentFlag.AlignCenter, mode)
        rect.setLeft(place.right() + unit() + 1)
    if not option.editable:
        painter.setPen(found.text if enabled(option) else found.faint)
        words = painter.fontMetrics().elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, rect.width()
        )
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, words)


def combo_part(option: QStyleOptionComboBox, part: QStyle.SubControl) -> QRect | None:
    """Where the text and the arrow of a combo box are."""
    rect, arrow, pad = option.rect, round(3.5 * unit()), round(1.25 * unit())
    if part is _Part.SC_ComboBoxArrow:
        return QRect(rect.right() - arrow + 1, rect.y(), arrow, rect.height())
    if part is _Part.SC_ComboBoxEditField:
        left = pad - 2 if option.editable else pad
        return rect.adjusted(left, 1, -arrow, -1)
    return None


def paint_spin_box(
    painter: QPainter,
    option: QStyleOptionSpinBox,
    found: Roles,
    widget: QWidget | None,
) -> None:
    """Paint a spin box without its text."""
    if option.frame:
        paint_field(painter, option, found, widget)
    for part, name in ((_Part.SC_SpinBoxUp, "chevU"), (_Part.SC_SpinBoxDown, "chev")):
        rect = QApplication.style().subControlRect(
            QStyle.ComplexControl.CC_SpinBox, option, part, widget
        )
        lit = hovered(option) and bool(option.activeSubControls & part)
        if lit:
            fill(painter, QRectF(rect).adjusted(2, 2, -2, -2), found.button_hover, 4.0)
        symbol(painter, name, _arrow_color(option, found, lit=lit), rect, grown(14))


def spin_part(option: QStyleOptionSpinBox, part: QStyle.SubControl) -> QRect | None:
    """Where the text and the arrows of a spin box are."""
    rect, width = option.rect, 3 * unit()
    half, left = rect.height() // 2, rect.right() - width + 1
    if part is _Part.SC_SpinBoxUp:
        return QRect(left, rect.y() + 1, width, half - 1)
    if part is _Part.SC_SpinBoxDown:
        return QRect(left, rect.y() + half, width, half - 1)
    if part is _Part.SC_SpinBoxEditField:
        return rect.adjusted(unit() - 2, 1, -width, -1)
    return None


def _arrow_color(option: QStyleOptionComplex, found: Roles, *, lit: bool) -> QColor:
    if not enabled(option):
        return found.faint
    return found.text if lit else found.quiet


def _paint_edge(painter: QPainter, option: QStyleOption, found: Roles) -> None:
    """The lower side of a field, which is the mark of the focus too."""
    width = 2.0 if focused(option) else 1.4
    rect = QRectF(option.rect).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    color = found.mark if focused(option) else found.text if hovered(option) else found.edge
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setClipRect(QRectF(rect.x() - 1, rect.bottom() - 2, rect.width() + 2, 4))
    painter.setPen(QPen(color, width))
    painter.drawRoundedRect(rect, RADIUS, RADIUS)
    painter.restore()
