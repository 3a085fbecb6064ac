"""Lines of the trainer, checked so far that the window can use what they say without a doubt.

`trainer_command`, `run_follower` and `run_scan` read with it.
"""

import types
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from trainer.events.base import Event, EventError
from trainer.events.codec import EVENTS, from_line


def read_event(line: bytes) -> Event:
    """The event in a line.

    Raises:
        EventError: If the line is none, or has a value of a kind that its field cannot have.
    """
    try:
        event = from_line(line.decode("utf-8"))
    # A line of brackets alone is nested deeper than the parser can go.
    except (UnicodeDecodeError, RecursionError) as error:
        raise EventError(
            "The trainer said something that is no event.", details=repr(line[:200])
        ) from error
    for name, kinds in _KINDS[type(event)]:
        value = getattr(event, name)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            raise EventError(
                f"The event “{event.name}” has a {name} that makes no sense.", details=repr(value)
            )
    return event


def _allowed(hint: Any) -> tuple[type, ...]:
    origin = get_origin(hint)
    if origin is Literal:
        return (str,)
    if origin in (types.UnionType, Union):
        return tuple(kind for part in get_args(hint) for kind in _allowed(part))
    if hint is float:
        return (float, int)
    return (origin or hint,)


_KINDS = {
    kind: tuple((name, _allowed(hint)) for name, hint in get_type_hints(kind).items()
                if name != "name")
    for kind in EVENTS.values()
}  # fmt: skip
