"""Numbers as people type them, and the next larger or smaller one; used by `number_field`.

No locale takes part: a settings form that reads "0.5" as five on some computers trains nonsense.
"""

import re
from decimal import Decimal

_WHOLE = re.compile(r"[+-]?\d+")
_DECIMAL = re.compile(r"[+-]?(\d+[.,]?\d*|[.,]\d+)([eE][+-]?\d+)?")


def parse_whole(text: str) -> int | None:
    """A whole number; spaces between thousands are fine, points and commas are not."""
    text = re.sub(r"\s", "", text)
    return int(text) if _WHOLE.fullmatch(text) else None


def parse_decimal(text: str) -> float | None:
    """A number such as 0.5, 0,5 or 5e-1."""
    text = text.strip()
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else None


def written(value: float) -> str:
    """The shortest text that is read as the same number."""
    return str(value) if isinstance(value, int) else repr(value).removesuffix(".0")


def next_digit(value: float, steps: int) -> float:
    """The value with its second digit moved on: 0.24 becomes 0.25, and 2000 becomes 2100."""
    number = Decimal(repr(value))
    for _ in range(abs(steps)):
        size = number.adjusted() - 1
        if steps < 0 and number.normalize().as_tuple().digits == (1,):
            size -= 1
        number += Decimal(1).scaleb(size) * (1 if steps > 0 else -1)
    return float(number)
