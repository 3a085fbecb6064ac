"""Shares and counts as people read them; used by the views of an evaluation."""


def percent(share: float) -> str:
    """A share that is never shown as all or nothing unless it is: "5.7 %", "> 99.9 %"."""
    if 0 < share < 0.0005:
        return "< 0.1 %"
    if 0.9995 <= share < 1:
        return "> 99.9 %"
    return f"{share * 100:.0f} %" if share in (0, 1) else f"{share * 100:.1f} %"


def counted(number: int, noun: str) -> str:
    """A number of things: "1 image", "1,000 images"."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
