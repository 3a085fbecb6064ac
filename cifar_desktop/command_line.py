"""What the command line of the program can say; parsed by `__main__` before Qt is loaded."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.files.resources import version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a start is asked for.

    Attributes:
        pictures: Files and addresses to show; the first that can be read.
        model: The network to use; the built-in one if None.
    """

    pictures: tuple[str, ...] = ()
    model: Path | None = None


def parse(arguments: Sequence[str]) -> Options:
    """Read the arguments.

    Raises:
        SystemExit: After `--help`, `--version` or wrong usage.
    """
    parser = argparse.ArgumentParser(
        prog="cifar-desktop",
        description="Say which of the CIFAR-10 classes a photo shows.",
        epilog="cifar-desktop --trainer ... is the same as cifar-trainer ...",
    )
    parser.add_argument(
        "pictures", nargs="*", metavar="IMAGE_OR_URL", help="a picture to show at once"
    )
    parser.add_argument("--model", type=Path, metavar="FILE", help="the network file to use")
    parser.add_argument("--version", action="version", version=f"cifar-desktop {version_of()}")
    values = parser.parse_args(arguments)
    return Options(pictures=tuple(values.pictures), model=values.model)
