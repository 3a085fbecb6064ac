"""The main settings of a run, as fields of the training form.

`trainer.config.train_config` validates the values and words the error messages.
"""

import secrets
from typing import Any, cast

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QToolButton

from cifar_desktop.look.widgets import icon_button
from cifar_desktop.training.form_choices import FLIPS, check, check_augmentation
from cifar_desktop.training.form_effect_fields import EffectFields
from cifar_desktop.training.widgets.form.field_group import FieldGroup
from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.disclosure import Disclosure
from cifar_desktop.ui.field_row import Place, explain, heading
from trainer.config.augmentation import Augmentation, Flip
from trainer.config.train_config import TrainConfig

_SEEDS = 1_000_000
_EXPLANATIONS = {
    "epochs": "Epochs: passes over the whole training set. More epochs take longer and usually "
    "raise the accuracy, up to a point.",
    "batch_size": "Batch size: images per optimizer step. Larger batches train faster on a GPU but "
    "need more memory.",
    "learning_rate": "Learning rate: how far an optimizer step moves the weights, at the start. "
    "Too high, and the loss diverges; too low, and training is slow.",
    "seed": "Seed for all random numbers; the same seed reproduces the run.",
    "flip": "Horizontal flip: mirrors images left to right, so the network learns both views.",
    "translate": "Translation: shifts images by up to this many pixels, so that the network does "
    "not depend on the position.",
    "cutout": "Cutout: hides a random square of this size, so the network cannot rely on one spot. "
    "0 turns it off.",
    "zoom": "Zoom: enlarges or shrinks images by up to this much, so that the network does not "
    "depend on the size.",
    "color_jitter": "Color jitter: changes saturation, contrast and brightness by up to this much, "
    "so that the network does not depend on the lighting.",
}


class MainFields(FieldGroup):
    """Epochs, batch size, learning rate, seed and augmentation.

    Signals:
        changed: A value changed; it may be invalid.
    """

    def __init__(self) -> None:
        self.new_seed = _new_seed_button()
        self.epochs = WholeField("Epochs", check("epochs"), example=10)
        self.batch_size = WholeField(
            "Batch size", check("batch_size"), example=500, fine=False, helper="images"
        )
        self.learning_rate = DecimalField("Learning rate", check("learning_rate"), example=0.1)
        self.seed = WholeField("Seed", check("seed"), example=7, extra=self.new_seed)
        self.flip = ChoiceField("Horizontal flip", FLIPS, place=Place.COMPACT)
        self.translate = WholeField(
            "Translation", check_augmentation("translate"), example=2, helper="pixels"
        )
        self.cutout = WholeField("Cutout", check_augmentation("cutout"), example=8, helper="pixels")
        self.zoom = WholeField("Zoom", check_augmentation("zoom", 100), example=20, helper="%")
        self.color_jitter = WholeField(
            "Color jitter", check_augmentation("color_jitter", 100), example=20, helper="%"
        )
        self.effects = EffectFields()
        self.more = Disclosure(
            "Advanced augmentation", self.effects, "Random crops, and what photos go through"
        )
        super().__init__(
            (
                heading("Training"), self.epochs, self.batch_size, self.learning_rate, self.seed,
                heading("Augmentation"), self.flip, self.translate, self.cutout, self.zoom,
                self.color_jitter, self.more,
            )
        )  # fmt: skip
        for name, text in _EXPLANATIONS.items():
            getattr(self, name).explain(text)
        self.rows += self.effects.rows
        self.effects.changed.connect(self._on_effects)
        self.new_seed.clicked.connect(self._choose_seed)

    def fill(self, config: TrainConfig) -> None:
        """Show the values of a config."""
        self.epochs.show_number(config.epochs)
        self.batch_size.show_number(config.batch_size)
        self.learning_rate.show_number(config.optimizer.learning_rate)
        self.seed.show_number(config.seed)
        self.flip.choose(config.augmentation.flip)
        self.translate.show_number(config.augmentation.translate)
        self.cutout.show_number(config.augmentation.cutout)
        self.zoom.show_number(round(100 * config.augmentation.zoom))
        self.color_jitter.show_number(round(100 * config.augmentation.color_jitter))
        self.effects.fill(config.augmentation)

    def changes(self) -> dict[str, Any]:
        """The values, for `TrainConfig.with_changes`; valid only while `problem` is empty."""
        return {
            "epochs": self.epochs.value(),
            "batch_size": self.batch_size.value(),
            "learning_rate": self.learning_rate.value(),
            "seed": self.seed.value(),
            "augmentation": self.augmentation(),
        }

    def augmentation(self) -> Augmentation | None:
        """The augmentation; None if it is invalid."""
        translate, cutout = self.translate.value(), self.cutout.value()
        zoom, color_jitter = self.zoom.value(), self.color_jitter.value()
        effects = self.effects.changes()
        if translate is None or cutout is None or zoom is None or color_jitter is None:
            return None
        if effects is None:
            return None
        return Augmentation(
            flip=cast("Flip", self.flip.key),
            translate=translate,
            cutout=cutout,
            zoom=zoom / 100,
            color_jitter=color_jitter / 100,
            **effects,
        )

    @Slot()
    def _on_effects(self) -> None:
        self.more.mark("invalid value" if self.effects.problem else "")
        self.changed.emit()

    @Slot()
    def _choose_seed(self) -> None:
        self.seed.show_number(secrets.randbelow(_SEEDS))


def _new_seed_button() -> QToolButton:
    button = icon_button("reset", "New seed")
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    explain(button, "Draw a new random seed")
    return button
