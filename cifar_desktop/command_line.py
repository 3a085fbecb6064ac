"""The command line of the window; parsed by `__main__` before Qt is loaded."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from trainer.files.resources import version_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """The arguments.

    Attributes:
        pictures: Files and URLs; the first readable one is shown.
        model: The network to use; the last one, or the built-in one, if None.
    """

    pictures: tuple[str, ...] = ()
    model: Path | None = None


def parse(arguments: Sequence[str]) -> Options:
    """Parse the arguments.

    Raises:
        SystemExit: After `--help`, `--version` or wrong usage.
    """
    parser = argparse.ArgumentParser(
        prog="cifar-desktop",
        description="Classify photos, and train the networks that do it.",
        epilog="cifar-desktop --trainer ... is the same as cifar-trainer ...",
    )
    parser.add_argument("pictures", nargs="*", metavar="IMAGE_OR_URL", help="picture to classify")
    parser.add_argument("--model", type=Path, metavar="FILE", help="network file to use")
    parser.add_argument("--version", action="version", version=f"cifar-desktop {version_of()}")
    values = parser.parse_args(arguments)
    return Options(pictures=tuple(values.pictures), model=values.model)
