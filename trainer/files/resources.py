"""Files that come with the program, and whether that is a package; standard library only."""

import sys
from importlib import metadata
from pathlib import Path

from trainer.errors import TrainerError

# Beside this file in a wheel and in the packaged program, beside the package in a checkout.
_FOLDERS = (Path(__file__).parents[1] / "resources", Path(__file__).parents[2] / "resources")


def is_packaged() -> bool:
    """Whether this is the packaged program, with all it needs in a folder of its own."""
    return bool(getattr(sys, "frozen", False))


def version_of(distribution: str = "cifar-desktop") -> str:
    """The version of the program, or of a distribution that it needs; `(unknown)` if not here."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "(unknown)"


def resource(name: str) -> Path:
    """The path of a bundled file.

    Raises:
        TrainerError: If the installation lacks it.
    """
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    raise TrainerError(f"The installation is incomplete: “{name}” is missing. Install it again.")


def bundled_model() -> Path:
    """The network that comes with the program; there is no promise that the file exists."""
    try:
        return resource("default.safetensors")
    except TrainerError:
        return _FOLDERS[-1] / "default.safetensors"


def model_path(name: str) -> Path:
    """Where the network called `name` lies: `default` is the bundled one, all else a path."""
    return bundled_model() if name == "default" else Path(name)
