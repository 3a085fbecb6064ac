"""How answers are put into words; used by the Classify tab. No Qt here."""

from trainer.inference.prediction import Prediction

_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_PERHAPS_FROM = 0.05


def readable(name: str) -> str:
    """A class name as one writes it: `golden_retriever` becomes "golden retriever"."""
    return name.replace("_", " ").strip() or "(no name)"


def capital(text: str) -> str:
    """The text with a capital first letter and the rest as it is."""
    return text[:1].upper() + text[1:]


def with_article(name: str) -> str:
    """A class name with "a" or "an" before it."""
    name = readable(name)
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"


def headline(prediction: Prediction) -> str:
    """The answer in a few words, such as "Probably a cat, perhaps a dog"."""
    first, *others = prediction.classes
    if prediction.verdict == "none":
        return f"Probably none of the {count(len(prediction.classes))}"
    if prediction.verdict == "sure":
        return capital(readable(first.name))
    words = f"Probably {with_article(first.name)}"
    if others and others[0].probability >= _PERHAPS_FROM:
        words += f", perhaps {with_article(others[0].name)}"
    return words


def remark(prediction: Prediction) -> str:
    """What to keep in mind about an answer that is not sure; empty if it is."""
    if prediction.verdict == "none":
        closest = with_article(prediction.classes[0].name)
        return f"If it had to choose, it would say {closest}. The bars mean little here."
    if prediction.verdict == "unsure":
        return "Choosing just the object in the picture may help."
    return ""


def count(number: int) -> str:
    """A small number as a word."""
    return _NUMBERS[number] if 0 < number < len(_NUMBERS) else f"{number} classes"


def percent(probability: float) -> str:
    """A probability that is never shown as more certain than it is."""
    if 0 < probability < 0.005:
        return "< 1 %"
    if 0.995 <= probability < 1:
        return "> 99 %"
    return f"{probability * 100:.0f} %"


def size(width: float, height: float) -> str:
    """Width by height."""
    return f"{width:.0f} \N{MULTIPLICATION SIGN} {height:.0f}"


def duration(seconds: float) -> str:
    """A time that a person reads at a glance."""
    if seconds < 0.001:
        return "under 1 ms"
    return f"{seconds * 1000:.0f} ms" if seconds < 1 else f"{seconds:.1f} s"


def amount(size: int) -> str:
    """A number of bytes as a person reads it."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} kB"
    return f"{size / 1_000_000:.1f} MB"


def progress(got: int, expected: int | None) -> str:
    """How much of a download has arrived."""
    if not expected:
        return amount(got)
    return f"{amount(got)} of {amount(expected)} ({min(1.0, got / expected):.0%})"
