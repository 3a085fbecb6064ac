"""The Classify tab without a picture: empty page, progress or failure."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.classify.widgets.class_chips import ClassChips
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID, blend, quiet, title

_ICON = 9 * GRID
_KNOWS = "This network recognizes:"
_NO_NETWORK = "No network is loaded, so nothing can be classified yet."


class _Page(QWidget):
    """A column of centered widgets."""

    def __init__(self) -> None:
        super().__init__()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self._column.setSpacing(GRID + GRID // 2)
        self._column.addStretch(1)

    def _fill(self, *widgets: QWidget) -> None:
        for widget in widgets:
            if isinstance(widget, QLabel):
                widget.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            self._column.addWidget(widget)
        self._column.addStretch(1)

    def _row(self, *widgets: QWidget) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addStretch(1)
        for widget in widgets:
            layout.addWidget(widget)
        layout.addStretch(1)
        return row


class EmptyPage(_Page):
    """The page shown at startup.

    Signals:
        open_requested: The button for opening a picture was pressed.
        network_requested: The button for opening a network was pressed.
    """

    open_requested = Signal()
    network_requested = Signal()

    def __init__(self, icon: QIcon) -> None:
        super().__init__()
        self._icon = QLabel()
        self._icon.setPixmap(icon.pixmap(_ICON, _ICON))
        self.open = QPushButton("Open a &photo…")
        self.open.setDefault(True)
        self.open.clicked.connect(self.open_requested)
        self.network = QPushButton("Open a networ&k file…")
        self.network.clicked.connect(self.network_requested)
        self.network.hide()
        self.knows = quiet()
        self.chips = ClassChips()
        self._fill(
            self._icon,
            title("Drop a photo anywhere in this window"),
            quiet("Or open one, paste one, or enter its address above. It stays on your computer."),
            self._row(self.open, self.network),
            self.knows,
            self.chips,
        )

    def show_classes(self, names: Sequence[str]) -> None:
        """Show the network's classes; without any, say that there is no network."""
        self.knows.setText(_KNOWS if names else _NO_NETWORK)
        self.chips.show_names(names)
        self.network.setVisible(not names)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the outline of a drop area."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = blend(self.palette(), QPalette.ColorRole.WindowText, 0.3)
        painter.setPen(QPen(line, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(blend(self.palette(), QPalette.ColorRole.WindowText, 0.02))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), GRID, GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Hide the icon in a small window."""
        super().resizeEvent(event)
        self._icon.setVisible(self.height() >= 46 * GRID)


class BusyPage(_Page):
    """Progress of a slow load.

    Signals:
        cancel_requested: Cancel was pressed.
    """

    cancel_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.heading = title(factor=1.4)
        self.name = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName("Progress")
        self.bar.setMaximumWidth(60 * GRID)
        self.amount = quiet()
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop loading (Esc)")
        self.cancel.clicked.connect(self.cancel_requested)
        self.bar.setMinimumWidth(30 * GRID)
        self._fill(
            self.heading, self.name, self._row(self.bar), self.amount, self._row(self.cancel)
        )

    def begin(self, heading: str, name: str, origin: str) -> None:
        """Show what is loading, with unknown progress."""
        self.heading.setText(heading)
        self.name.show_text(name, origin)
        self.bar.setRange(0, 0)
        self.amount.setText(" ")

    def show_progress(self, fraction: float | None, amount: str) -> None:
        """Show the progress in bytes, and as a fraction if known."""
        self.bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.bar.setValue(round(1000 * min(fraction, 1.0)))
        self.amount.setText(amount)


class FailedPage(_Page):
    """Replaces a picture that could not be loaded.

    Signals:
        retry_requested: Try the same picture again.
        open_requested: Choose another picture.
        back_requested: Show the previous picture.
    """

    retry_requested = Signal()
    open_requested = Signal()
    back_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.name = ElidedLabel()
        self.retry = QPushButton("&Try again")
        self.retry.clicked.connect(self.retry_requested)
        self.open = QPushButton("Open another &photo…")
        self.open.clicked.connect(self.open_requested)
        self.back = QPushButton("&Back to the previous picture")
        self.back.clicked.connect(self.back_requested)
        self._fill(
            title("This picture could not be opened", factor=1.4),
            self.name,
            self._row(self.retry, self.open, self.back),
        )

    def show_failure(self, name: str, origin: str, *, retry: bool, back: bool) -> None:
        """Name the picture that failed, and offer ways on."""
        self.name.show_text(name, origin)
        self.retry.setVisible(retry)
        self.back.setVisible(back)
