"""The settings of augmentation; imports nothing heavy."""

from typing import Literal, get_args

import msgspec

from trainer.config.checks import require

Flip = Literal["none", "random", "alternating"]

LATER_AUGMENTATION = (
    "crop_scale", "crop_aspect", "crop_size", "grayscale", "blur", "noise", "jpeg"
)  # fmt: skip
"""Settings that earlier versions did not have; see `trainer.config.checks`."""


class Augmentation(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Random changes to training images.

    Attributes:
        flip: Horizontal flip. `alternating` flips every image in every second epoch, half of them
            first, so that no image looks the same twice in a row (Jordan 2024).
        translate: Maximum shift in pixels, in both directions; the border is reflected.
        cutout: Side in pixels of a square erased at random (DeVries and Taylor 2017); 0 for none.
        zoom: Maximum change of scale; 0.2 scales an image to 80 to 120 %.
        color_jitter: Maximum change of saturation, contrast and brightness; 0.2 multiplies each by
            0.8 to 1.2.
        crop_scale: Smallest share of the area that a random crop keeps (random resized crops,
            Szegedy et al. 2015); 1 for whole images.
        crop_aspect: Maximum change of a random crop's aspect ratio; 4/3 allows 3:4 to 4:3.
        crop_size: Side of random crops in training, as a share of the image size. Crops show things
            enlarged, so a network that is trained on smaller ones sees things as large as later in
            whole images (Touvron et al. 2019).
        grayscale: Probability that an image loses its color.
        blur: Maximum standard deviation of a Gaussian blur in pixels; each image has its own.
        noise: Maximum standard deviation of Gaussian noise, as a fraction of the range of colors;
            each image has its own.
        jpeg: Probability that an image is compressed as JPEG, with a quality from 30 to 95.
    """

    flip: Flip = "alternating"
    translate: int = 2
    cutout: int = 0
    zoom: float = 0.0
    color_jitter: float = 0.0
    crop_scale: float = 1.0
    crop_aspect: float = 1.0
    crop_size: float = 1.0
    grayscale: float = 0.0
    blur: float = 0.0
    noise: float = 0.0
    jpeg: float = 0.0

    def __post_init__(self) -> None:
        require(self.flip in get_args(Flip), f"Flip must be one of {', '.join(get_args(Flip))}.")
        require(0 <= self.translate <= 8, "Translation must be from 0 to 8 pixels.")
        require(0 <= self.cutout <= 31, "Cutout must be from 0 to 31 pixels.")
        require(0 <= self.zoom <= 0.9, "Zoom must be from 0 to 90 %.")
        require(0 <= self.color_jitter <= 1, "Color jitter must be from 0 to 100 %.")
        require(0.08 <= self.crop_scale <= 1, "The smallest crop must be from 8 to 100 %.")
        require(1 <= self.crop_aspect <= 2, "The aspect ratio must be from 1 to 2.")
        require(0.5 <= self.crop_size <= 1, "The size of crops must be from 50 to 100 %.")
        require(0 <= self.grayscale <= 1, "Grayscale must be from 0 to 100 %.")
        require(0 <= self.blur <= 4, "Blur must be from 0 to 4 pixels.")
        require(0 <= self.noise <= 0.5, "Noise must be from 0 to 50 %.")
        require(0 <= self.jpeg <= 1, "JPEG must be from 0 to 100 %.")

    def training_side(self, image_size: int) -> int:
        """Width and height of training images where whole ones have `image_size` pixels."""
        return round(self.crop_size * image_size) if self.crop_scale < 1 else image_size
