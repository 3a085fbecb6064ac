"""Painting of the cells and class names of a confusion matrix.

Correct predictions are blue and mistakes orange, distinguishable with any kind of color vision.
"""

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from cifar_desktop.evaluation.widgets.confusion_model import LEVELS, ConfusionModel
from cifar_desktop.ui.chart_palette import ChartPalette, chart_palette, mixed
from cifar_desktop.ui.style import GRID, scaled_font

_MIN_STRENGTH, _MAX_STRENGTH = 0.14, 0.95
_MAX_NAME_HEIGHT = 14 * GRID
_MAX_NAME_WIDTH = 20 * GRID
_FLAGS = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True, kw_only=True)
class Shade:
    """The color of a cell, and a readable text color."""

    fill: QColor
    text: QColor


class Shades:
    """The colors of the cells for a palette."""

    def __init__(self, palette: QPalette) -> None:
        self.colors: ChartPalette = chart_palette(palette)
        self.empty = mixed(self.colors.text, self.colors.ground, 0.035)
        self.band = mixed(self.colors.text, self.colors.ground, 0.6)
        self._right = self._scale(self.colors.training)
        self._wrong = self._scale(self.colors.validation)

    def shade(self, level: int, *, right: bool) -> Shade:
        """The colors for a shade of `confusion_model`."""
        return (self._right if right else self._wrong)[level]

    def _scale(self, hue: QColor) -> list[Shade]:
        step = (_MAX_STRENGTH - _MIN_STRENGTH) / (LEVELS - 1)
        fills = [
            mixed(hue, self.colors.ground, _MIN_STRENGTH + step * level) for level in range(LEVELS)
        ]
        choices = self.colors.text, self.colors.ground
        return [
            Shade(fill=fill, text=max(choices, key=lambda text: contrast(text, fill)))
            for fill in fills
        ]


class CellPainter(QStyledItemDelegate):
    """Paints a cell: color, count, hover bands and selection ring.

    Attributes:
        shades: The colors.
        hovered: Cell under the pointer, or (-1, -1).
        selected: Cell with the ring, or (-1, -1); cached, as querying it for every cell is slow.
    """

    def __init__(self, model: ConfusionModel, parent: QWidget) -> None:
        super().__init__(parent)
        self._model, self._table = model, parent
        self.shades = Shades(parent.palette())
        self.hovered = self.selected = (-1, -1)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint one cell; the gaps show the background."""
        row, column, rect = index.row(), index.column(), option.rect
        count = self._model.count(row, column)
        shade = self.shades.shade(self._model.level(row, column), right=row == column)
        tile = rect.adjusted(0, 0, -1, -1)
        painter.fillRect(tile, shade.fill if count else self.shades.empty)
        if count:
            painter.setPen(shade.text)
            painter.drawText(tile, _FLAGS.AlignCenter, f"{count:,}")
        self._paint_bands(painter, rect, (row, column))
        if (row, column) == self.selected:
            self._paint_ring(painter, tile)

    def _paint_bands(self, painter: QPainter, rect: QRect, cell: tuple[int, int]) -> None:
        """Guide the eye from the hovered cell to its class names."""
        if cell[0] == self.hovered[0]:
            painter.fillRect(rect.x(), rect.y(), rect.width(), 1, self.shades.band)
            painter.fillRect(rect.x(), rect.bottom() - 1, rect.width(), 1, self.shades.band)
        if cell[1] == self.hovered[1]:
            painter.fillRect(rect.x(), rect.y(), 1, rect.height(), self.shades.band)
            painter.fillRect(rect.right() - 1, rect.y(), 1, rect.height(), self.shades.band)

    def _paint_ring(self, painter: QPainter, tile: QRect) -> None:
        """Paint two lines, so that the ring is visible on every color."""
        colors = self.shades.colors
        outer = colors.focus if self._table.hasFocus() else colors.text
        for inset, color in ((0, outer), (1, outer), (2, colors.ground)):
            painter.setPen(color)
            painter.drawRect(tile.adjusted(inset, inset, -inset - 1, -inset - 1))


class ClassNames(QHeaderView):
    """Class names along one side with the axis title; rotated where they do not fit.

    Signals: those of every header.

    Args:
        orientation: Horizontal for the columns.
        title: Axis title.
        model: The classes.
        parent: Parent widget.
    """

    def __init__(
        self, orientation: Qt.Orientation, title: str, model: ConfusionModel, parent: QWidget
    ) -> None:
        super().__init__(orientation, parent)
        self._title, self._model = title, model
        self._across = orientation == Qt.Orientation.Horizontal
        self._colors = chart_palette(self.palette())
        self.turned = False
        self.hovered = -1
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setMinimumSectionSize(1)
        self.setSectionsClickable(False)
        self.setHighlightSections(False)

    @property
    def widest(self) -> int:
        """Width of the longest name plus padding."""
        metrics = QFontMetrics(self._bold())
        widths = (metrics.horizontalAdvance(name) for name in self._model.classes)
        return max(widths, default=0) + GRID // 2

    def thickness(self, *, turned: bool) -> int:
        """Height of the header above the columns, or width of the one beside the rows."""
        line = self.fontMetrics().height()
        if not self._across:
            return line + GRID + min(self.widest, _MAX_NAME_WIDTH)
        return line + GRID + (min(self.widest, _MAX_NAME_HEIGHT) if turned else line + GRID // 2)

    def show_hovered(self, section: int) -> None:
        """Highlight a name; -1 for none."""
        for each in {section, self.hovered} if section != self.hovered else ():
            self.viewport().update(self._place(each))
        self.hovered = section

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette, which arrives here later than in the table."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._colors = chart_palette(self.palette())
            self.viewport().update()

    def sizeHint(self) -> QSize:
        """The thickness that the names need."""
        size = self.thickness(turned=self.turned)
        return QSize(0, size) if self._across else QSize(size, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the title and the visible names."""
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), self._colors.ground)
        painter.setPen(self._colors.quiet)
        self._draw(painter, self._title_place(), self._title, _FLAGS.AlignCenter)
        for section in self._visible_sections():
            if event.region().intersects(self._place(section)):
                self._paint_name(painter, section)

    def _paint_name(self, painter: QPainter, section: int) -> None:
        bold = section == self.hovered
        painter.setFont(self._bold() if bold else self.font())
        painter.setPen(self._colors.text)
        place = self._place(section)
        side = _FLAGS.AlignLeft if self._across else _FLAGS.AlignRight
        upright = self._across and not self.turned
        align = _FLAGS.AlignCenter if upright else side | _FLAGS.AlignVCenter
        room = place.height() if self.turned else place.width()
        mode = Qt.TextElideMode.ElideMiddle
        name = painter.fontMetrics().elidedText(self._model.classes[section], mode, room)
        self._draw(painter, place, name, align)

    def _draw(self, painter: QPainter, place: QRect, text: str, align: Qt.AlignmentFlag) -> None:
        """Draw text along the axis; rotated text reads upwards."""
        title = text is self._title
        if not (self.turned and not title) and (self._across or not title):
            painter.drawText(place, align, text)
            return
        painter.save()
        painter.translate(place.bottomLeft())
        painter.rotate(-90)
        painter.drawText(QRect(0, 0, place.height(), place.width()), align, text)
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

    def _bold(self) -> QFont:
        return scaled_font(self, 1.0, QFont.Weight.DemiBold)


def contrast(one: QColor, other: QColor) -> float:
    """Contrast ratio of two colors, 1 to 21 (WCAG 2)."""
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(color: QColor) -> float:
    parts = color.redF(), color.greenF(), color.blueF()
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
