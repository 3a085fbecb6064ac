"""How runs are put into words and figures; used by the Training tab. No Qt here."""

from datetime import datetime

NOTHING = "\N{EN DASH}"
"""Stands where there is no value."""


def span(seconds: float) -> str:
    """A time as a person says it: "42 s", "8 min 10 s", "2 h 5 min"."""
    whole = round(max(0.0, seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole} s"
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 20 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def roughly(seconds: float) -> str:
    """A time that was estimated, with no more digits than an estimate has."""
    if seconds < 10:
        return "a few seconds"
    if seconds < 55:
        return f"about {round(seconds, -1):.0f} s"
    if seconds < 10 * 60:
        return f"about {max(1.0, seconds / 60):.1f} min".replace(".0 ", " ")
    if seconds < 90 * 60:
        return f"about {seconds / 60:.0f} min"
    return f"about {seconds / 3600:.1f} h".replace(".0 ", " ")


def memory(used: int | None, of: int | None = None) -> str:
    """Memory in use, and of how much if that is known."""
    if used is None:
        return NOTHING
    if of is None:
        return _gigabytes(used)
    return f"{_gigabytes(used).removesuffix(' GB')} of {_gigabytes(of)}"


def amount(size: int) -> str:
    """Bytes of files."""
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{max(0.1, size / 1e6):.1f} MB"


def share(value: float | None) -> str:
    """An accuracy from 0 to 1 in percent, with two decimals as results are compared by them."""
    return NOTHING if value is None else f"{value * 100:.2f} %"


def rate(value: float) -> str:
    """A learning rate, in three digits."""
    return f"{value:.3g}"


def speed(images_per_second: float) -> str:
    """Training speed."""
    if images_per_second < 10:
        return f"{images_per_second:.1f} images/s"
    return f"{images_per_second:,.0f} images/s"


def moment(when: datetime) -> str:
    """Date and time of a run, in the order that sorts."""
    return f"{when:%Y-%m-%d %H:%M}"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size < 100e9 else f"{size / 1e9:.0f} GB"
