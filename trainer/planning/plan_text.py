"""Plans, lengths of runs and expected accuracies in words. Imports nothing heavy."""

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from trainer.planning.plans import Plan


def describe_length(recipe: str, epochs: int) -> str:
    """Length of a run, such as `1 epoch of sprint`."""
    return f"{epochs} epoch{'s' * (epochs != 1)} of {recipe}"


def describe_accuracy(accuracy: float) -> str:
    """Expected accuracy, without spurious precision, such as `about 94.2 %`."""
    return f"about {100 * accuracy:.{1 if accuracy >= 0.9 else 0}f} %"


def describe_speeds(speeds: Mapping[str, float]) -> list[str]:
    """Lines about the modes of a device and how fast `sprint` trains in them, fastest first."""
    ranked = sorted(speeds.items(), key=itemgetter(1), reverse=True)
    return [f"sprint in {mode}: {speed:,.0f} images/s" for mode, speed in ranked]


def describe_plan(plan: "Plan") -> str:
    """A plan as a sentence."""
    run = describe_length(plan.config.recipe, plan.config.epochs)
    time = f"about {max(plan.seconds / 60, 0.1):.1f} min"
    if plan.accuracy is None:
        return f"Training {run}: {time} here."
    return f"Training {run}: {time} here, test accuracy {describe_accuracy(plan.accuracy)}."
