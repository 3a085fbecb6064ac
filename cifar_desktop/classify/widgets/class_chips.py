"""The class names as small labels; part of the empty page."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from cifar_desktop.ui.style import GRID, blend

_MOST = 14


class ClassChips(QWidget):
    """Paints names in centered rows; with very many, the first ones and a count."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: list[str] = []
        self._widths: dict[str, int] = {}
        self._known_rows: dict[int, list[list[str]]] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_names(self, names: Sequence[str]) -> None:
        """Show these names."""
        self._names = list(names[:_MOST])
        if len(names) > _MOST:
            self._names.append(f"and {len(names) - _MOST} more")
        self.setToolTip(", ".join(names) if len(names) > _MOST else "")
        self.setAccessibleName("Classes: " + ", ".join(names))
        self._measure()

    def changeEvent(self, event: QEvent) -> None:
        """Measure the names again when the font changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._measure()

    def heightForWidth(self, width: int) -> int:
        """Height of the rows at a given width."""
        rows = self._rows(width)
        return len(rows) * (self._height() + GRID // 2) if self._names else 0

    def sizeHint(self) -> QSize:
        """Room for two or three rows of ten names."""
        return QSize(60 * GRID, self.heightForWidth(60 * GRID))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the rows."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        for index, row in enumerate(self._rows(self.width())):
            left = (self.width() - self._length(row)) // 2
            for name in row:
                chip = QRect(
                    left, index * (self._height() + GRID // 2), self._widths[name], self._height()
                )
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(blend(palette, QPalette.ColorRole.WindowText, 0.08))
                painter.drawRoundedRect(chip, chip.height() / 2, chip.height() / 2)
                painter.setPen(palette.color(QPalette.ColorRole.WindowText))
                text = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, 24 * GRID)
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
                left += chip.width() + GRID // 2

    def _measure(self) -> None:
        metrics = self.fontMetrics()
        self._widths = {
            name: min(metrics.horizontalAdvance(name), 24 * GRID) + 2 * GRID + 2
            for name in self._names
        }
        self._known_rows.clear()
        self.updateGeometry()
        self.update()

    def _rows(self, width: int) -> list[list[str]]:
        # A layout requests the height repeatedly, whichever page is visible.
        if width not in self._known_rows:
            self._known_rows[width] = self._balanced(width)
        return self._known_rows[width]

    def _balanced(self, width: int) -> list[list[str]]:
        """As few rows as possible, of roughly equal length."""
        fewest = len(self._filled(width))
        while width > GRID and len(self._filled(width - GRID)) == fewest:
            width -= GRID
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
        return sum(self._widths[name] for name in row) + (len(row) - 1) * GRID // 2

    def _height(self) -> int:
        return self.fontMetrics().height() + GRID
