"""Where the dataset of a run is. Standard library only."""

import os
from pathlib import Path

from trainer.errors import DataError

CIFAR10 = "cifar10"
"""The one dataset with a name; all others are folders."""


def absolute_place(data: str) -> str:
    """A dataset by a name that means the same in every working folder."""
    if data in ("", CIFAR10):
        return data
    # Not resolved: where a link leads may change.
    return os.path.abspath(os.path.expanduser(data))  # noqa: PTH100, PTH111


def run_dataset(recorded: str, given: str | None) -> str:
    """The dataset to use for a run.

    Args:
        recorded: The dataset that the run was started with.
        given: Where it is now, if it was moved.

    Raises:
        DataError: If it is not where it was.
    """
    if given is not None:
        return given
    if recorded != CIFAR10 and not Path(recorded).expanduser().is_dir():
        raise DataError(
            f"The dataset of the run, {recorded}, does not exist. If it was moved, give its new "
            "folder with --data."
        )
    return recorded
