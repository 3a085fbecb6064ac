"""Numbers, times, sizes and names as text for the screen; no Qt."""

from datetime import datetime

NOTHING = "\N{EN DASH}"
"""Placeholder for a missing value."""


def span(seconds: float) -> str:
    """A duration in words: "42 s", "8 min 10 s", "2 h 5 min"."""
    whole = round(max(0.0, seconds))
    minutes, rest = divmod(whole, 60)
    if whole < 60:
        return f"{whole} s"
    if minutes < 60:
        return f"{minutes} min {rest} s" if rest and minutes < 20 else f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if minutes else f"{hours} h"


def roughly(seconds: float) -> str:
    """An estimated duration, rounded accordingly: "about 20 min"."""
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
    """Memory in use, and the total if known: "1.5 of 25.0 GB"."""
    if used is None:
        return NOTHING
    if of is None:
        return _gigabytes(used)
    return f"{_gigabytes(used).removesuffix(' GB')} of {_gigabytes(of)}"


def share(value: float | None) -> str:
    """An accuracy from 0 to 1 in percent, with two decimals."""
    return NOTHING if value is None else f"{value * 100:.2f} %"


def rate(value: float) -> str:
    """A learning rate with three significant digits."""
    return f"{value:.3g}"


def speed(images_per_second: float) -> str:
    """Training speed."""
    if images_per_second < 10:
        return f"{images_per_second:.1f} images/s"
    return f"{images_per_second:,.0f} images/s"


def moment(when: datetime) -> str:
    """Date and time in ISO order."""
    return f"{when:%Y-%m-%d %H:%M}"


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size < 100e9 else f"{size / 1e9:.0f} GB"


def readable(name: str) -> str:
    """A readable class name: `golden_retriever` becomes "golden retriever"."""
    return name.replace("_", " ").strip() or "(no name)"


def capital(text: str) -> str:
    """The text with its first letter capitalized and the rest unchanged."""
    return text[:1].upper() + text[1:]


def percent(share: float, digits: int = 0) -> str:
    """A share in percent, 0 % or 100 % only if exact: "42 %", "> 99 %", "< 0.1 %".

    Args:
        share: Share from 0 to 1.
        digits: Number of decimals.
    """
    if share in (0, 1):
        return f"{share * 100:.0f} %"
    smallest = 10.0**-digits
    if share * 100 < smallest / 2:
        return f"< {smallest:.{digits}f} %"
    if share * 100 >= 100 - smallest / 2:
        return f"> {100 - smallest:.{digits}f} %"
    return f"{share * 100:.{digits}f} %"


def size(width: float, height: float) -> str:
    """Width by height."""
    return f"{width:.0f} \N{MULTIPLICATION SIGN} {height:.0f}"


def duration(seconds: float) -> str:
    """A short duration in ms or s."""
    if seconds < 0.001:
        return "under 1 ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def amount(size: int) -> str:
    """A number of bytes in kB, MB or GB."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1e6:.1f} MB" if size < 1e9 else f"{size / 1e9:.1f} GB"


def progress(got: int, expected: int | None) -> str:
    """The progress of a download: "3.0 MB of 12.0 MB (25%)"."""
    if not expected:
        return amount(got)
    return f"{amount(got)} of {amount(expected)} ({min(1.0, got / expected):.0%})"


def counted(number: int, noun: str) -> str:
    """A count with its noun: "1 image", "1,000 images"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
