"""Sorting and spacing of text in tables."""

import re
from typing import Any

_DIGITS = re.compile(r"(\d+)")

PADDING = "\N{EN SPACE}"
"""Space between a right-aligned number and the text in the next column."""


def natural_sort_key(text: str) -> Any:
    """A natural sort key: "run 2" comes before "run 10"; None for empty text."""
    parts = _DIGITS.split(text.casefold())
    return [int(part) if part.isdigit() else part for part in parts] if text else None
