"""What can be trained in a given time: asked by `train --minutes`, `forecast` and the window.

How accurate a recipe becomes in so many epochs was measured once, on CIFAR-10
(`benchmarks/reference_curves.py`); how long an epoch takes here tells `trainer.planning.speed_probe`. Of other
data nobody knows what comes out; there, too, recipes are compared by the curves.
Standard library only.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from trainer.config.recipes import recipe
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import CIFAR10_IMAGES
from trainer.errors import ConfigError, TrainerError
from trainer.events.command_events import Probed
from trainer.files.resources import resource
from trainer.planning.duration import run_seconds, run_steps
from trainer.planning.plan_text import length_in_words, promise

CURVES = "reference_curves.json"
SPARE = 1.05
"""A run may take so much longer than a few timed steps promise."""
LONGEST = 4
"""On other data than CIFAR-10 a recipe may be trained for so many times its own epochs."""
ENOUGH = 200
"""Beyond so many epochs nobody need be sent, however few images there are."""

Curve = Mapping[int, float]
"""Accuracy by the epochs of a whole run: each is a schedule of its own, not a stop on the way."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run that could be done.

    Attributes:
        config: Its settings.
        seconds: How long it takes here, from the first step to the model file.
        steps: How many it takes.
        worth: What a run of as many images comes to on CIFAR-10, 0 to 1, to compare it by; None
            where none so short was measured.
        accuracy: What to expect of it, 0 to 1, of test images as the program answers; None where
            nobody knows: for other data, and for settings that are not the recipe's.
    """

    config: TrainConfig
    seconds: float
    steps: int
    worth: float | None
    accuracy: float | None


@cache
def reference_curves() -> Mapping[str, Curve]:
    """The measured curves, by recipe.

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
            f"The installation is damaged: “{CURVES}” cannot be read. Install it again.",
            details=repr(error),
        ) from error


def expected_accuracy(curve: Curve, epochs: float) -> float:
    """What a run of so many epochs comes to.

    Between two measured runs errors are taken to fall as a power of the epochs, as they do with the
    size of training in Hestness et al., "Deep Learning Scaling is Predictable, Empirically" (2017).

    Args:
        curve: The measured runs.
        epochs: Of the run, at least those of the shortest measured one; beyond the longest nothing
            more is expected.
    """
    known = sorted(curve)
    if epochs >= known[-1]:
        return curve[known[-1]]
    place = max(1, bisect_left(known, epochs))
    low, high = known[place - 1], known[place]
    errors = [math.log(1 - curve[each]) for each in (low, high)]
    share = math.log(epochs / low) / math.log(high / low)
    return 1 - math.exp(errors[0] + share * (errors[1] - errors[0]))


def possible_plans(
    configs: Iterable[TrainConfig],
    speeds: Mapping[str, Probed],
    *,
    train_images: int,
    test_images: int,
    curves: Mapping[str, Curve],
    known: bool,
) -> list[Plan]:
    """All runs to choose from, the shortest first.

    Args:
        configs: The recipes to choose from; their epochs are what varies.
        speeds: How fast the device is, by recipe.
        train_images: Training images of the dataset, those to be put aside included.
        test_images: Test images of the dataset.
        curves: What came out on CIFAR-10, by recipe.
        known: Whether the dataset is CIFAR-10.
    """
    plans = []
    for config in configs:
        curve = curves.get(config.recipe, {})
        promised = known and _is_as_measured(config)
        for epochs in _lengths(config, curve, train_images, known=known):
            planned = replace(config, epochs=epochs)
            seconds = run_seconds(
                planned,
                train_images=train_images,
                test_images=test_images,
                probed=speeds[config.recipe],
            )
            passes = epochs * train_images / CIFAR10_IMAGES[0]
            # What a few steps come to, no longer run tells.
            worth = expected_accuracy(curve, passes) if curve and passes >= min(curve) else None
            plans.append(
                Plan(
                    config=planned,
                    seconds=seconds,
                    steps=run_steps(planned, train_images),
                    worth=worth,
                    accuracy=worth if promised else None,
                )
            )
    return sorted(plans, key=lambda plan: plan.seconds)


def _lengths(config: TrainConfig, curve: Curve, train_images: int, *, known: bool) -> range:
    if known:
        # Of shorter runs than the shortest measured one nobody knows what they come to, and a
        # recipe without a curve was tried at its own length.
        return range(min(curve, default=1), max(curve, default=config.epochs) + 1)
    # Few images want more epochs: as many images are to be seen as in the longest measured run.
    as_measured = max(curve, default=0) * CIFAR10_IMAGES[0] // train_images
    return range(1, max(LONGEST * config.epochs, min(ENOUGH, as_measured)) + 1)


def _is_as_measured(config: TrainConfig) -> bool:
    own = recipe(config.recipe)
    return config == replace(own, epochs=config.epochs, seed=config.seed, device=config.device)


def best_within(plans: Sequence[Plan], seconds: float) -> Plan | None:
    """The most accurate run that fits into a time, with some to spare; None if none does.

    Where nothing is known of accuracies, it is the one with the most steps.
    """
    fitting = [plan for plan in plans if SPARE * plan.seconds <= seconds]
    # Of equals the first, which takes the least time.
    return max(fitting, key=rank, default=None)


def rank(plan: Plan) -> tuple[float, int]:
    """By what runs are compared: by what they are worth, or else by their steps."""
    return (plan.worth, 0) if plan.worth is not None else (0.0, plan.steps)


def require_fitting(plans: Sequence[Plan], seconds: float, *, spent: float = 0.0) -> Plan:
    """The best run that fits into a time.

    Args:
        plans: All runs to choose from, the shortest first.
        seconds: The time.
        spent: What was used up already by finding out how fast the device is.

    Raises:
        ConfigError: If not even the shortest does.
    """
    best = best_within(plans, seconds - spent)
    if best is None:
        shortest = plans[0]
        needed = math.ceil((SPARE * shortest.seconds + spent) / 6) / 10
        run = length_in_words(shortest.config.recipe, shortest.config.epochs)
        raise ConfigError(
            f"That is too little time: the shortest run, {run}, takes about {needed:g} min here."
        )
    return best


def in_words(plan: Plan) -> str:
    """What a plan comes to, as a sentence."""
    run = length_in_words(plan.config.recipe, plan.config.epochs)
    minutes = f"about {max(plan.seconds / 60, 0.1):.1f} min"
    expected = "" if plan.accuracy is None else f", and comes to {promise(plan.accuracy)}"
    return f"The best that fits is {run}: it takes {minutes} here{expected}."
