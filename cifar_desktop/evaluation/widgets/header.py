"""What stands above an evaluation: which network, which data, how far it is. Part of its page."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QMenu,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.elided_label import ElidedLabel
from cifar_desktop.ui.progress import show_fraction
from cifar_desktop.ui.style import GRID, quiet, title

_WIDE = 100 * GRID
"""From this width on everything is in one row."""

_TIGHT = 82 * GRID
"""So narrow may that row be where height is scarce."""

_NARROW = 60 * GRID


class EvaluationHeader(QWidget):
    """Choosers and buttons.

    Signals:
        network_chosen: Key of what shall be shown.
        data_chosen: Key of the data by which networks shall be judged.
        browse_wanted: Choose a folder of data.
        evaluate_wanted: Judge what is chosen.
    """

    network_chosen = Signal(str)
    data_chosen = Signal(str)
    browse_requested = Signal()
    evaluate_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wide: bool | None = None
        self._least = _WIDE
        self.browse = QPushButton("F&older…")
        self.browse.setToolTip("Judge by a folder that holds one folder of pictures for each class")
        self.network = ChoiceField("Networ&k")
        self.data = ChoiceField("&Data", (), self.browse)
        self.own_data = ElidedLabel()
        self.own_data.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.evaluate = QPushButton("Eva&luate")
        self.save = QPushButton("&Save…")
        self.save.setToolTip("Save what is shown as a picture or a table")
        self.menu = QMenu(self.save)
        self.save.setMenu(self.menu)
        self._arrange()
        self.network.chosen.connect(self.network_chosen)
        self.data.chosen.connect(self.data_chosen)
        self.browse.clicked.connect(self.browse_requested)
        self.evaluate.clicked.connect(self.evaluate_requested)

    def show_buttons(self, *, evaluate: str, save: bool) -> None:
        """Offer what makes sense now.

        Args:
            evaluate: What the button says that judges; there is none without words.
            save: Whether there is something to save.
        """
        self.evaluate.setText(evaluate)
        self.evaluate.setVisible(bool(evaluate))
        self.save.setVisible(save)
        self._buttons.setVisible(bool(evaluate) or save)

    def show_own_data(self, name: str) -> None:
        """What a run learned from; without a name, let the person choose the data."""
        self.own_data.show_text(f"Data: {name}" if name else "")
        self._which.setCurrentWidget(self.own_data if name else self.data)

    def minimumSizeHint(self) -> QSize:
        """In one row it may become narrower all the same: it takes two then."""
        hint = super().minimumSizeHint()
        return QSize(min(hint.width(), _NARROW), hint.height()) if self._wide else hint

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use one row or two."""
        super().resizeEvent(event)
        self._place(wide=event.size().width() >= self._least)

    def set_low(self, *, low: bool) -> None:
        """In a low window, use one row where it is only just wide enough, too."""
        self._least = _TIGHT if low else _WIDE
        self._place(wide=self.width() >= self._least)

    def _arrange(self) -> None:
        self._which = QStackedWidget()
        self._which.addWidget(self.data)
        self._which.addWidget(self.own_data)
        self._buttons = QWidget()
        row = QHBoxLayout(self._buttons)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addWidget(self.evaluate)
        row.addWidget(self.save)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnStretch(0, 1)
        self._place(wide=False)

    def _place(self, *, wide: bool) -> None:
        if wide == self._wide:
            return
        self._wide = wide
        self._grid.addWidget(self.network, 0, 0)
        if wide:
            self._grid.addWidget(self._which, 0, 1)
            self._grid.addWidget(self._buttons, 0, 2)
        else:
            self._grid.addWidget(self._buttons, 0, 1)
            self._grid.addWidget(self._which, 1, 0, 1, 2)
        self._grid.setColumnStretch(1, 1 if wide else 0)


class ProgressRow(QWidget):
    """How far the judging is, and the way to stop it.

    Signals:
        cancel_wanted: Stop.
    """

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = ElidedLabel()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedHeight(GRID)
        self.bar.setAccessibleName("Progress of the evaluation")
        self.cancel = QPushButton("Cancel")
        self.cancel.setToolTip("Stop; what was found before stays")
        self.cancel.clicked.connect(self.cancel_requested)
        column = QVBoxLayout()
        column.setSpacing(GRID // 2)
        column.addWidget(self.words)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GRID)
        row.addLayout(column, 1)
        row.addWidget(self.cancel)

    def show_progress(self, words: str, fraction: float | None) -> None:
        """Say how far it is; a fraction of None is unknown."""
        self.words.show_text(words)
        self.bar.setAccessibleDescription(words)
        show_fraction(self.bar, fraction)


class EvaluationMessage(QWidget):
    """Stands where the evaluation would be.

    Signals:
        evaluate_wanted: Judge, or try that again.
        find_wanted: The person knows where the data are now.
        browse_wanted: Judge by a folder of the person's own instead.
    """

    evaluate_requested = Signal()
    find_requested = Signal()
    browse_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.heading, self.text = title(factor=1.4), quiet()
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.evaluate = QPushButton()
        self.find_data = QPushButton("Fin&d the data…")
        self.browse = QPushButton("Folde&r…")
        self.browse.setToolTip("Judge by a folder that is on this computer instead")
        self.evaluate.clicked.connect(self.evaluate_requested)
        self.find_data.clicked.connect(self.find_requested)
        self.browse.clicked.connect(self.browse_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addStretch(1)
        for button in (self.find_data, self.browse, self.evaluate):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setSpacing(GRID + GRID // 2)
        layout.addStretch(1)
        for label in (self.heading, self.text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            layout.addWidget(label)
        layout.addLayout(buttons)
        layout.addStretch(1)

    def show_message(
        self,
        heading: str,
        text: str = "",
        *,
        evaluate: str = "",
        find: bool = False,
        browse: bool = False,
    ) -> None:
        """Say something, and offer what helps.

        Args:
            heading: In a few words.
            text: A sentence or two.
            evaluate: What the button says that judges; there is none without words.
            find: Whether the person may show where the data are.
            browse: Whether the person may choose other data.
        """
        self.heading.setText(heading)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self.evaluate.setText(evaluate)
        self.evaluate.setVisible(bool(evaluate))
        self.find_data.setVisible(find)
        self.browse.setVisible(browse)
