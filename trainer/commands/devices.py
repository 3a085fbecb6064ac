"""`cifar-trainer devices`: which devices networks can run on, and why others do not work."""

import argparse

from trainer.cancellation import CancelToken
from trainer.commands.console import console_events
from trainer.config.recipes import sprint
from trainer.devices.discovery import Trial, try_devices
from trainer.devices.memory import total_memory
from trainer.events.base import Event
from trainer.events.command_events import DeviceTested
from trainer.planning.mode_trial import choose_mode
from trainer.planning.plan_text import describe_speeds


def run(options: argparse.Namespace, token: CancelToken) -> int:
    """Test all kinds of devices."""
    with console_events(as_json=options.events, to_text=_text) as emit:
        for trial in try_devices():
            token.check()
            emit(_tested(trial, token, measures=options.speeds))
    return 0


def _tested(trial: Trial, token: CancelToken, *, measures: bool) -> DeviceTested:
    device, speeds = trial.device, dict[str, float]()
    if device is not None and measures:
        choice = choose_mode(sprint(), device, classes=10, token=token)
        device, speeds = choice.device, choice.speeds
    return DeviceTested(
        device=trial.name,
        title=trial.title,
        precision=device.precision if device and measures else "",
        works=device is not None,
        reason=trial.error.message if trial.error else "",
        memory=total_memory(device.torch_device) if device else None,
        automatic=trial.automatic,
        speeds=speeds,
    )


def _text(event: Event) -> str:
    assert isinstance(event, DeviceTested)  # noqa: S101 - for the type checker
    if not event.works:
        return f"{event.device:5} {event.reason}"
    memory = f"{event.memory / 2**30:.0f} GiB" if event.memory else ""
    default = " (default)" if event.automatic else ""
    facts = ", ".join(filter(None, (event.title, event.precision, memory)))
    lines = [f"{event.device:5} {facts}{default}"]
    return "\n".join([*lines, *(f"      {line}" for line in describe_speeds(event.speeds))])
