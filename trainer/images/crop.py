"""The part of a picture that a person chose; standard library only, like the types around it."""

from dataclasses import dataclass


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

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in a picture of this size; at least one pixel each way."""
        left, top = round(self.left * width), round(self.top * height)
        right = max(left + 1, round(self.right * width))
        bottom = max(top + 1, round(self.bottom * height))
        return min(left, width - 1), min(top, height - 1), right, bottom
