"""`cifar-trainer forecast`: what can be trained in a given time, with what accuracy."""

import argparse
import time

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.config.recipes import recipe
from trainer.data.validation_size import require_enough_images
from trainer.devices.discovery import find_device
from trainer.errors import ConfigError
from trainer.events.base import Event
from trainer.events.command_events import Forecast
from trainer.events.run_events import Preparing
from trainer.planning.forecast import CIFAR10_COUNTS, MEASURING, DatasetCounts, forecast, plan_runs
from trainer.planning.plan_text import describe_accuracy, describe_length
from trainer.planning.plans import reference_curves


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Measure the training speed and print the forecast."""
    with console_events(as_json=options.events, to_text=_text) as emit:
        device = find_device(options.device)
        sizes = _sizes(options)
        changes = {"image_size": options.image_size}
        configs = [recipe(name).with_changes(changes) for name in reference_curves()]
        emit(Preparing(what=MEASURING, done=0, total=None))
        started = time.monotonic()
        plans = plan_runs(configs, sizes, device, token=token)
        emit(forecast(plans, device.title, spent=time.monotonic() - started))
    return 0


def _sizes(options: argparse.Namespace) -> DatasetCounts:
    train, test, classes = options.train_images, options.test_images, options.classes
    validation = options.validation_images
    if train is not None:
        require_enough_images(train)
        return DatasetCounts(
            train=train,
            test=test or 0,
            classes=classes or CIFAR10_COUNTS.classes,
            validation=validation,
            has_none=options.none,
        )
    if options.none or not test is validation is classes is None:
        raise ConfigError("Give the number of training images, too: --train-images N.")
    return CIFAR10_COUNTS


def _text(event: Event) -> str:
    assert isinstance(event, Forecast)  # noqa: S101 - for the type checker
    rows = zip(event.minutes, event.accuracies, event.epochs, event.recipes, strict=True)
    lines = [
        f"{minutes:>5g} min  {_expected(accuracy)}{describe_length(name, epochs)}"
        for minutes, accuracy, epochs, name in rows
    ]
    if not lines:
        lines = ["No run fits into eight hours."]
    return "\n".join([f"Training on {event.device}:", *lines])


def _expected(accuracy: float | None) -> str:
    return "" if accuracy is None else f"{describe_accuracy(accuracy)}, "
