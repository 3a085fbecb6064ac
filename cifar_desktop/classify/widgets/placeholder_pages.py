"""What the Classify tab shows while there is no picture: invitation, progress, or failure."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from cifar_desktop.classify.widgets.class_chips import ClassChips
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.style import GRID, blend, quiet, title

_ICON = 9 * GRID
_KNOWS = "The network tells these apart:"
_NO_NETWORK = "There is no network, so nothing can be recognized yet."


class _Page(QWidget):
    """A column of centred widgets."""

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
    """The invitation at the start.

    Signals:
        open_wanted: The button for opening a picture was pressed.
        network_wanted: The button for opening a network was pressed.
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
        """Say what the network tells apart; without any, that there is no network."""
        self.knows.setText(_KNOWS if names else _NO_NETWORK)
        self.chips.show_names(names)
        self.network.setVisible(not names)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the outline of a place to drop something."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        line = blend(self.palette(), QPalette.ColorRole.WindowText, 0.3)
        painter.setPen(QPen(line, 1.5, Qt.PenStyle.DashLine))
        painter.setBrush(blend(self.palette(), QPalette.ColorRole.WindowText, 0.02))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), GRID, GRID)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In a small window the words matter more than the icon."""
        super().resizeEvent(event)
        self._icon.setVisible(self.height() >= 46 * GRID)


class BusyPage(_Page):
    """Progress of a picture that takes its time.

    Signals:
        cancel_wanted: The button for stopping was pressed.
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
        """Show what is being loaded, of unknown length."""
        self.heading.setText(heading)
        self.name.show_text(name, origin)
        self.bar.setRange(0, 0)
        self.amount.setText(" ")

    def show_progress(self, fraction: float | None, amount: str) -> None:
        """Show how far it is, in bytes, and as a fraction if that is known."""
        self.bar.setRange(0, 0 if fraction is None else 1000)
        if fraction is not None:
            self.bar.setValue(round(1000 * min(fraction, 1.0)))
        self.amount.setText(amount)


class FailedPage(_Page):
    """Stands where the picture would be, when it could not be loaded.

    Signals:
        retry_wanted: Try the same picture again.
        open_wanted: Choose another one.
        back_wanted: Show the picture before.
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
        self.back = QPushButton("&Back to the picture before")
        self.back.clicked.connect(self.back_requested)
        self._fill(
            title("This picture could not be shown", factor=1.4),
            self.name,
            self._row(self.retry, self.open, self.back),
        )

    def show_failure(self, name: str, origin: str, *, retry: bool, back: bool) -> None:
        """Say which picture failed, and offer what can be done."""
        self.name.show_text(name, origin)
        self.retry.setVisible(retry)
        self.back.setVisible(back)
