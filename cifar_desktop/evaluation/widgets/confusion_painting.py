"""Painting of the cells and class names of a confusion matrix.

Correct predictions are blue and mistakes orange, distinguishable with any kind of color vision.
"""

import math
from dataclasses import dataclass
from enum import IntEnum

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cifar_desktop.evaluation.widgets.confusion_model import LEVELS, ConfusionModel
from cifar_desktop.look.colors import mixed, text_on
from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, font, set_size
from cifar_desktop.ui.chart_palette import chart_palette
from cifar_desktop.ui.style import GRID

_MIN_STRENGTH, _MAX_STRENGTH = 0.14, 0.95
_MAX_NAME_HEIGHT = 14 * GRID
_MAX_NAME_WIDTH = 20 * GRID
_FLAGS = Qt.AlignmentFlag
_RADIUS = 4.0
_RING = 2.2


class Tilt(IntEnum):
    """How far the names above the columns are turned, in degrees."""

    NONE = 0
    SLANTED = 56
    UPRIGHT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """The color of a cell, and a readable text color."""

    fill: QColor
    text: QColor


class Shades:
    """The colors of the cells for a palette."""

    def __init__(self, palette: QPalette) -> None:
        self.roles, series = roles(palette), chart_palette(palette)
        self.empty = mixed(self.roles.text, self.roles.raised, 0.05)
        self.band = mixed(self.roles.text, self.roles.raised, 0.6)
        self._right = self._scale(series.training)
        self._wrong = self._scale(series.validation)

    def shade(self, level: int, *, right: bool) -> Shade:
        """The colors for a shade of `confusion_model`."""
        return (self._right if right else self._wrong)[level]

    def _scale(self, hue: QColor) -> list[Shade]:
        step = (_MAX_STRENGTH - _MIN_STRENGTH) / (LEVELS - 1)
        fills = [
            mixed(hue, self.roles.raised, _MIN_STRENGTH + step * level) for level in range(LEVELS)
        ]
        return [Shade(fill=fill, text=text_on(fill)) for fill in fills]


