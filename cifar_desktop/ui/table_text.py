"""Texts in tables: how they sort and how they are spaced."""

import re
from typing import Any

_DIGITS = re.compile(r"(\d+)")

AIR = "\N{EN SPACE}"
"""Between a number that is aligned right and the text in the next column."""


def natural(text: str) -> Any:
    """A text for sorting, so that "run 2" comes before "run 10"; None if it is empty."""
    parts = _DIGITS.split(text.casefold())
    return [int(part) if part.isdigit() else part for part in parts] if text else None
