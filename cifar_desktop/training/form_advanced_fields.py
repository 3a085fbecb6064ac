"""The settings that most runs keep, as fields of the training form."""

from typing import Any, cast

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox

from cifar_desktop.training.form_choices import PRECISIONS, check, problem, size_choices
from cifar_desktop.training.widgets.form.field_group import FieldGroup
from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from cifar_desktop.ui.choice_field import ChoiceField
from cifar_desktop.ui.field_row import Place, explain
from trainer.config.image_size import USUAL_SIDE
from trainer.config.train_config import EarlyStopping, PrecisionName, ReduceOnPlateau, TrainConfig

_EXPLANATIONS = {
    "image_size": "Image size: what all images are resized to. Larger images show more detail, but "
    "twice the side takes four times as long, and enlarging small ones, like those of CIFAR-10, "
    "adds nothing.",
    "hard_example_fraction": "Hard-example fraction: the share of each batch that is trained on, "
    "namely the images that a small second network finds hardest. Below 100 % saves time but needs "
    "clean labels, because mislabeled images look hard. The training accuracy then covers the hard "
    "images only.",
    "label_smoothing": "Label smoothing: spreads this share of the target probability over all "
    "classes, so that the network does not become overconfident.",
    "validation_images": "Validation images: training images held out for validation; the network "
    "is never trained on them.",
    "patience": "Patience: epochs without improvement before the run stops.",
    "plateau_patience": "Patience: epochs without improvement before the learning rate is reduced.",
    "plateau_factor": "Factor: what the learning rate is multiplied by on a plateau.",
    "balance": "Balance: shows images of rare classes, and of small datasets among several, more "
    "often. 0 % shows all images equally often, 100 % all classes of all datasets.",
    "none_fraction": "Pictures of other things: their share of each batch. The network learns to "
    "be undecided about them, so that the program can say that a picture is none of its classes.",
    "none_weight": "Their weight: how much the loss of such a picture counts, compared with that "
    "of a picture of a class.",
    "precision": "Precision: the number format of convolutions. bfloat16 and float16 take half the "
    "memory of float32, but not every processor is faster with them. Automatic measures it in a "
    "few seconds, once per network.",
}
_EARLY_STOPPING = (
    "Early stopping: ends the run when the validation loss stops improving, and keeps the best "
    "network."
)
_PLATEAU = (
    "Reduce on plateau: lowers the learning rate when the validation loss stops improving. "
    "Otherwise it decays linearly to zero."
)


_NO_NONE = "For datasets with pictures of other things, in a folder named none."


