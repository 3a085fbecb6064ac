"""The crop of a picture that the user chose. Standard library only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Crop:
    """A crop of a picture, as fractions of its width and height from the top left.

    Attributes:
        left: Left edge, from 0 to 1 like the others.
        top: Top edge.
        right: Right edge, greater than `left`.
        bottom: Bottom edge, greater than `top`.
    """

    left: float = 0.0
    top: float = 0.0
    right: float = 1.0
    bottom: float = 1.0

    def __post_init__(self) -> None:
        if not (0 <= self.left < self.right <= 1 and 0 <= self.top < self.bottom <= 1):
            raise ValueError(f"not a crop: {self}")

    def box(self, width: int, height: int) -> tuple[int, int, int, int]:
        """Left, top, right and bottom in pixels in a picture of this size; at least 1 x 1 pixel."""
        left, top = round(self.left * width), round(self.top * height)
        right = max(left + 1, round(self.right * width))
        bottom = max(top + 1, round(self.bottom * height))
        return min(left, width - 1), min(top, height - 1), right, bottom
