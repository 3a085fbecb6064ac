"""Turns model cards into texts."""

from typing import TYPE_CHECKING

from cifar_desktop.networks.services.store import StoredNetwork
from cifar_desktop.networks.widgets.picker import NetworkEntry
from cifar_desktop.ui.formatting import readable

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard


def class_names(card: "ModelCard") -> list[str]:
    """The classes of a network, as they are shown."""
    return [readable(name) for name in card.classes]


def accuracy(card: "ModelCard") -> str:
    """The test accuracy; empty if it was not tested."""
    figure = card.figures.get("accuracy")
    return "" if figure is None else f"{figure * 100:.1f} %"


def network_entry(network: StoredNetwork, name: str, *, removable: bool) -> NetworkEntry:
    """A network as an entry of the picker."""
    card = network.card
    if card is None:
        detail = "cannot be used"
    else:
        classes = f"{len(card.classes)} classes"
        detail = ", ".join(filter(None, (accuracy(card), classes)))
    return NetworkEntry(
        key=str(network.path),
        name=name,
        figure=accuracy(card) if card else "",
        detail=detail,
        removable=removable,
    )