class CellPainter(QStyledItemDelegate):
    """Paints a cell: color, count, hover bands and selection ring.

    Attributes:
        shades: The colors.
        hovered: Cell under the pointer, or (-1, -1).
        selected: Cell with the ring, or (-1, -1); cached, as querying it for every cell is slow.
    """

    def __init__(self, model: ConfusionModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = model
        self.shades = Shades(parent.palette())
        self.hovered = self.selected = (-1, -1)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell; the gaps show the background."""
        row, column = index.row(), index.column()
        count, right = self._model.count(row, column), row == column
        shade = self.shades.shade(self._model.level(row, column), right=right)
        tile = QRectF(option.rect.adjusted(1, 1, -1, -1))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(shade.fill if count else self.shades.empty)
        radius = min(_RADIUS, tile.height() / 5)
        painter.drawRoundedRect(tile, radius, radius)
        if count:
            painter.setFont(font(Text.STRONG) if right else option.font)
            painter.setPen(shade.text)
            painter.drawText(tile, _FLAGS.AlignCenter, f"{count:,}")
        if (row, column) == self.selected:
            self._paint_ring(painter, tile, radius)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
        self._paint_bands(painter, option.rect, (row, column))

    def _paint_bands(self, painter: QPainter, rect: QRect, cell: tuple[int, int]) -> None:
        """Guide the eye from the hovered cell to its class names."""
        if cell[0] == self.hovered[0]:
            painter.fillRect(rect.x(), rect.y(), rect.width(), 1, self.shades.band)
            painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, self.shades.band)
        if cell[1] == self.hovered[1]:
            painter.fillRect(rect.x(), rect.y(), 1, rect.height(), self.shades.band)
            painter.fillRect(rect.right(), rect.y(), 1, rect.height(), self.shades.band)

    def _paint_ring(self, painter: QPainter, tile: QRectF, radius: float) -> None:
        """Paint two lines, so that the ring is visible on every color."""
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for inset, color, width in (
            (_RING, self.shades.roles.raised, 1.0),
            (_RING / 2 - 1, self.shades.roles.text, _RING),
        ):
            painter.setPen(QPen(color, width))
            inner = tile.adjusted(inset, inset, -inset, -inset)
            painter.drawRoundedRect(inner, radius, radius)


class ClassNames(QHeaderView):
    """Class names along one side with the axis title; turned where they do not fit.

    Signals: those of every header.

    Args:
        orientation: Horizontal for the columns.
        title: Axis title.
        model: The classes.
        parent: Parent widget.

    Attributes:
        tilt: How far the names are turned.
    """

    def __init__(
        self, orientation: Qt.Orientation, title: str, model: ConfusionModel, parent: QWidget
    ) -> None:
        super().__init__(orientation, parent)
        self._title, self._model = title, model
        self._across = orientation == Qt.Orientation.Horizontal
        self._roles = roles(self.palette())
        self.tilt = Tilt.NONE
        self._hovered = self._chosen = -1
        set_size(self, Text.CAPTION)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    @property
    def widest(self) -> int:
        """Width of the longest name plus padding."""
        return max(self._widths(), default=0) + GRID // 2

    def overhang(self, cell: int) -> int:
        """How far slanted names reach over the end of the last column, of this width."""
        slope, count = math.cos(math.radians(Tilt.SLANTED)), len(self._model.classes)
        ends = (
            slope * min(width, _MAX_NAME_HEIGHT) - (count - place - 0.5) * cell
            for place, width in enumerate(self._widths())
        )
        return max(0, math.ceil(max(ends, default=0.0)) + GRID)

    def thickness(self, tilt: Tilt) -> int:
        """Height of the header above the columns, or width of the one beside the rows."""
        line = self.fontMetrics().height()
        if not self._across:
            return line + GRID + min(self.widest, _MAX_NAME_WIDTH)
        if tilt is Tilt.NONE:
            return 2 * line + GRID + GRID // 2
        length = min(self.widest, _MAX_NAME_HEIGHT)
        turn = math.radians(tilt)
        return line + GRID + math.ceil(length * math.sin(turn) + line * math.cos(turn) / 2)

    def show_hovered(self, section: int) -> None:
        """Highlight a name; -1 for none."""
        self._repaint(section, self._hovered)
        self._hovered = section

    def show_chosen(self, section: int) -> None:
        """Show the name of the chosen cell in bold; -1 for none."""
        self._repaint(section, self._chosen)
        self._chosen = section

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette, which arrives here later than in the table."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._roles = roles(self.palette())
            self.viewport().update()

    def sizeHint(self) -> QSize:
        """The thickness that the names need."""
        size = self.thickness(self.tilt)
        return QSize(0, size) if self._across else QSize(size, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title and the visible names."""
        painter = QPainter(self.viewport())
        painter.setFont(self.font())
        painter.fillRect(event.rect(), self._roles.raised)
        painter.setPen(self._roles.quiet)
        self._draw(painter, self._title_place(), self._title, _FLAGS.AlignCenter)
        for section in self._visible_sections():
            # Slanted names reach over their neighbors.
            if self.tilt is Tilt.SLANTED or event.region().intersects(self._place(section)):
                self._paint_name(painter, section)

    def _paint_name(self, painter: QPainter, section: int) -> None:
        chosen, hovered = section == self._chosen, section == self._hovered
        painter.setFont(self._bold() if chosen else self.font())
        painter.setPen(self._roles.text if chosen or hovered else self._roles.quiet)
        place = self._place(section)
        side = _FLAGS.AlignLeft if self._across else _FLAGS.AlignRight
        align = side | _FLAGS.AlignVCenter
        if self._across and self.tilt is Tilt.NONE:
            align = _FLAGS.AlignCenter
        room = {
            Tilt.NONE: place.width(),
            Tilt.SLANTED: _MAX_NAME_HEIGHT,
            Tilt.UPRIGHT: place.height(),
        }[self.tilt]
        mode = Qt.TextElideMode.ElideMiddle
        name = painter.fontMetrics().elidedText(self._model.classes[section], mode, room)
        self._draw(painter, place, name, align)

    def _draw(self, painter: QPainter, place: QRect, text: str, align: Qt.AlignmentFlag) -> None:
        """Draw text along the axis; turned text reads upwards."""
        title = text is self._title
        tilt = (Tilt.NONE if self._across else Tilt.UPRIGHT) if title else self.tilt
        if tilt is Tilt.NONE:
            painter.drawText(place, align, text)
            return
        painter.save()
        if tilt is Tilt.SLANTED:
            painter.translate(place.center().x() - GRID // 2, place.bottom())
            line = self.fontMetrics().height()
            turned = QRect(0, -line // 2, 2 * _MAX_NAME_HEIGHT, line)
        else:
            painter.translate(place.bottomLeft())
            turned = QRect(0, 0, place.height(), place.width())
        painter.rotate(-tilt)
        painter.drawText(turned, align, text)
        painter.restore()

    def _place(self, section: int) -> QRect:
        """Rectangle of a name; empty for -1."""
        start, size = self.sectionViewportPosition(section), self.sectionSize(section)
        strip = self.fontMetrics().height() + GRID // 2
        if self._across:
            return QRect(start, strip, size, self.height() - strip - GRID // 2)
        return QRect(strip, start, self.width() - strip - GRID // 2, size)

    def _title_place(self) -> QRect:
        """Above or beside what is in sight of the matrix."""
        line = self.fontMetrics().height()
        if self._across:
            return QRect(0, 0, min(self.width(), self.length()), line)
        return QRect(0, 0, line, min(self.height(), self.length()))

    def _visible_sections(self) -> range:
        if not self.count():
            return range(0)
        end = self.width() if self._across else self.height()
        last = self.logicalIndexAt(end - 1)
        return range(max(self.logicalIndexAt(0), 0), (last if last >= 0 else self.count() - 1) + 1)

    def _repaint(self, *sections: int) -> None:
        if sections[0] == sections[1]:
            return
        if self.tilt is Tilt.SLANTED:
            self.viewport().update()
        for each in sections:
            self.viewport().update(self._place(each))

    def _widths(self) -> list[int]:
        metrics = QFontMetrics(self._bold())
        return [metrics.horizontalAdvance(name) for name in self._model.classes]

    def _bold(self) -> QFont:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.DemiBold)
        return bold
