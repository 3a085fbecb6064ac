"""Measures the recipes and forecasts their runs; for `forecast` and `train --minutes`."""

from collections.abc import Sequence
from dataclasses import dataclass

from trainer.cancellation import CancelToken
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import CIFAR10_CLASSES, CIFAR10_IMAGES, is_cifar10
from trainer.data.dataset import Dataset
from trainer.devices.device import Device
from trainer.events.command_events import Forecast
from trainer.planning.mode_trial import choose_mode
from trainer.planning.plans import (
    TIMES,
    Plan,
    best_within,
    possible_plans,
    rank,
    reference_curves,
)
from trainer.planning.speed_probe import probe


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetCounts:
    """The numbers of images and classes of a dataset.

    Attributes:
        train: Training images, including those held out for validation.
        test: Test images.
        classes: Number of classes.
        validation: Validation images; None if training images are held out.
        is_cifar10: Whether it is CIFAR-10, on which the accuracies were measured.
        has_none: Whether there are pictures of other things to train on.
    """

    train: int
    test: int
    classes: int
    validation: int | None = None
    is_cifar10: bool = False
    has_none: bool = False


CIFAR10_COUNTS = DatasetCounts(
    train=CIFAR10_IMAGES[0], test=CIFAR10_IMAGES[1], classes=len(CIFAR10_CLASSES), is_cifar10=True
)
MEASURING = "Measuring training speed"
MIN_IMPROVEMENT = 0.004
"""Smallest gain in expected accuracy for which a longer time is offered."""


def dataset_counts(dataset: Dataset) -> DatasetCounts:
    """The numbers of images and classes of a dataset."""
    train, test = len(dataset.train), len(dataset.test)
    has_none = dataset.none_counts[0] > 0
    return DatasetCounts(
        train=train,
        test=test,
        classes=len(dataset.classes),
        validation=None if dataset.validation is None else len(dataset.validation),
        is_cifar10=is_cifar10(dataset.classes, train, test) and not has_none,
        has_none=has_none,
    )


def plan_runs(
    configs: Sequence[TrainConfig],
    sizes: DatasetCounts,
    device: Device,
    *,
    token: CancelToken,
    processes: int = 1,
    parameter_seconds: float = 0.0,
) -> list[Plan]:
    """Measure the recipes and list all possible runs, shortest first.

    Args:
        configs: Recipes to choose from.
        sizes: Numbers of images and classes of the dataset.
        device: Device to measure on.
        token: Cancels the work.
        processes: Number of processes that share the images of a step.
        parameter_seconds: Seconds per parameter and step to exchange gradients.

    Raises:
        Cancelled: If the token was cancelled.
        DeviceError: If the device runs out of memory.
        TrainerError: If the installation lacks the reference curves.
    """
    speeds = {
        config.recipe: probe(
            config,
            choose_mode(config, device, classes=sizes.classes, token=token).device,
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
        validation_images=sizes.validation,
        curves=reference_curves(),
        is_cifar10=sizes.is_cifar10,
        has_none=sizes.has_none,
    )


def forecast(plans: Sequence[Plan], device: str, *, spent: float = 0.0) -> Forecast:
    """The best run for each of `TIMES`; times that bring no improvement are left out.

    Without measured accuracies a longer run counts as better, within the limits of
    `trainer.planning.plans`.

    Args:
        plans: All possible runs.
        device: Name of the device.
        spent: Seconds that measuring took, as it will again before training by time.
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
        speeds={plan.config.recipe: plan.speed for plan in plans},
    )


def _is_better(plan: Plan, other: Plan) -> bool:
    if plan.reference_accuracy is None or other.reference_accuracy is None:
        return rank(plan) > rank(other)
    return plan.reference_accuracy >= other.reference_accuracy + MIN_IMPROVEMENT
