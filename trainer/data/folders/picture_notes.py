"""Says what was assumed while the pictures of a dataset were decoded, kind by kind."""

import re
from collections.abc import Mapping, Sequence

from trainer.data.folders.notes import note, pictures
from trainer.events.command_events import DatasetNote

_NUMBER = re.compile(r"(-?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?)")


def picture_notes(found: Mapping[str, Sequence[str]]) -> tuple[DatasetNote, ...]:
    """A note for each kind of assumption, with the pictures that it is about.

    Args:
        found: What the decoder noted about each picture, by its name.
    """
    kinds: dict[str, dict[str, str]] = {}
    for name, texts in found.items():
        for text in texts:
            kinds.setdefault(_NUMBER.sub("#", text), {})[name] = text
    return tuple(
        note("info", f"{pictures(len(texts))}: {_in_common([*texts.values()])}.", [*texts])
        for texts in kinds.values()
    )


def _in_common(texts: Sequence[str]) -> str:
    """Texts that differ only in numbers; an ellipsis stands for those that do."""
    parts = zip(*map(_NUMBER.split, texts), strict=True)
    return "".join(each[0] if len({*each}) == 1 else "…" for each in parts)
