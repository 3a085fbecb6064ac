"""The options of `cifar-trainer train` for augmentation."""

import argparse
from typing import get_args

from trainer.config.augmentation import Flip

_AMOUNTS = {
    "zoom": "zoom in or out by up to X, such as 0.2",
    "color-jitter": "change saturation, contrast and brightness by up to X, such as 0.2",
    "crop-scale": "random crops of at least this share of the area, 0.08 to 1 (all of it)",
    "crop-aspect": "change the aspect ratio of random crops by up to X, such as 1.33",
    "crop-size": "side of random crops in training, X of the image size, such as 0.8",
    "grayscale": "probability of taking out the color, such as 0.1",
    "blur": "blur by a Gaussian of up to X pixels, such as 1",
    "noise": "add Gaussian noise of up to X of the range of colors, such as 0.05",
    "jpeg": "probability of JPEG compression, quality 30 to 95, such as 0.5",
}


def add_augmentation(parser: argparse.ArgumentParser) -> None:
    """Add a group with an option for each setting of `Augmentation`."""
    group = parser.add_argument_group("augmentation", "The default is the value in the recipe.")
    group.add_argument("--flip", choices=get_args(Flip), help="horizontal flip")
    group.add_argument("--translate", type=int, metavar="N", help="translation, up to N pixels")
    group.add_argument(
        "--cutout", type=int, metavar="N", help="cutout of a random square of N x N pixels"
    )
    for name, text in _AMOUNTS.items():
        group.add_argument(f"--{name}", type=float, metavar="X", help=text)
