"""The part of a picture that a person chose."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """The part of a picture to look at, as fractions of its width and height from the top left.

    Attributes:
        left: From 0 to 1, like the others.
        top: The upper edge.
        right: Greater than `left`.
        bottom: Greater than `top`.
    """

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError(f"not a part of a picture: {self}")


def cut(image: "Image.Image", crop: Crop) -> "Image.Image":
    """The part of a picture that a person chose, at least one pixel wide and high."""
    width, height = image.size
    left, top = round(crop.left * width), round(crop.top * height)
    right = max(left + 1, round(crop.right * width))
    bottom = max(top + 1, round(crop.bottom * height))
    return image.crop((min(left, width - 1), min(top, height - 1), right, bottom))
