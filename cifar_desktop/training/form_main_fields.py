"""The settings that every run has, as fields; part of `training_form`.

What is right is what `trainer.config.train_config` accepts; the sentences are its own.
"""

import secrets
from collections.abc import Callable
from typing import Any, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QPushButton

from cifar_desktop.training.form_choices import FLIPS, check, problem
from cifar_desktop.training.widgets.form.field_group import FieldGroup
from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.field_row import heading, unit
from trainer.config.train_config import Augmentation, Flip, TrainConfig

_SEEDS = 1_000_000
_EXPLANATIONS = {
    "epochs": "How many times the network sees every training image.",
    "batch_size": "How many images the network sees before each correction of its numbers.",
    "learning_rate": "How large the corrections are at first. Too large, and the loss explodes; "
    "too small, and it learns slowly.",
    "seed": "Decides over everything random. The same seed gives the same run again.",
    "flip": "Whether images are shown the other way round, left to right.",
    "translate": "How far images are moved at most, in every direction.",
    "cutout": "The side of a square that is blanked out at a random place; 0 for none.",
    "zoom": "How much larger or smaller what an image shows becomes at most.",
    "color_jitter": "How much saturation, contrast and brightness change at most.",
}


class MainFields(FieldGroup):
    """Numbers of the training, and how its images are varied.

    Signals:
        changed: A value changed, to right or wrong.
    """

    def __init__(self) -> None:
        self.new_seed = _new_seed_button()
        self.epochs = WholeField("Epochs", check("epochs"), example=10)
        self.batch_size = WholeField(
            "Batch size", check("batch_size"), example=500, fine=False, extra=unit("images")
        )
        self.learning_rate = DecimalField("Learning rate", check("learning_rate"), example=0.1)
        self.seed = WholeField("Seed", check("seed"), example=7, extra=self.new_seed)
        self.flip = ChoiceField("Mirrored", FLIPS)
        self.translate = WholeField("Shifted", _part("translate"), example=2, extra=_pixels())
        self.cutout = WholeField("Blanked", _part("cutout"), example=8, extra=_pixels())
        self.zoom = WholeField("Zoomed", _part("zoom", 100), example=20, extra=unit("%"))
        self.color_jitter = WholeField(
            "Recoloured", _part("color_jitter", 100), example=20, extra=unit("%")
        )
        super().__init__(
            (
                heading("Training"), self.epochs, self.batch_size, self.learning_rate, self.seed,
                heading("Augmentation"), self.flip, self.translate, self.cutout, self.zoom,
                self.color_jitter,
            )
        )  # fmt: skip
        for name, text in _EXPLANATIONS.items():
            getattr(self, name).explain(text)
        self.new_seed.clicked.connect(self._choose_seed)

    def fill(self, config: TrainConfig) -> None:
        """Show the values of these settings."""
        self.epochs.show_number(config.epochs)
        self.batch_size.show_number(config.batch_size)
        self.learning_rate.show_number(config.optimizer.learning_rate)
        self.seed.show_number(config.seed)
        self.flip.choose(config.augmentation.flip)
        self.translate.show_number(config.augmentation.translate)
        self.cutout.show_number(config.augmentation.cutout)
        self.zoom.show_number(round(100 * config.augmentation.zoom))
        self.color_jitter.show_number(round(100 * config.augmentation.color_jitter))

    def changes(self) -> dict[str, Any]:
        """The values, for `TrainConfig.with_changes`; call it only while nothing is wrong."""
        return {
            "epochs": self.epochs.value(),
            "batch_size": self.batch_size.value(),
            "learning_rate": self.learning_rate.value(),
            "seed": self.seed.value(),
            "augmentation": self.augmentation(),
        }

    def augmentation(self) -> Augmentation | None:
        """How images are to be varied; None if that is wrong."""
        translate, cutout = self.translate.value(), self.cutout.value()
        zoom, color_jitter = self.zoom.value(), self.color_jitter.value()
        if translate is None or cutout is None or zoom is None or color_jitter is None:
            return None
        return Augmentation(
            flip=cast("Flip", self.flip.key),
            translate=translate,
            cutout=cutout,
            zoom=zoom / 100,
            color_jitter=color_jitter / 100,
        )

    @Slot()
    def _choose_seed(self) -> None:
        self.seed.show_number(secrets.randbelow(_SEEDS))


def _new_seed_button() -> QPushButton:
    button = QPushButton("New")
    button.setAccessibleName("New seed")
    button.setToolTip("Another seed, drawn at random")
    return button


def _pixels() -> QLabel:
    return unit("pixels")


def _part(name: str, whole: int = 1) -> Callable[[float], str]:
    """What says that a value of augmentation is wrong; `whole` is 100 for one shown in percent."""

    def sentence(value: float) -> str:
        settings: dict[str, Any] = {name: value / whole}
        return problem(lambda: Augmentation(**settings))

    return sentence
