"""Turns model cards into texts."""

from typing import TYPE_CHECKING

from cifar_desktop.networks.services.store import StoredNetwork
from cifar_desktop.networks.widgets.picker import NetworkEntry
from cifar_desktop.ui.formatting import readable
from trainer.evaluation.accuracy_text import (
    ENOUGH_TO_CALIBRATE,
    accuracy_text,
    counted_accuracy_text,
    is_enough,
)

if TYPE_CHECKING:
    from trainer.models.model_file import ModelCard


def class_names(card: "ModelCard") -> list[str]:
    """The classes of a network, as they are shown."""
    return [readable(name) for name in card.classes]


def accuracy(card: "ModelCard") -> str:
    """The test accuracy; empty if it was not tested."""
    figure = card.figures.get("accuracy")
    if figure is None:
        return ""
    few = not is_enough(_images(card))
    return counted_accuracy_text(figure, _images(card)) if few else f"{figure * 100:.1f} %"


def accuracy_with_range(card: "ModelCard") -> str:
    """The same, and its likely range if it was tested on few images."""
    figure = card.figures.get("accuracy")
    few = figure is not None and not is_enough(_images(card))
    return accuracy_text(figure, _images(card)) if figure is not None and few else accuracy(card)


def calibration(card: "ModelCard") -> str:
    """That its probabilities were calibrated on too few images; empty if on enough."""
    images = round(card.figures.get("validation_images", 0.0))
    return f"calibrated on only {images} images" if 0 < images < ENOUGH_TO_CALIBRATE else ""


def _images(card: "ModelCard") -> int:
    return round(card.figures.get("images", 0.0))


def network_entry(network: StoredNetwork, name: str, *, removable: bool) -> NetworkEntry:
    """A network as an entry of the picker."""
    card = network.card
    if card is None:
        detail = "cannot be used"
    else:
        classes = f"{len(card.classes)} classes"
        detail = ", ".join(filter(None, (accuracy_with_range(card), classes, calibration(card))))
    return NetworkEntry(
        key=str(network.path),
        name=name,
        figure=accuracy(card) if card else "",
        detail=detail,
        removable=removable,
    )
