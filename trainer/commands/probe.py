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
from trainer.devices.discovery import find_device
from trainer.errors import ConfigError
from trainer.events.base import Event
from trainer.events.command_events import SpeedMeasured
from trainer.planning.dataset_counts import CIFAR10_COUNTS
from trainer.planning.duration import run_seconds
from trainer.planning.mode_trial import choose_mode
from trainer.planning.speed_probe import probe


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Time a few steps of a run."""
    configs: list[TrainConfig] = []
    with console_events(
        as_json=options.events, to_text=lambda event: _text(event, configs[0])
    ) as emit:
        configs.append(_config(options))
        load_needs(configs[0].recipe)
        device = find_device(configs[0].device)
        choice = choose_mode(configs[0], device, classes=options.classes, token=token)
        emit(probe(configs[0], choice.device, classes=options.classes, token=token))
    return 0


def _config(options: argparse.Namespace) -> TrainConfig:
    if options.config is None:
        config = recipe(options.recipe or "sprint")
    elif options.recipe is None:
        config = _settings(_read(options.config))
    else:
        raise ConfigError("Use either --recipe or --config, not both.")
    names = ("batch_size", "image_size", "device", "precision")
    changes = {name: value for name in names if (value := getattr(options, name)) is not None}
    return config.with_changes(changes)


def _settings(text: str) -> TrainConfig:
    with suppress(ValueError):
        document = json.loads(text)
        # The config.json of a run also names the dataset.
        if isinstance(document, dict) and isinstance(document.get("config"), dict):
            text = json.dumps(document["config"])
    return TrainConfig.from_json(text)


def _read(name: str) -> str:
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise ConfigError(f"The settings could not be read: {name}", details=repr(error)) from error


def _text(event: Event, config: TrainConfig) -> str:
    assert isinstance(event, SpeedMeasured)  # noqa: S101 - for the type checker
    seconds = run_seconds(config, CIFAR10_COUNTS, event)
    batch_seconds = event.step_seconds + config.batch_size * event.image_seconds
    return (
        f"{config.recipe} on {event.device}: {config.batch_size / batch_seconds:,.0f} images/s in "
        f"training, {1 / event.forward_seconds:,.0f} images/s in inference.\n"
        f"A run on CIFAR-10 would take about {seconds / 60:,.1f} minutes."
    )
