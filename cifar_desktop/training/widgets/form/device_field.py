"""The device to train on, and why others are not available, as a field of the training form."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolTip

from cifar_desktop.look.widgets import icon_button
from cifar_desktop.ui.choice_field import Choice, ChoiceField
from cifar_desktop.ui.field_row import Place, explain, tooltip

_WHY = "Why another device is not available"


class DeviceField(ChoiceField):
    """A list of devices, and a button that tells why others are not available.

    Args:
        first: The device that is offered before others are known.
    """

    def __init__(self, first: Choice) -> None:
        self.why = icon_button("info", _WHY)
        self.why.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.why.clicked.connect(self._on_why)
        super().__init__("Device", [first], self.why, place=Place.BELOW, icon_name="device")
        self.show_reasons("")

    def show_reasons(self, text: str) -> None:
        """Have the button tell these reasons; without any it is hidden."""
        explain(self.why, text or _WHY)
        self.why.setVisible(bool(text))

    @Slot()
    def _on_why(self) -> None:
        below = self.why.mapToGlobal(self.why.rect().bottomLeft())
        QToolTip.showText(below, tooltip(self.why.accessibleDescription()), self.why)
