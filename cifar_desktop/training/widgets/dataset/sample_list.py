"""The list of classes with samples: headings, keys, and clicks on images."""

import base64

from PySide6.QtCore import QBuffer, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip, QWidget

from cifar_desktop.look.roles import roles
from cifar_desktop.look.type_scale import Text, font
from cifar_desktop.training.widgets.dataset.class_rows import ClassesModel, ClassPainter, Index
from cifar_desktop.training.widgets.dataset.row_layout import MEAN, RowLayout
from cifar_desktop.training.widgets.dataset.state import DatasetInfo
from cifar_desktop.ui.style import GRID

_ENLARGED_SIDE = 192
_SAMPLES = "Random training images: click one to see it augmented"
_HINT = (
    "Up and Down move between classes, Left and Right between images. Space enlarges an image, "
    "Enter shows how training augments it."
)


class SampleList(QListView):
    """The class list; arrows, Page Up, Page Down, Home and End navigate, letters jump.

    Args:
        model: The classes.

    Signals:
        sample_chosen: A row and a column (1 is the first sample), by click or Enter.
    """

    sample_chosen = Signal(int, int)

    def __init__(self, model: ClassesModel) -> None:
        super().__init__()
        self._model, self._column, self._pressed = model, 1, (-1, -1)
        self._painter = ClassPainter(self, model, lambda: self.column)
        self._headings = _Headings(self)
        self.setModel(model)
        self.setItemDelegate(self._painter)
        self.setAccessibleName("Classes with sample images")
        self.setAccessibleDescription(_HINT)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setAutoFillBackground(False)
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setViewportMargins(0, self._headings.height(), 0, 0)

    @property
    def column(self) -> int:
        """The current image of the current row; 0 is the mean image."""
        row, layout = self.currentIndex().row(), self._painter.row_layout()
        images = len(self._painter.images(row)) if row >= 0 else 1
        return max(MEAN, min(self._column, images - 1, layout.tiles))

    @property
    def dataset(self) -> DatasetInfo:
        """The dataset that is shown."""
        return self._model.data_shown

    @property
    def row_layout(self) -> RowLayout:
        """The layout of every row."""
        return self._painter.row_layout()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out the rows for the new width."""
        super().resizeEvent(event)
        viewport = self.viewport().geometry()
        top = viewport.top() - self._headings.height()
        self._headings.setGeometry(viewport.left(), top, viewport.width(), self._headings.height())
        if event.oldSize().width() != event.size().width():
            self.scheduleDelayedItemsLayout()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and Right move between images; Space enlarges one, Enter chooses it."""
        match event.key():
            case Qt.Key.Key_Left:
                self._go_to(self.column - 1)
            case Qt.Key.Key_Right:
                self._go_to(self.column + 1)
            case Qt.Key.Key_Space:
                self._enlarge(self.currentIndex().row(), self.column)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self._choose(self.currentIndex().row(), self.column)
            case _:
                QToolTip.hideText()
                super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Make the image under the mouse the current one."""
        super().mousePressEvent(event)
        self._pressed = self._at(event.position().toPoint())
        if self._pressed[1] >= 0:
            self._column = self._pressed[1]
            self.viewport().update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose the clicked image."""
        super().mouseReleaseEvent(event)
        row, column = self._at(event.position().toPoint())
        left = event.button() == Qt.MouseButton.LeftButton
        if left and column >= 0 and (row, column) == self._pressed:
            self._choose(row, column)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show a pointing hand over clickable images."""
        super().mouseMoveEvent(event)
        on_sample = self._at(event.position().toPoint())[1] > MEAN
        shape = Qt.CursorShape.PointingHandCursor if on_sample else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def viewportEvent(self, event: object) -> bool:
        """Enlarge the image under the pointer as a tooltip."""
        if isinstance(event, QHelpEvent):
            row, column = self._at(event.pos())
            if column >= 0:
                tile = self._painter.images(row)[column]
                QToolTip.showText(event.globalPos(), _enlarged(tile), self.viewport())
                return True
        return super().viewportEvent(event)  # type: ignore[arg-type]

    def _at(self, place: QPoint) -> tuple[int, int]:
        """Row and column of the image at a position; -1 for none."""
        index = self.indexAt(place)
        if not index.isValid():
            return -1, -1
        inside = place - self.visualRect(index).topLeft()
        column = self.row_layout.column(inside.x(), inside.y())
        images = self._painter.images(index.row())
        missing = column is None or column >= len(images) or images[column].isNull()
        return index.row(), -1 if missing or column is None else column

    def _go_to(self, column: int) -> None:
        """Make another image of the row the current one, and announce it."""
        self._column = max(MEAN, column)
        self._column = self.column
        QToolTip.hideText()
        self.viewport().update()
        self._announce(self._image_text(self._column))

    def _image_text(self, column: int) -> str:
        row = self.currentIndex().row()
        samples = len(self._painter.images(row)) - 1 if row >= 0 else 0
        if samples < 1:
            return "No images"
        return f"Sample {column} of {samples}" if column > MEAN else "Mean image of the class"

    def _choose(self, row: int, column: int) -> None:
        if row < 0 or column >= len(self._painter.images(row)):
            return
        # Training never sees the mean image, so there is no augmentation to show.
        if column == MEAN:
            self._enlarge(row, column)
        else:
            self.sample_chosen.emit(row, column)

    def _enlarge(self, row: int, column: int) -> None:
        images = self._painter.images(row) if row >= 0 else []
        if column < len(images) and not images[column].isNull():
            corner = self.visualRect(self._model.index(row, 0)).topLeft()
            place = corner + self.row_layout.place(column).bottomLeft().toPoint()
            at = self.viewport().mapToGlobal(place)
            QToolTip.showText(at, _enlarged(images[column]), self.viewport())

    def _announce(self, text: str) -> None:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 (Qt's name)
        """Hide the enlarged image when another row becomes the current one."""
        super().currentChanged(current, previous)
        QToolTip.hideText()


class _Headings(QWidget):
    """Column headings above the rows."""

    def __init__(self, rows: SampleList) -> None:
        super().__init__(rows)
        self._rows = rows
        self.setFixedHeight(self.fontMetrics().height() + GRID)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint a heading above each column."""
        painter, layout = QPainter(self), self._rows.row_layout
        found = roles(self.palette())
        painter.setFont(font(Text.CAPTION))
        painter.fillRect(self.rect(), found.raised)
        painter.fillRect(0, self.height() - 1, self.width(), 1, found.line)
        painter.setPen(found.quiet)
        mean, samples = layout.place(MEAN).left(), layout.place(MEAN + 1).left()
        if not layout.stacked:
            splits = " + ".join(self._rows.dataset.splits).capitalize()
            self._paint(painter, splits, GRID, mean - GRID)
        self._paint(painter, "Mean", mean, samples)
        self._paint(painter, _SAMPLES, samples, self.width())

    def _paint(self, painter: QPainter, text: str, left: float, right: float) -> None:
        mode = Qt.TextElideMode.ElideRight
        text = painter.fontMetrics().elidedText(text, mode, int(right - left))
        place = QRectF(left, 0, right - left, self.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, text)


def _enlarged(tile: QImage) -> str:
    buffer = QBuffer()
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    tile.scaled(_ENLARGED_SIDE, _ENLARGED_SIDE).save(buffer, "PNG")  # type: ignore[call-overload]
    encoded = base64.b64encode(bytes(buffer.data().data())).decode()
    return f'<img src="data:image/png;base64,{encoded}">'
