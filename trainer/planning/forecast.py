"""Times the recipes with a reference curve on a device; for `forecast` and `train --minutes`."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.cancellation import CancelToken
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGES, is_cifar10
from trainer.data.dataset import Dataset
from trainer.devices.device import Device
from trainer.events.command_events import Forecast
from trainer.planning.plans import Plan, best_within, possible_plans, rank, reference_curves
from trainer.planning.speed_probe import probe


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """Of a dataset.

    Attributes:
        train: Training images, those to be put aside included.
        test: Test images.
        classes: How many classes there are.
        known: Whether it is CIFAR-10, which the curves were measured on.
    """

    train: int
    test: int
    classes: int
    known: bool = False


CIFAR10 = Sizes(
    train=CIFAR10_IMAGES[0], test=CIFAR10_IMAGES[1], classes=len(CIFAR10_CLASSES), known=True
)
MEASURING = "Measuring how fast it trains here"
TIMES = (1, 2, 5, 10, 15, 30, 60, 120, 240, 480)
"""Minutes that people think in."""
WORTH_WAITING = 0.004
"""A longer time is named if so much more is expected of it."""


def sizes_of(dataset: Dataset) -> Sizes:
    """What a forecast depends on of a dataset."""
    train, test = len(dataset.train), len(dataset.test)
    return Sizes(
        train=train,
        test=test,
        classes=len(dataset.classes),
        known=is_cifar10(dataset.classes, train, test),
    )


def planned(
    configs: Sequence[TrainConfig],
    sizes: Sizes,
    device: Device,
    *,
    token: CancelToken,
    processes: int = 1,
    parameter_seconds: float = 0.0,
) -> list[Plan]:
    """All runs to choose from, the shortest first.

    Args:
        configs: The recipes to choose from.
        sizes: Of the data.
        device: Where; every recipe is timed for a moment.
        token: Stops the work.
        processes: How many share the images of a step.
        parameter_seconds: What a step takes for each parameter, to tell the others its gradient.

    Raises:
        Cancelled: If the token asked to stop.
        DeviceError: If the device's memory is full.
        TrainerError: If the installation lacks the curves.
    """
    speeds = {
        config.recipe: probe(
            config,
            device,
            classes=sizes.classes,
            token=token,
            processes=processes,
            parameter_seconds=parameter_seconds,
        )
        for config in configs
    }
    return possible_plans(
        configs,
        speeds,
        train_images=sizes.train,
        test_images=sizes.test,
        curves=reference_curves(),
        known=sizes.known,
    )


def forecast(plans: Sequence[Plan], device: str, *, spent: float = 0.0) -> Forecast:
    """What people would get for times that they think in; a time that brings nothing is left out.

    Of a network that nobody has trained a longer run is taken to bring more, within the bounds of
    `trainer.planning.plans`.

    Args:
        plans: All runs to choose from.
        device: Where, in words.
        spent: Seconds that finding out took, as it will again when one of them is begun by time.
    """
    chosen: list[tuple[int, Plan]] = []
    for minutes in TIMES:
        plan = best_within(plans, 60 * minutes - spent)
        if plan is not None and (not chosen or _is_better(plan, chosen[-1][1])):
            chosen.append((minutes, plan))
    return Forecast(
        device=device,
        minutes=tuple(minutes for minutes, _ in chosen),
        recipes=tuple(plan.config.recipe for _, plan in chosen),
        epochs=tuple(plan.config.epochs for _, plan in chosen),
        seconds=tuple(plan.seconds for _, plan in chosen),
        accuracies=tuple(plan.accuracy for _, plan in chosen),
    )


def _is_better(plan: Plan, other: Plan) -> bool:
    if plan.worth is None or other.worth is None:
        return rank(plan) > rank(other)
    return plan.worth >= other.worth + WORTH_WAITING
