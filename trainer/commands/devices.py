"""`cifar-trainer devices`: which devices can train, and why others cannot."""

import argparse

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.devices.discovery import Trial, try_devices
from trainer.devices.memory import total_memory
from trainer.events.base import Event
from trainer.events.command_events import DeviceTried


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Try every kind of device out."""
    with console_events(as_events=options.events, in_words=_text) as tell:
        for trial in try_devices():
            token.check()
            tell(_tried(trial))
    return 0


def _tried(trial: Trial) -> DeviceTried:
    device = trial.device
    return DeviceTried(
        device=trial.name,
        title=trial.title,
        precision=device.precision if device else "",
        works=device is not None,
        reason=trial.error.message if trial.error else "",
        memory=total_memory(device.torch_device) if device else None,
        automatic=trial.automatic,
    )


def _text(event: Event) -> str:
    assert isinstance(event, DeviceTried)  # noqa: S101 - for the type checker
    if not event.works:
        return f"{event.device:5} {event.reason}"
    memory = f", {event.memory / 2**30:.0f} GiB" if event.memory else ""
    remark = " (taken by itself)" if event.automatic else ""
    return f"{event.device:5} {event.title}, {event.precision}{memory}{remark}"
