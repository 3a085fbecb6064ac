"""Runs and what they are expected to reach, in words; standard library only."""


def length_in_words(recipe: str, epochs: int) -> str:
    """A run by its recipe and its length, such as `1 epoch of sprint`."""
    return f"{epochs} epoch{'s' * (epochs != 1)} of {recipe}"


def promise(accuracy: float) -> str:
    """An expected accuracy, with no more digits than it deserves; such as `about 94.2 %`."""
    return f"about {100 * accuracy:.{1 if accuracy >= 0.9 else 0}f} %"