class AdvancedFields(FieldGroup):
    """The settings below “Advanced”.

    Signals:
        changed: A value changed; it may be invalid.
    """

    def __init__(self) -> None:
        self.image_size = ChoiceField("Image size", size_choices(USUAL_SIDE), place=Place.COMPACT)
        self.hard_example_fraction = WholeField(
            "Hard-example fraction", _fraction, example=50, helper="%"
        )
        self.label_smoothing = DecimalField(
            "Label smoothing", check("label_smoothing"), example=0.2, step=0.05
        )
        self.validation_images = WholeField(
            "Validation images", check("validation_images"), example=2000, fine=False
        )
        self.balance = _percent("Balance", "balance", example=50)
        self.none_fraction = _percent("Pictures of other things", "none_fraction", example=30)
        self.none_weight = DecimalField("Their weight", check("none_weight"), example=0.5, step=0.1)
        self.stops_early = QCheckBox("Early stopping")
        self.patience = WholeField("Patience", _patience, example=10, helper="epochs")
        self.reduces_rate = QCheckBox("Reduce learning rate on plateau")
        self.plateau_patience = WholeField("Patience", _patience, example=3, helper="epochs")
        self.plateau_factor = DecimalField("Factor", _factor, example=0.5, step=0.05)
        self.precision = ChoiceField("Precision", PRECISIONS, place=Place.COMPACT)
        super().__init__(
            (
                self.image_size, self.hard_example_fraction, self.label_smoothing,
                self.validation_images, self.balance, self.none_fraction, self.none_weight,
                self.stops_early, self.patience, self.reduces_rate, self.plateau_patience,
                self.plateau_factor, self.precision,
            )
        )  # fmt: skip
        self._own_none: dict[str, Any] = {}
        self._explain()
        # On one line these labels would narrow the controls of the whole form.
        for long in (self.hard_example_fraction, self.none_fraction):
            long.label.setWordWrap(True)
        for row in (self.none_weight, self.patience, self.plateau_patience, self.plateau_factor):
            row.indent()
        for box in (self.stops_early, self.reduces_rate):
            box.toggled.connect(self._on_toggled)
        self._on_toggled()
        self.show_none(0)

    def show_none(self, pictures: int) -> None:
        """Enable what is about pictures of other things if there are some to train on."""
        for field in (self.none_fraction, self.none_weight):
            field.setEnabled(pictures > 0)
        self.none_fraction.explain(
            _EXPLANATIONS["none_fraction"]
            if pictures
            else f"{_EXPLANATIONS['none_fraction']} {_NO_NONE}"
        )

    def fill(self, config: TrainConfig) -> None:
        """Show the values of a config."""
        self.image_size.show_choices(size_choices(config.image_size), str(config.image_size))
        self.hard_example_fraction.show_number(round(100 * config.hard_example_fraction))
        self.label_smoothing.show_number(config.label_smoothing)
        self.validation_images.show_number(config.validation_images)
        # Rounded, as 100 * 0.07 is not quite 7.
        self.balance.show_number(round(100 * config.balance, 10))
        self.none_fraction.show_number(round(100 * config.none_fraction, 10))
        self.none_weight.show_number(config.none_weight)
        self._own_none = {
            "none_fraction": config.none_fraction,
            "none_weight": config.none_weight,
        }
        self.stops_early.setChecked(config.early_stopping is not None)
        self.reduces_rate.setChecked(config.reduce_on_plateau is not None)
        self.precision.choose(config.precision)
        early, plateau = config.early_stopping or EarlyStopping(), config.reduce_on_plateau
        self.patience.show_number(early.patience)
        self.plateau_patience.show_number((plateau or ReduceOnPlateau()).patience)
        self.plateau_factor.show_number((plateau or ReduceOnPlateau()).factor)

    def changes(self) -> dict[str, Any]:
        """The values, for `TrainConfig.with_changes`; valid only while `problem` is empty."""
        return {
            "image_size": int(self.image_size.key),
            "hard_example_fraction": (self.hard_example_fraction.value() or 0) / 100,
            "label_smoothing": self.label_smoothing.value(),
            "validation_images": self.validation_images.value(),
            "balance": round((self.balance.value() or 0) / 100, 12),
            **self._none(),
            "early_stopping": self._stopping(),
            "reduce_on_plateau": self._plateau(),
            "precision": cast("PrecisionName", self.precision.key),
        }

    def _none(self) -> dict[str, Any]:
        fraction, weight = self.none_fraction.value(), self.none_weight.value()
        if not self.none_fraction.isEnabledTo(self) or fraction is None or weight is None:
            return self._own_none
        return {"none_fraction": round(fraction / 100, 12), "none_weight": weight}

    def _stopping(self) -> EarlyStopping | None:
        patience = self.patience.value()
        if not self.stops_early.isChecked() or patience is None:
            return None
        return EarlyStopping(patience=patience)

    def _plateau(self) -> ReduceOnPlateau | None:
        patience, factor = self.plateau_patience.value(), self.plateau_factor.value()
        if not self.reduces_rate.isChecked() or patience is None or factor is None:
            return None
        return ReduceOnPlateau(patience=patience, factor=factor)

    def _explain(self) -> None:
        for name, text in _EXPLANATIONS.items():
            getattr(self, name).explain(text)
        explain(self.stops_early, _EARLY_STOPPING)
        explain(self.reduces_rate, _PLATEAU)
        self.patience.edit.setAccessibleName("Early stopping patience, in epochs")
        self.plateau_patience.edit.setAccessibleName("Plateau patience, in epochs")
        self.plateau_factor.edit.setAccessibleName("Learning rate factor on a plateau")

    @Slot()
    def _on_toggled(self) -> None:
        self.patience.setEnabled(self.stops_early.isChecked())
        for field in (self.plateau_patience, self.plateau_factor):
            field.setEnabled(self.reduces_rate.isChecked())
        self.changed.emit()


def _percent(label: str, name: str, *, example: int) -> DecimalField:
    """A field for a fraction of the config."""
    return DecimalField(
        label, lambda value: check(name)(value / 100), example=example, step=5, helper="%"
    )


def _fraction(value: float) -> str:
    return check("hard_example_fraction")(value / 100)


def _patience(value: float) -> str:
    return problem(lambda: EarlyStopping(patience=round(value)))


def _factor(value: float) -> str:
    return problem(lambda: ReduceOnPlateau(factor=value))
