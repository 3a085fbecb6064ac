"""The class names as small labels; part of the empty page."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.shapes import fill
from cifar_desktop.look.type_scale import Text, font, unit

_MOST = 14
_HEIGHT, _GAP, _PADDING, _WIDEST = 3.25, 1.0, 2.5, 24
"""Height of a chip, distance, room around its text and width of the longest, in units."""


class ClassChips(QWidget):
    """Paints names in centered rows; with very many, the first ones and a count.

    The sentence that introduces them stands before the first where all fit into one row, and in a
    row of its own elsewhere.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._lead = ""
        self._widths: dict[str, int] = {}
        self._known_rows: dict[int, list[list[str]]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_names(self, names: Sequence[str], lead: str = "") -> None:
        """Show these names, introduced by a sentence."""
        self._lead = lead
        self._names = list(names[:_MOST])
        if len(names) > _MOST:
            self._names.append(f"and {len(names) - _MOST} more")
        self.setToolTip(", ".join(names) if len(names) > _MOST else "")
        self.setAccessibleName("Classes: " + ", ".join(names) if names else lead)
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the names again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def heightForWidth(self, width: int) -> int:
        """Height of the rows at a given width."""
        return round(len(self._rows(width)) * (_HEIGHT + _GAP) * unit())

    def sizeHint(self) -> QSize:
        """Room for two or three rows of ten names."""
        return QSize(60 * unit(), self.heightForWidth(60 * unit()))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        for index, row in enumerate(self._rows(self.width())):
            left, top = (self.width() - self._length(row)) // 2, index * (_HEIGHT + _GAP) * unit()
            for name in row:
                place = QRect(left, round(top), self._widths[name], round(_HEIGHT * unit()))
                self._paint(painter, name, place)
                left += place.width() + round(_GAP * unit())

    def _paint(self, painter: QPainter, name: str, place: QRect) -> None:
        found, leads = roles(self.palette()), name == self._lead
        painter.setFont(font(Text.BODY if leads else Text.CAPTION))
        if not leads:
            fill(painter, place, found.button, place.height() / 2)
        painter.setPen(found.quiet if leads else found.text)
        room = place.width() if leads else place.width() - round(_PADDING * unit())
        text = painter.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, room + 2)
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _measure(self) -> None:
        chips, words = QFontMetrics(font(Text.CAPTION)), QFontMetrics(font(Text.BODY))
        self._widths = {
            name: min(chips.horizontalAdvance(name), _WIDEST * unit()) + round(_PADDING * unit())
            for name in self._names
        }
        self._widths[self._lead] = words.horizontalAdvance(self._lead) + 2
        self._known_rows.clear()
        self.updateGeometry()
        self.update()

    def _rows(self, width: int) -> list[list[str]]:
        # A layout requests the height repeatedly, whichever page is visible.
        if width not in self._known_rows:
            lead = [self._lead] if self._lead else []
            together = [*lead, *self._names]
            one_row = together and self._length(together) <= width
            rows = [lead] if lead else []
            self._known_rows[width] = [together] if one_row else [*rows, *self._balanced(width)]
        return self._known_rows[width]

    def _balanced(self, width: int) -> list[list[str]]:
        """As few rows as possible, of roughly equal length."""
        fewest = len(self._filled(width))
        while width > unit() and len(self._filled(width - unit())) == fewest:
            width -= unit()
        return self._filled(width)

    def _filled(self, width: int) -> list[list[str]]:
        rows: list[list[str]] = []
        for name in self._names:
            if rows and self._length([*rows[-1], name]) <= width:
                rows[-1].append(name)
            else:
                rows.append([name])
        return rows

    def _length(self, row: Sequence[str]) -> int:
        return sum(self._widths[name] for name in row) + round((len(row) - 1) * _GAP * unit())
