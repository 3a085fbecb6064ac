"""What the settings of a run have in common: checked values, and a text that stays the same."""

from collections.abc import Iterable
from typing import Any

import msgspec

from trainer.errors import ConfigError


def require(condition: bool, message: str) -> None:  # noqa: FBT001 - reads as an assertion
    """Check a setting.

    Raises:
        ConfigError: If the condition does not hold; `message` says what the value must be.
    """
    if not condition:
        raise ConfigError(message)


def leave_out_defaults(fields: dict[str, Any], plain: msgspec.Struct, names: Iterable[str]) -> None:
    """Remove those of `names` from `fields` that have the value they have in `plain`.

    Settings that earlier versions did not have are left out where they change nothing, so the text
    of a run, and with it the identity of its checkpoints, stays what those versions wrote.
    """
    defaults = msgspec.to_builtins(plain)
    for name in names:
        if fields[name] == defaults[name]:
            del fields[name]
