"""Groups of options: the settings of a run, and what several commands share."""

import argparse
from collections.abc import Callable
from typing import get_args

from trainer.config.augmentation import Flip
from trainer.config.image_size import LARGEST_SIDE, SMALLEST_SIDE
from trainer.config.train_config import DeviceName, PrecisionName

DATA = "DIR|cifar10"

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


def add_settings(parser: argparse.ArgumentParser) -> None:
    """Add a group with the settings of a run, but for augmentation."""
    group = parser.add_argument_group("settings", "The default is the value in the recipe.")
    add_image_size(group, None)
    group.add_argument("--batch-size", type=int, metavar="N", help="images per optimizer step")
    group.add_argument(
        "--learning-rate", type=float, metavar="X", help="learning rate of the main optimizer"
    )
    group.add_argument(
        "--label-smoothing", type=float, metavar="X", help="label smoothing, at least 0 and below 1"
    )
    group.add_argument(
        "--hard-example-fraction",
        type=float,
        metavar="X",
        help="train only on the hardest examples, this fraction of each batch, 0.1 to 1",
    )
    group.add_argument(
        "--validation-images", type=int, metavar="N", help="images held out for validation"
    )
    group.add_argument(
        "--init",
        metavar="NETWORK",
        help="start from the weights of a model file, a finished run or the bundled network "
        "(default), and with its architecture",
    )
    group.add_argument(
        "--balance",
        type=float,
        metavar="X",
        help="show rare classes and sources more often, from 0 (all images alike) to 1 (all "
        "classes of all sources alike)",
    )
    group.add_argument(
        "--none-fraction",
        type=float,
        metavar="X",
        help="share of each batch that are pictures of other things, from folders named none",
    )
    group.add_argument(
        "--none-weight", type=float, metavar="X", help="weight of the loss of such a picture"
    )
    group.add_argument(
        "--early-stopping",
        type=int,
        metavar="N",
        help="stop after N epochs without a lower validation loss, and keep the best network",
    )
    group.add_argument(
        "--reduce-on-plateau",
        type=int,
        metavar="N",
        help="reduce the learning rate after N epochs without a lower validation loss, instead of "
        "decaying it linearly",
    )
    add_precision(group)
    group.add_argument(
        "--seed",
        type=int,
        metavar="N",
        help="seed for all random numbers; the same seed reproduces the run",
    )


def add_data(parser: argparse.ArgumentParser, text: str) -> None:
    """Add `--data`, which may be given several times."""
    text = f"{text}; repeat it to join datasets, with the classes of the first"
    parser.add_argument("--data", metavar=DATA, action="append", help=text)


def add_device(parser: argparse.ArgumentParser, default: DeviceName | None) -> None:
    """Add `--device`."""
    parser.add_argument(
        "--device",
        choices=get_args(DeviceName),
        default=default,
        help=f"device to use (default: {default or 'auto'})",
    )


def add_image_size(parser: argparse._ActionsContainer, default: int | None) -> None:
    """Add `--image-size`."""
    usual = "from the recipe" if default is None else str(default)
    parser.add_argument(
        "--image-size",
        type=int,
        default=default,
        metavar="N",
        help=f"resize images to N x N pixels, {SMALLEST_SIDE} to {LARGEST_SIDE} (default: {usual})",
    )


def add_precision(parser: argparse._ActionsContainer) -> None:
    """Add `--precision`."""
    parser.add_argument(
        "--precision",
        choices=get_args(PrecisionName),
        help="number format of convolutions (default: auto, whichever is fastest here)",
    )


def add_events(parser: argparse._ActionsContainer) -> None:
    """Add `--events`."""
    parser.add_argument("--events", action="store_true", help="print events as JSON lines")


def integer(least: int, most: int | None = None) -> Callable[[str], int]:
    """A converter of whole numbers from `least` to `most`, for `add_argument`."""

    def convert(text: str) -> int:
        number = int(text)
        if number < least:
            raise argparse.ArgumentTypeError(f"must be at least {least}")
        if most is not None and number > most:
            raise argparse.ArgumentTypeError(f"must be at most {most}")
        return number

    return convert
