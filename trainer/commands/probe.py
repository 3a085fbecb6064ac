"""`cifar-trainer probe`: how fast a recipe trains on this computer."""

import argparse
import json
import sys
from contextlib import suppress
from pathlib import Path

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.config.recipes import load_needs, recipe
from trainer.config.train_config import TrainConfig
from trainer.data.cifar10 import CIFAR10_IMAGES
from trainer.devices.discovery import find_device
from trainer.errors import ConfigError
from trainer.events.base import Event
from trainer.events.command_events import Probed
from trainer.planning.duration import run_seconds
from trainer.planning.speed_probe import probe


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Time a few steps."""
    configs: list[TrainConfig] = []
    with console_events(
        as_events=options.events, in_words=lambda event: _text(event, configs[0])
    ) as tell:
        configs.append(_config(options))
        load_needs(configs[0].recipe)
        device = find_device(configs[0].device)
        tell(probe(configs[0], device, classes=options.classes, token=token))
    return 0


def _config(options: argparse.Namespace) -> TrainConfig:
    if options.config is None:
        config = recipe(options.recipe or "sprint")
    elif options.recipe is None:
        config = _settings(_read(options.config))
    else:
        raise ConfigError("Give a recipe or a file with settings, not both.")
    names = ("batch_size", "device")
    changes = {name: value for name in names if (value := getattr(options, name)) is not None}
    return config.with_changes(changes)


def _settings(text: str) -> TrainConfig:
    with suppress(ValueError):
        document = json.loads(text)
        # In the folder of a run the data stand beside them.
        if isinstance(document, dict) and isinstance(document.get("config"), dict):
            text = json.dumps(document["config"])
    return TrainConfig.from_json(text)


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The settings cannot be read: {name}", details=repr(error)) from error


def _text(event: Event, config: TrainConfig) -> str:
    assert isinstance(event, Probed)  # noqa: S101 - for the type checker
    train, test = CIFAR10_IMAGES
    seconds = run_seconds(config, train_images=train, test_images=test, probed=event)
    batch_seconds = event.step_seconds + config.batch_size * event.image_seconds
    return (
        f"{config.recipe} on {event.device}: {config.batch_size / batch_seconds:,.0f} images/s in "
        f"training, {1 / event.forward_seconds:,.0f} in one forward pass.\n"
        f"All of CIFAR-10 would take about {seconds / 60:,.1f} minutes."
    )
