"""Which run fits into a given time; used by `train --minutes`, `forecast` and the window.

The accuracy of each recipe by number of epochs was measured on CIFAR-10
(`benchmarks/reference_curves.py`); `trainer.planning.speed_probe` measures the time per epoch on
this computer. On other datasets accuracies are unknown, but recipes are still ranked by these
curves. Imports nothing heavy.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from msgspec.structs import replace

from trainer.config.recipes import recipe
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import CIFAR10_IMAGES
from trainer.errors import ConfigError, TrainerError
from trainer.events.command_events import SpeedMeasured
from trainer.files.resources import resource
from trainer.planning.duration import run_seconds, run_steps
from trainer.planning.plan_text import describe_length

CURVES = "reference_curves.json"
TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480)
"""Minutes that users think in."""
TIME_MARGIN = 1.05
"""A run may take this much longer than the timed steps predict."""
MAX_EPOCHS_FACTOR = 4
"""Limit of epochs on datasets other than CIFAR-10, relative to the epochs of the recipe."""
MAX_EPOCHS = 200
"""Limit of epochs on small datasets."""

Curve = Mapping[int, float]
"""Accuracy by the number of epochs of a whole run, each with a schedule of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A possible run.

    Attributes:
        config: Settings of the run.
        seconds: Duration on this device, from the first step to the model file.
        steps: Number of steps.
        reference_accuracy: Accuracy of a run with as many images on CIFAR-10, 0 to 1, for ranking;
            None if no run so short was measured.
        accuracy: Expected test accuracy, 0 to 1; None if unknown: on other datasets, and with
            settings other than the recipe's.
        speed: The measurement that the duration is based on.
    """

    config: TrainConfig
    seconds: float
    steps: int
    reference_accuracy: float | None
    accuracy: float | None
    speed: SpeedMeasured


@cache
def reference_curves() -> Mapping[str, Curve]:
    """The measured accuracies, by recipe.

    Raises:
        TrainerError: If the installation lacks them.
    """
    try:
        curves: dict[str, dict[int, float]] = {}
        for run in json.loads(resource(CURVES).read_text(encoding="utf-8"))["runs"]:
            config = run["config"]
            curve = curves.setdefault(config["recipe"], {})
            curve[int(config["epochs"])] = float(run["accuracy"])
        return curves
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise TrainerError(
            f"The installation is damaged: “{CURVES}” could not be read. Reinstall the program.",
            details=repr(error),
        ) from error


def expected_accuracy(curve: Curve, epochs: float) -> float:
    """Expected accuracy of a run on CIFAR-10.

    Between two measured runs the error is interpolated as a power of the number of epochs, as it
    scales with training size in Hestness et al., "Deep Learning Scaling is Predictable,
    Empirically" (2017).

    Args:
        curve: Measured accuracies.
        epochs: Number of epochs, at least that of the shortest measured run; beyond the longest one
                the accuracy stays the same.
    """
    measured = sorted(curve)
    if epochs >= measured[-1]:
        return curve[measured[-1]]
    index = max(1, bisect_left(measured, epochs))
    low, high = measured[index - 1], measured[index]
    errors = [math.log(1 - curve[each]) for each in (low, high)]
    fraction = math.log(epochs / low) / math.log(high / low)
    return 1 - math.exp(errors[0] + fraction * (errors[1] - errors[0]))


def possible_plans(
    configs: Iterable[TrainConfig],
    speeds: Mapping[str, SpeedMeasured],
    *,
    train_images: int,
    test_images: int,
    validation_images: int | None = None,
    curves: Mapping[str, Curve],
    is_cifar10: bool,
    has_none: bool = False,
) -> list[Plan]:
    """All possible runs, shortest first.

    Args:
        configs: Recipes to choose from; only their number of epochs varies.
        speeds: Measured speed of the device, by recipe.
        train_images: Training images of the dataset, including those held out for validation.
        test_images: Test images of the dataset.
        validation_images: Validation images of the dataset; None if training images are held out.
        curves: Measured accuracies on CIFAR-10, by recipe.
        is_cifar10: Whether the dataset is CIFAR-10.
        has_none: Whether there are pictures of other things to train on.
    """
    plans = []
    for config in configs:
        curve, speed = curves.get(config.recipe, {}), speeds[config.recipe]
        is_measured = is_cifar10 and _is_measured_recipe(config)
        for epochs in _epoch_range(config, curve, train_images, is_cifar10=is_cifar10):
            run = replace(config, epochs=epochs)
            seconds = run_seconds(
                run,
                train_images=train_images,
                test_images=test_images,
                validation_images=validation_images,
                speed=speed,
                has_none=has_none,
            )
            equivalent = epochs * train_images / CIFAR10_IMAGES[0]
            # Accuracies after fewer steps cannot be extrapolated from longer runs.
            reference = None
            if curve and equivalent >= min(curve):
                reference = expected_accuracy(curve, equivalent)
            plans.append(
                Plan(
                    config=run,
                    seconds=seconds,
                    steps=run_steps(run, train_images, validation_images, has_none=has_none),
                    reference_accuracy=reference,
                    accuracy=reference if is_measured else None,
                    speed=speed,
                )
            )
    return sorted(plans, key=lambda plan: plan.seconds)


def _epoch_range(
    config: TrainConfig, curve: Curve, train_images: int, *, is_cifar10: bool
) -> range:
    if is_cifar10:
        # The accuracy of runs shorter than the shortest measured one is unknown, and a recipe
        # without a curve was only tried with its own number of epochs.
        return range(min(curve, default=1), max(curve, default=config.epochs) + 1)
    # Small datasets need more epochs: as many images as in the longest measured run.
    equivalent = max(curve, default=0) * CIFAR10_IMAGES[0] // train_images
    return range(1, max(MAX_EPOCHS_FACTOR * config.epochs, min(MAX_EPOCHS, equivalent)) + 1)


def _is_measured_recipe(config: TrainConfig) -> bool:
    own = recipe(config.recipe)
    free = ("epochs", "seed", "device", "precision")
    return config == replace(own, **{name: getattr(config, name) for name in free})


def best_within(plans: Sequence[Plan], seconds: float) -> Plan | None:
    """The most accurate run that fits into a time with a safety margin; None if none does.

    Without measured accuracies, it is the run with the most steps.
    """
    candidates = [plan for plan in plans if TIME_MARGIN * plan.seconds <= seconds]
    # The first of equals is the shortest.
    return max(candidates, key=rank, default=None)


def rank(plan: Plan) -> tuple[float, int]:
    """Sort key of runs: their reference accuracy, or else their number of steps."""
    return (
        (plan.reference_accuracy, 0) if plan.reference_accuracy is not None else (0.0, plan.steps)
    )


def require_plan_within(plans: Sequence[Plan], seconds: float, *, spent: float = 0.0) -> Plan:
    """The best run that fits into a time.

    Args:
        plans: All possible runs, shortest first.
        seconds: Available time.
        spent: Time already spent on measuring the device.

    Raises:
        ConfigError: If not even the shortest run fits.
    """
    best = best_within(plans, seconds - spent)
    if best is None:
        shortest = plans[0]
        needed = math.ceil((TIME_MARGIN * shortest.seconds + spent) / 6) / 10
        run = describe_length(shortest.config.recipe, shortest.config.epochs)
        raise ConfigError(
            f"The time is too short: the shortest run, {run}, takes about {needed:g} min here."
        )
    return best
