"""Pictures drawn for this project that a network trained on photographs recognises."""

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

SCALE = 2
"""Drawn so much larger and then reduced, which smooths the edges."""

Points = Sequence[tuple[float, float]]


def ship(width: int = 1200, height: int = 900) -> Image.Image:
    """A cargo ship on the sea under an evening sky."""
    scene = _Scene(width, height, ((88, 140, 205), (236, 205, 170)))
    scene.fill((0, 0.62, 1, 1), (38, 82, 118), (20, 48, 78))
    hull = [(0.10, 0.55), (0.93, 0.52), (0.86, 0.70), (0.17, 0.70)]
    scene.shape(hull, (150, 38, 34))
    scene.shape([(0.095, 0.52), (0.94, 0.49), (0.92, 0.56), (0.11, 0.58)], (40, 46, 58))
    _load(scene)
    scene.box((0.14, 0.30, 0.27, 0.53), (236, 236, 230))
    for row in range(3):
        scene.box((0.155, 0.335 + row * 0.06, 0.255, 0.36 + row * 0.06), (60, 84, 108))
    scene.box((0.18, 0.20, 0.225, 0.31), (214, 92, 40))
    scene.box((0.855, 0.32, 0.863, 0.52), (226, 226, 220))
    scene.shape([(0, 0.69), (0.2, 0.675), (0.86, 0.675), (1, 0.69), (1, 0.72), (0, 0.72)],
                (120, 160, 184))  # fmt: skip
    return scene.finished()


def airplane(width: int = 1200, height: int = 900) -> Image.Image:
    """An airliner in a blue sky."""
    scene = _Scene(width, height, ((58, 116, 196), (176, 212, 240)))
    light, shade = (238, 240, 244), (170, 178, 190)
    scene.shape([(0.46, 0.50), (0.30, 0.24), (0.36, 0.235), (0.60, 0.48)], shade)
    scene.shape([(0.15, 0.47), (0.08, 0.27), (0.14, 0.265), (0.25, 0.46)], (28, 74, 150))
    body = [(0.07, 0.49), (0.15, 0.455), (0.78, 0.465), (0.88, 0.485), (0.92, 0.52),
            (0.88, 0.55), (0.74, 0.565), (0.22, 0.545)]  # fmt: skip
    scene.shape(body, light)
    scene.shape([(0.22, 0.545), (0.74, 0.565), (0.88, 0.55), (0.91, 0.53), (0.3, 0.525)], shade)
    scene.shape([(0.18, 0.50), (0.07, 0.58), (0.11, 0.585), (0.27, 0.515)], shade)
    scene.shape([(0.42, 0.54), (0.28, 0.80), (0.35, 0.80), (0.60, 0.545)], (206, 212, 220))
    scene.box((0.44, 0.60, 0.53, 0.645), (96, 104, 118))
    for window in range(22):
        left = 0.27 + window * 0.024
        scene.box((left, 0.492, left + 0.010, 0.508), (50, 66, 92))
    return scene.finished()


def _load(scene: "_Scene") -> None:
    colors = [(196, 64, 48), (44, 104, 160), (226, 160, 48), (60, 128, 84), (190, 190, 186)]
    for column in range(9):
        left = 0.30 + column * 0.06
        for row in range(2 + (column * 7) % 3):
            top = 0.475 - row * 0.055
            scene.box((left, top, left + 0.056, top + 0.05), colors[(column * 3 + row * 2) % 5])


class _Scene:
    """A canvas in fractions of its width and height, with a sky of two colors."""

    def __init__(
        self, width: int, height: int, sky: tuple[tuple[int, int, int], tuple[int, int, int]]
    ) -> None:
        self._size = width, height
        self._image = Image.new("RGB", (width * SCALE, height * SCALE))
        self.fill((0, 0, 1, 1), *sky)

    def fill(
        self,
        box: tuple[float, float, float, float],
        top: tuple[int, int, int],
        bottom: tuple[int, int, int],
    ) -> None:
        left, upper, right, lower = self._place([(box[0], box[1]), (box[2], box[3])])
        shares = np.linspace(0, 1, round(lower - upper))[:, None, None]
        rows = np.array(top) * (1 - shares) + np.array(bottom) * shares
        pixels = np.repeat(rows, round(right - left), axis=1).astype(np.uint8)
        self._image.paste(Image.fromarray(pixels), (round(left), round(upper)))

    def shape(self, points: Points, color: tuple[int, int, int]) -> None:
        ImageDraw.Draw(self._image).polygon(self._place(points), fill=color)

    def box(self, box: tuple[float, float, float, float], color: tuple[int, int, int]) -> None:
        ImageDraw.Draw(self._image).rectangle(
            self._place([(box[0], box[1]), (box[2], box[3])]), fill=color
        )

    def finished(self) -> Image.Image:
        """The picture with a little grain, as a camera would have it."""
        image = self._image.resize(self._size, Image.Resampling.LANCZOS)
        image = image.filter(ImageFilter.GaussianBlur(0.8))
        grain = np.random.default_rng(0).normal(0, 4, (*self._size[::-1], 1))
        return Image.fromarray((np.asarray(image) + grain).clip(0, 255).astype(np.uint8))

    def _place(self, points: Points) -> list[float]:
        width, height = self._image.size
        return [value for x, y in points for value in (x * width, y * height)]
