"""Encodes events as lines of JSON and decodes them; for the trainer, the window and the tests."""

import json

import msgspec

from trainer.events import command_events, run_events  # noqa: F401 - they define the events
from trainer.events.base import PROTOCOL_VERSION, Event, EventError
from trainer.files.json_decoding import decode_json

EVENTS: dict[str, type[Event]] = {kind.name: kind for kind in Event.__subclasses__()}
"""Every kind of event, by name."""


class _Header(msgspec.Struct):
    """What a line of any version begins with."""

    event: str
    version: int
    time: float


def to_line(event: Event) -> str:
    """Encode an event as one line of JSON, without the line break."""
    return json.dumps(msgspec.to_builtins(event))


def from_line(line: bytes | str) -> Event:
    """Decode a line that `to_line` wrote.

    Raises:
        EventError: If it is anything else, has another version, or a field is missing, unknown or
            of the wrong type.
    """
    try:
        header = decode_json(line, _Header)
        if header.version == PROTOCOL_VERSION:
            return decode_json(line, EVENTS[header.event])
    except (ValueError, KeyError) as error:
        raise EventError(f"Not an event: {error}", details=_excerpt(line)) from error
    raise EventError(
        f"Event of protocol version {header.version}; this program reads {PROTOCOL_VERSION}.",
        details=_excerpt(line),
    )


def _excerpt(line: bytes | str) -> str:
    text = line if isinstance(line, str) else line.decode("utf-8", "replace")
    return text[:1000]
