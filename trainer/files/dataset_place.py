"""Where the datasets of a run are. Standard library only."""

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


def run_datasets(recorded: tuple[str, ...], given: tuple[str, ...] | None) -> tuple[str, ...]:
    """The datasets to use for a run.

    Args:
        recorded: The datasets that the run was started with.
        given: Where they are now, in the same order, if one of them was moved.

    Raises:
        DataError: If one is not where it was, or another number of them is given.
    """
    if given:
        if len(given) != len(recorded):
            raise DataError(
                f"The run uses {len(recorded)} datasets: {', '.join(recorded)}. Give all of them, "
                "in the same order, each with --data."
            )
        return tuple(given)
    for place in recorded:
        if place != CIFAR10 and not Path(place).expanduser().is_dir():
            rest = " and the others, in the same order," if len(recorded) > 1 else ""
            raise DataError(
                f"The dataset of the run, {place}, does not exist. If it was moved, give its new "
                f"folder{rest} with --data."
            )
    return recorded
