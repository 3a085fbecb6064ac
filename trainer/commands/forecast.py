"""`cifar-trainer forecast`: what can be trained here in which time, and how good it will be."""

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
from trainer.planning.forecast import CIFAR10, MEASURING, Sizes, forecast, planned
from trainer.planning.plan_text import length_in_words, promise
from trainer.planning.plans import reference_curves


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Time the recipes and tell."""
    with console_events(as_events=options.events, in_words=_text) as tell:
        device = find_device(options.device)
        sizes = _sizes(options)
        configs = [recipe(name) for name in reference_curves()]
        tell(Preparing(what=MEASURING, done=0, total=None))
        begun = time.monotonic()
        plans = planned(configs, sizes, device, token=token)
        tell(forecast(plans, str(device), spent=time.monotonic() - begun))
    return 0


def _sizes(options: argparse.Namespace) -> Sizes:
    train, test, classes = options.train_images, options.test_images, options.classes
    if train is not None:
        require_enough_images(train)
        return Sizes(train=train, test=test or 0, classes=classes or CIFAR10.classes)
    if test is not None or classes is not None:
        raise ConfigError("Say how many training images your own data have: --train-images N.")
    return CIFAR10


def _text(event: Event) -> str:
    assert isinstance(event, Forecast)  # noqa: S101 - for the type checker
    rows = zip(event.minutes, event.accuracies, event.epochs, event.recipes, strict=True)
    lines = [
        f"{minutes:>5g} min  {_expected(accuracy)}{length_in_words(name, epochs)}"
        for minutes, accuracy, epochs, name in rows
    ]
    if not lines:
        lines = ["Nothing can be trained in eight hours."]
    return "\n".join([f"On {event.device}:", *lines])


def _expected(accuracy: float | None) -> str:
    return "" if accuracy is None else f"{promise(accuracy)}, "
