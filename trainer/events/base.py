"""The base of all events; see `trainer.events.run_events` and `trainer.events.command_events`."""

import re
import time
from typing import ClassVar

import msgspec

from trainer.errors import TrainerError

PROTOCOL_VERSION = 3
"""Counts changes of the events."""


class EventError(TrainerError):
    """A line is not an event of this protocol version."""


def _snake_case(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Event(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    tag_field="event",
    tag=_snake_case,
    forbid_unknown_fields=True,
):
    """Something the trainer reports. `RunStarted` is written as `{"event": "run_started", ...}`.

    Attributes:
        name: The event's name, the class name in snake case.
        version: Version of the protocol.
        time: Seconds since 1970-01-01 00:00 UTC.
    """

    name: ClassVar[str]
    version: int = PROTOCOL_VERSION
    time: float = msgspec.field(default_factory=time.time)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.name = _snake_case(cls.__name__)
