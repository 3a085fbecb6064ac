"""Random crops and what cameras and files do to pictures, as fields of the training form."""

from typing import Any

from cifar_desktop.training.form_choices import check_augmentation
from cifar_desktop.training.widgets.form.field_group import FieldGroup
from cifar_desktop.training.widgets.form.number_field import DecimalField, WholeField
from trainer.config.augmentation import Augmentation

_PERCENT = ("crop_scale", "crop_size", "grayscale", "jpeg")
_EXPLANATIONS = {
    "crop_scale": "Smallest crop: shows a random part of each image, of at least this share of its "
    "area, so that the network recognizes things of any size, and parts of them. 100 % turns it "
    "off.",
    "crop_aspect": "Aspect ratio: how far random crops may differ from a square before they are "
    "squeezed into one. 1.33 allows 3:4 to 4:3; 1 keeps all proportions.",
    "crop_size": "Crop size: how large random crops are in training, as a share of the image size. "
    "Crops show things enlarged; below 100 % they look as large as later in whole images, and "
    "training is faster.",
    "grayscale": "Grayscale: takes the color out of this share of the images, so that the network "
    "does not depend on color.",
    "blur": "Blur: blurs each image by a Gaussian of up to this standard deviation, as photos that "
    "are out of focus or were enlarged.",
    "noise": "Noise: adds Gaussian noise of up to this standard deviation, as photos taken in the "
    "dark have. 100 % is the whole range of colors.",
    "jpeg": "JPEG: compresses this share of the images as JPEG files of quality 30 to 95, so that "
    "the network does not depend on how a picture was saved.",
}


class EffectFields(FieldGroup):
    """Random crops, grayscale, blur, noise and JPEG.

    Signals:
        changed: A value changed; it may be invalid.
    """

    def __init__(self) -> None:
        self.crop_scale = WholeField(
            "Smallest crop", check_augmentation("crop_scale", 100), example=30, helper="%"
        )
        self.crop_aspect = DecimalField(
            "Aspect ratio", check_augmentation("crop_aspect"), example=1.33, step=0.05
        )
        self.crop_size = WholeField(
            "Crop size", check_augmentation("crop_size", 100), example=80, helper="%"
        )
        self.grayscale = WholeField(
            "Grayscale", check_augmentation("grayscale", 100), example=10, helper="%"
        )
        self.blur = DecimalField(
            "Blur", check_augmentation("blur"), example=0.8, step=0.1, helper="pixels"
        )
        self.noise = DecimalField(
            "Noise", check_augmentation("noise", 100), example=2.5, step=1, helper="%"
        )
        self.jpeg = WholeField("JPEG", check_augmentation("jpeg", 100), example=50, helper="%")
        super().__init__(
            (
                self.crop_scale, self.crop_aspect, self.crop_size, self.grayscale, self.blur,
                self.noise, self.jpeg,
            )
        )  # fmt: skip
        for row in (self.crop_aspect, self.crop_size):
            row.indent()
        for name, text in _EXPLANATIONS.items():
            getattr(self, name).explain(text)

    def fill(self, augmentation: Augmentation) -> None:
        """Show the values of an augmentation."""
        for name in _PERCENT:
            getattr(self, name).show_number(round(100 * getattr(augmentation, name)))
        self.crop_aspect.show_number(augmentation.crop_aspect)
        self.blur.show_number(augmentation.blur)
        # Rounded, as 100 * 0.035 is not quite 3.5.
        self.noise.show_number(round(100 * augmentation.noise, 10))

    def changes(self) -> dict[str, Any] | None:
        """The values, as fields of `Augmentation`; None if one is invalid."""
        if self.problem:
            return None
        return {
            **{name: getattr(self, name).value() / 100 for name in _PERCENT},
            "crop_aspect": self.crop_aspect.value(),
            "blur": self.blur.value(),
            "noise": round((self.noise.value() or 0) / 100, 12),
        }
