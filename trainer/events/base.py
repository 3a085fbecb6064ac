"""What every event is; the kinds are in `trainer.events.run_events` (runs) and `trainer.events.command_events` (the rest).

Standard library only.
"""

import time
from dataclasses import dataclass, field
from typing import ClassVar

from trainer.errors import TrainerError


class EventError(TrainerError):
    """A line is no event of this protocol version."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Anything the trainer tells.

    Attributes:
        time: Seconds since 1970, UTC.
    """

    name: ClassVar[str]
    time: float = field(default_factory=time.time)
