"""The sample pictures that come with the program, drawn for it."""

from collections.abc import Sequence
from pathlib import Path

from cifar_desktop.classify.prediction_text import count
from cifar_desktop.classify.widgets.sample_pictures import Sample
from trainer.files.resources import resource

_CAPTIONS = {
    "dog": "A dog",
    "ship": "A ship",
    "frog": "A frog",
    "airplane": "An airplane",
    "balloon": "None of the ten",
}
_STACK = ("bird", "truck", "cat")


def samples() -> list[Sample]:
    """Pictures to try; the last shows none of the bundled network's classes."""
    return [Sample(path=_file(name), caption=text) for name, text in _CAPTIONS.items()]


def stack() -> list[Path]:
    """Three more, to look at."""
    return [_file(name) for name in _STACK]


def introduction(names: Sequence[str]) -> str:
    """What introduces the classes of a network."""
    return f"The network tells {'these ' * (len(names) < 11)}{count(len(names))} apart:"


def none_caption(names: Sequence[str]) -> str:
    """Caption of the last sample for a network with these classes."""
    if not names:
        return "A balloon"
    return f"None of the {count(len(names))}" if len(names) < 11 else "None of these"


def _file(name: str) -> Path:
    return resource(f"samples/{name}.jpg")
