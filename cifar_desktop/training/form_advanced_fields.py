"""The settings that most people leave alone, as fields; part of `training_form`."""

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox

from cifar_desktop.training.form_choices import check, problem
from cifar_desktop.training.widgets.form.field_group import FieldGroup
from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from cifar_desktop.ui.field_row import unit
from trainer.config.train_config import EarlyStopping, ReduceOnPlateau, TrainConfig

_STOP = (
    "The run ends when the loss of the validation images has not become smaller for this many "
    "epochs. The best network is kept."
)
_PLATEAU = (
    "When the loss of the validation images stands still for this many epochs, the learning rate "
    "is multiplied by the factor. Without this, it falls evenly to zero."
)
_SMOOTHING = (
    "How much certainty is taken from the right answers, so that the network does not become too "
    "sure of itself."
)


_SHARE = (
    "The share of every batch that the network learns from: the images that a small second network "
    "finds hardest. Less than 100 % saves time, but wrongly labelled images are among the hardest: "
    "it is for clean data. The accuracy in training is then that of the hard images only."
)


class AdvancedFields(FieldGroup):
    """Share trained on, label smoothing, validation images, early stopping, plateau.

    Signals:
        changed: A value changed, to right or wrong.
    """

    def __init__(self) -> None:
        self.hard_example_fraction = WholeField(
            "Trained on", _share, example=50, extra=unit("% of a batch")
        )
        self.label_smoothing = DecimalField(
            "Label smoothing", check("label_smoothing"), example=0.2, step=0.05
        )
        self.validation_images = WholeField(
            "Validation", check("validation_images"), example=2000, fine=False,
            extra=unit("images"),
        )  # fmt: skip
        self.stops_early = QCheckBox("Stop when it no longer learns")
        self.patience = WholeField("Patience", _patience, example=10, extra=unit("epochs"))
        self.lowers_rate = QCheckBox("Lower the learning rate on a plateau")
        self.plateau_patience = WholeField("Patience", _patience, example=3, extra=unit("epochs"))
        self.plateau_factor = DecimalField("Factor", _factor, example=0.5, step=0.05)
        super().__init__(
            (
                self.hard_example_fraction, self.label_smoothing, self.validation_images,
                self.stops_early, self.patience, self.lowers_rate, self.plateau_patience,
                self.plateau_factor,
            )
        )  # fmt: skip
        self._explain()
        for row in (self.patience, self.plateau_patience, self.plateau_factor):
            row.indent()
        for box in (self.stops_early, self.lowers_rate):
            box.toggled.connect(self._on_toggled)
        self._on_toggled()

    def fill(self, config: TrainConfig) -> None:
        """Show the values of these settings."""
        self.hard_example_fraction.show_number(round(100 * config.hard_example_fraction))
        self.label_smoothing.show_number(config.label_smoothing)
        self.validation_images.show_number(config.validation_images)
        self.stops_early.setChecked(config.early_stopping is not None)
        self.lowers_rate.setChecked(config.plateau is not None)
        early, plateau = config.early_stopping or EarlyStopping(), config.plateau
        self.patience.show_number(early.patience)
        self.plateau_patience.show_number((plateau or ReduceOnPlateau()).patience)
        self.plateau_factor.show_number((plateau or ReduceOnPlateau()).factor)

    def changes(self) -> dict[str, Any]:
        """The values, for `TrainConfig.with_changes`; call it only while nothing is wrong."""
        return {
            "hard_example_fraction": (self.hard_example_fraction.value() or 0) / 100,
            "label_smoothing": self.label_smoothing.value(),
            "validation_images": self.validation_images.value(),
            "early_stopping": self._stopping(),
            "plateau": self._plateau(),
        }

    def _stopping(self) -> EarlyStopping | None:
        patience = self.patience.value()
        if not self.stops_early.isChecked() or patience is None:
            return None
        return EarlyStopping(patience=patience)

    def _plateau(self) -> ReduceOnPlateau | None:
        patience, factor = self.plateau_patience.value(), self.plateau_factor.value()
        if not self.lowers_rate.isChecked() or patience is None or factor is None:
            return None
        return ReduceOnPlateau(patience=patience, factor=factor)

    def _explain(self) -> None:
        self.hard_example_fraction.explain(_SHARE)
        self.label_smoothing.explain(_SMOOTHING)
        self.validation_images.explain("Training images put aside to watch the run with.")
        self.stops_early.setToolTip(_STOP)
        self.lowers_rate.setToolTip(_PLATEAU)
        self.patience.edit.setAccessibleName("Patience before stopping, in epochs")
        self.plateau_patience.edit.setAccessibleName("Patience on a plateau, in epochs")
        self.plateau_factor.edit.setAccessibleName("Factor for the learning rate on a plateau")

    @Slot()
    def _on_toggled(self) -> None:
        self.patience.setEnabled(self.stops_early.isChecked())
        for field in (self.plateau_patience, self.plateau_factor):
            field.setEnabled(self.lowers_rate.isChecked())
        self.changed.emit()


def _share(value: float) -> str:
    return check("hard_example_fraction")(value / 100)


def _patience(value: float) -> str:
    return problem(lambda: EarlyStopping(patience=round(value)))


def _factor(value: float) -> str:
    return problem(lambda: ReduceOnPlateau(factor=value))
