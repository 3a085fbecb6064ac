"""Events to lines of JSON and back."""

import json
from dataclasses import asdict, fields
from typing import Any

from trainer.events.base import Event, EventError
from trainer.events.command_events import (
    CommandFailed,
    DataDescribed,
    DataMissing,
    DeviceTried,
    Evaluated,
    Exported,
    Forecast,
    Probed,
)
from trainer.events.run_events import (
    CheckpointSaved,
    EpochFinished,
    EpochStarted,
    Message,
    Preparing,
    Progress,
    RunFailed,
    RunFinished,
    RunStarted,
    Waiting,
)

PROTOCOL_VERSION = 2


EVENTS: dict[str, type[Event]] = {
    kind.name: kind
    for kind in (
        Preparing, Waiting, RunStarted, EpochStarted, Progress, EpochFinished,
        CheckpointSaved, Message, RunFinished, RunFailed,
        DeviceTried, DataDescribed, DataMissing, Probed, Forecast, Evaluated, Exported,
        CommandFailed,
    )
}  # fmt: skip


def to_line(event: Event) -> str:
    """The event as one line of JSON, without the line break."""
    return json.dumps({"event": event.name, "version": PROTOCOL_VERSION, **asdict(event)})


def from_line(line: str) -> Event:
    """Read what `to_line` wrote.

    Raises:
        EventError: If the line is anything else, one of another version included.
    """
    try:
        values: dict[str, Any] = json.loads(line)
        kind = EVENTS[values.pop("event")]
        version = values.pop("version")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise EventError("The trainer said something that is no event.", details=line) from error
    if version != PROTOCOL_VERSION:
        raise EventError(f"The trainer speaks version {version} of the event protocol, not "
                         f"{PROTOCOL_VERSION}.", details=line)  # fmt: skip
    return _build(kind, values, line)


def _build(kind: type[Event], values: dict[str, Any], line: str) -> Event:
    if values.keys() != {each.name for each in fields(kind)}:
        raise EventError(f"The event “{kind.name}” has other fields than it should.", details=line)
    lists = {name: tuple(value) for name, value in values.items() if isinstance(value, list)}
    return kind(**values | lists)
