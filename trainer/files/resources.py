"""Files bundled with the program, and whether it is packaged. Standard library only."""

import sys
from importlib import metadata
from pathlib import Path

from trainer.errors import TrainerError

# Inside the package in a wheel and in the packaged program, beside it in a checkout.
_FOLDERS = (Path(__file__).parents[1] / "resources", Path(__file__).parents[2] / "resources")


def is_packaged() -> bool:
    """Whether this is the packaged program, which includes its dependencies."""
    return bool(getattr(sys, "frozen", False))


def version_of(distribution: str = "cifar-desktop") -> str:
    """The version of a distribution, by default of this program; `(unknown)` if not installed."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return "(unknown)"


def resource(name: str) -> Path:
    """The path of a bundled file.

    Raises:
        TrainerError: If it is missing from the installation.
    """
    for folder in _FOLDERS:
        if (folder / name).exists():
            return folder / name
    raise TrainerError(
        f"The installation is incomplete: “{name}” is missing. Reinstall the program."
    )


def bundled_model() -> Path:
    """The path of the bundled network, which need not exist."""
    try:
        return resource("default.safetensors")
    except TrainerError:
        return _FOLDERS[-1] / "default.safetensors"


def model_path(name: str) -> Path:
    """The path of a model: `default` is the bundled network, anything else a path."""
    return bundled_model() if name == "default" else Path(name)
