"""The row below the bars: all classes, copy, and more to do with a prediction."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from cifar_desktop.look.icons import icon
from cifar_desktop.look.widgets import flat, icon_button, small, with_icon

_FEWER = "Fewer"


class PredictionTools(QWidget):
    """Buttons for a prediction.

    Signals:
        all_toggled: Show all classes, or only the first.
    """

    all_toggled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._chosen: bool | None = None
        self._shown, self._every = False, ""
        self.all = flat(QPushButton())
        small(with_icon(self.all, "chev", "quiet"))
        self.all.clicked.connect(self._toggle)
        self.copy = icon_button("copy", "Copy prediction", "Copy the prediction as text (Ctrl+C)")
        self.more = icon_button("more", "More to do with this prediction")
        self.menu = QMenu(self.more)
        self.copy_seen = self.menu.addAction("Copy what the network &sees")
        # Without `setMenu`, which adds an arrow to the three dots.
        self.more.clicked.connect(self._open_menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.all)
        layout.addStretch(1)
        for button in (self.copy, self.more):
            small(button)
            layout.addWidget(button)

    def show_every(self, text: str, *, needed: bool) -> None:
        """Say what shows all classes; needed only where there are more than the first."""
        self._every = text
        self.all.setVisible(needed)
        self._name()

    def shows_all(self, *, fits: bool) -> bool:
        """Whether to show all classes: as the user has chosen, or else where they fit."""
        self._shown = fits if self._chosen is None else self._chosen
        self._name()
        return self._shown

    def _name(self) -> None:
        self.all.setText(_FEWER if self._shown else self._every)
        self.all.setIcon(icon("chevU" if self._shown else "chev", "quiet"))

    @Slot()
    def _open_menu(self) -> None:
        self.menu.popup(self.more.mapToGlobal(self.more.rect().bottomLeft()))

    @Slot()
    def _toggle(self) -> None:
        self._chosen = not self._shown
        self.all_toggled.emit()
