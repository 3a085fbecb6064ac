"""What the Classify tab puts into the header row: open, address, network."""

from PySide6.QtCore import Slot

from cifar_desktop.classify.widgets.address_bar import AddressBar
from cifar_desktop.networks.widgets.picker import NetworkPicker
from cifar_desktop.ui.page_header import PageHeader


class ClassifyHeader(PageHeader):
    """The actions of the Classify tab.

    Args:
        address: The ways to a picture.
        picker: The network in use.
    """

    def __init__(self, address: AddressBar, picker: NetworkPicker) -> None:
        super().__init__()
        self._address, self._picker = address, picker
        self.row.setSpacing(16)
        self.row.addWidget(address)
        self.row.addWidget(picker)
        address.expanded.connect(self._make_room)

    def fit(self, width: int) -> None:
        """Show as many words as there is room for in a window of this width."""
        self._address.fit(width)

    @Slot()
    def _make_room(self) -> None:
        """Give the address field the whole row."""
        expanded = self._address.takes_header
        self._picker.setVisible(not expanded)
        self.row.setStretch(0, 0 if expanded else 1)
        self.row.setStretch(1, 1 if expanded else 0)
