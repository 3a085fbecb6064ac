"""The grid of the image gallery: a list view that paints only visible images."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QMenu, QStyle, QWidget

from cifar_desktop.evaluation.widgets.gallery_model import GalleryModel, Index
from cifar_desktop.evaluation.widgets.gallery_painting import GalleryPainter, closest, divide, sizes
from cifar_desktop.ui.style import GRID

_DEFAULT_SIZE = 96.0
_NOTCH = 120
_AROUND = 10, GRID, 2, 0
_HINT = (
    "Arrows, Page Up, Page Down, Home and End move between images. Ctrl+plus and Ctrl+minus change "
    "their size, Ctrl+C copies one."
)
_LARGER = (Qt.Key.Key_Plus, Qt.Key.Key_Equal)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class GalleryGrid(QListView):
    """Images side by side, one of which is current.

    Args:
        model: The images.
        parent: Parent widget.

    Signals:
        moved: Position of the current image; -1 for none.
        opened: Position of an image that was double-clicked or opened with Enter.
        size_changed: Index of the current size in `sizes`.
        sizes_changed: The available sizes changed.
    """

    moved = Signal(int)
    opened = Signal(int)
    size_changed = Signal(int)
    sizes_changed = Signal()

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._images, self._preferred_size, self._turned = model, _DEFAULT_SIZE, 0
        self._painter = GalleryPainter(self, model)
        self.sizes: Sequence[float] = (_DEFAULT_SIZE,)
        """Available tile sizes."""
        self.setModel(model)
        self.setItemDelegate(self._painter)
        self._set_up()
        self.doubleClicked.connect(lambda index: self.opened.emit(index.row()))
        model.modelReset.connect(self._arrange)

    @property
    def size_index(self) -> int:
        """Index of the current tile size."""
        return closest(self.sizes, self._preferred_size)

    @property
    def position(self) -> int:
        """Position of the current image; -1 for none."""
        return self.currentIndex().row()

    @property
    def columns(self) -> int:
        """Number of images per row."""
        return self._painter.cells.columns

    def choose_size(self, index: int) -> None:
        """Change the tile size; the current image stays visible."""
        index = min(max(index, 0), len(self.sizes) - 1)
        if index != self.size_index:
            self._preferred_size = self.sizes[index]
            self._arrange()
            self.executeDelayedItemsLayout()
            self.scrollTo(self.currentIndex())
            self.size_changed.emit(index)

    def go_to(self, position: int) -> None:
        """Make an image the current one."""
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._images.index(position, 0), flags)

    def copy(self) -> None:
        """Copy the current image to the clipboard, unscaled."""
        if self.position >= 0:
            QGuiApplication.clipboard().setImage(self._images.image(self.position))

    def copy_name(self) -> None:
        """Copy the name of the current image to the clipboard."""
        if self.position >= 0 and self._images.source is not None:
            QGuiApplication.clipboard().setText(self._images.source.name(self.position))

    def sizeHint(self) -> QSize:
        """A large size; the layout decides."""
        return QSize(50 * GRID, 40 * GRID)

    def minimumSizeHint(self) -> QSize:
        """Room to see some of an image."""
        return QSize(14 * GRID, 10 * GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Divide the new width into columns."""
        super().resizeEvent(event)
        self._arrange()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the palette and the font."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self._painter.follow_style()
            self._arrange()

    def event(self, event: QEvent) -> bool:
        """Keep the copy shortcut from the window's menu; follow the screen's resolution."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.matches(QKeySequence.StandardKey.Copy):
                event.accept()
                return True
        elif event.type() == QEvent.Type.DevicePixelRatioChange:
            self._painter.follow_style()
            self._arrange()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, open and change the size; other keys move."""
        held = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in _ENTER and self.position >= 0:
            self.opened.emit(self.position)
        elif held and event.key() in _LARGER:
            self.choose_size(self.size_index + 1)
        elif held and event.key() == Qt.Key.Key_Minus:
            self.choose_size(self.size_index - 1)
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Change the size with Ctrl and the wheel."""
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        # Touchpads report fractions of a notch.
        self._turned += event.angleDelta().y()
        notches = int(self._turned / _NOTCH)
        self._turned -= notches * _NOTCH
        self.choose_size(self.size_index + notches)
        event.accept()

    def moveCursor(  # noqa: N802 (Qt's name)
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Index that a key leads to; Left and Right continue in the next row."""
        last = self._images.rowCount() - 1
        by = self._step(action)
        if last < 0 or by is None:
            return self.currentIndex()
        if self.position < 0:
            return self._images.index(0, 0)
        target = self.position + by
        if not 0 <= target <= last and self._stays(action, last):
            target = self.position
        return self._images.index(min(max(target, 0), last), 0)

    def keyboardSearch(self, _search: str) -> None:  # noqa: N802 (Qt's name)
        """Ignore letters: images have no names to search."""

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802 (Qt's name)
        """Report the current image."""
        super().currentChanged(current, previous)
        self.moved.emit(current.row())

    def _stays(self, action: QAbstractItemView.CursorAction, last: int) -> bool:
        """Whether a key at the edge does not move; above a short last row, Down goes to its end."""
        in_last_row = self.position // self.columns == last // self.columns
        up, down = self.CursorAction.MoveUp, self.CursorAction.MoveDown
        return action == up or (action == down and in_last_row)

    def _step(self, action: QAbstractItemView.CursorAction) -> int | None:
        """Number of images that a key moves by."""
        actions, count = self.CursorAction, self._images.rowCount()
        page = max(self.viewport().height() // self._painter.cells.size.height(), 1) * self.columns
        return {
            actions.MoveLeft: -1, actions.MovePrevious: -1,
            actions.MoveRight: 1, actions.MoveNext: 1,
            actions.MoveUp: -self.columns, actions.MoveDown: self.columns,
            actions.MovePageUp: -page, actions.MovePageDown: page,
            actions.MoveHome: -count, actions.MoveEnd: count,
        }.get(action)  # fmt: skip

    def _set_up(self) -> None:
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setViewportMargins(*_AROUND)
        # What is below paints the ground.
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setAccessibleName("Images")
        self.setAccessibleDescription(_HINT)
        self.menu = QMenu(self)
        self.menu.addAction("&Copy image\tCtrl+C").triggered.connect(lambda _checked: self.copy())
        self.menu.addAction("Copy &name").triggered.connect(lambda _checked: self.copy_name())
        self.addActions(self.menu.actions())
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def _arrange(self) -> None:
        """Adapt sizes and grid to images, width, font and screen."""
        found = sizes(self._images.side, self.devicePixelRatioF())
        if found != self.sizes:
            self.sizes = found
            self.sizes_changed.emit()
        cells = divide(self._available_width(), self.fontMetrics(), self.sizes[self.size_index])
        if cells != self._painter.cells:
            self._painter.cells = cells
            self.setGridSize(cells.size)
            self.verticalScrollBar().setSingleStep(max(cells.size.height() // 3, 1))

    def _available_width(self) -> int:
        """The width that Qt fills, without the scroll bar."""
        style, bar = self.style(), self.verticalScrollBar()
        width = self.maximumViewportSize().width()
        width -= style.pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent, None, bar)
        if style.styleHint(QStyle.StyleHint.SH_ScrollView_FrameOnlyAroundContents, None, bar):
            width -= 2 * style.pixelMetric(QStyle.PixelMetric.PM_DefaultFrameWidth, None, self)
        # Qt leaves the last pixel of a row empty.
        return max(width - 1, 1)
