"""Finds the classes of a network in a dataset whose classes are called otherwise.

Upper and lower case, plurals and a few common short names are put aside, but nothing is guessed: a
class that could be two of the network's is none of them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from trainer.data.dataset import Split

OTHER_NAMES: Mapping[str, str] = MappingProxyType({
    "aeroplane": "airplane", "plane": "airplane", "auto": "automobile", "car": "automobile",
    "lorry": "truck",
})  # fmt: skip
"""Other words for exactly the same things."""
MOST_NAMES = 10
UNKNOWN = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MatchedSplit:
    """Images by whether the network knows their class.

    Attributes:
        known: Images of the network's classes, labeled with the index of the network's class.
        chosen: bool tensor of shape [N], which images of the split those are.
        unknown: The other images, uint8 of shape [M, 3, S, S].
        notes: Sentences: what was matched how, and what was not.
    """

    known: Split
    chosen: Tensor
    unknown: Tensor
    notes: tuple[str, ...]


def match_split(split: Split, classes: Sequence[str], network: Sequence[str]) -> MatchedSplit:
    """Label the images of a split with the classes of a network.

    Args:
        split: The images and their labels.
        classes: The class names that the labels stand for.
        network: The class names of the network.
    """
    indices = [_match(name, network) for name in classes]
    labels = torch.tensor(indices, dtype=torch.int64)[split.labels]
    chosen = labels != UNKNOWN
    known = Split(images=split.images[chosen].contiguous(), labels=labels[chosen])
    counts = torch.bincount(split.labels, minlength=len(classes)).tolist()
    present = [name for name, count in zip(classes, counts, strict=True) if count]
    notes = _notes(present, network, len(split) - len(known))
    return MatchedSplit(known=known, chosen=chosen, unknown=split.images[~chosen], notes=notes)


def _match(name: str, network: Sequence[str]) -> int:
    """Index of the class that a name means; UNKNOWN if there is none, or more than one."""
    tests: tuple[Callable[[str, str], bool], ...] = (
        str.__eq__,
        lambda one, other: _plain(one) == _plain(other),
        lambda one, other: _same_but_number(_plain(one), _plain(other)),
        lambda one, other: _same_thing(_plain(one), _plain(other)),
    )
    for same in tests:
        found = [index for index, each in enumerate(network) if same(name, each)]
        if found:
            return found[0] if len(found) == 1 else UNKNOWN
    return UNKNOWN


def _plain(name: str) -> str:
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def _same_but_number(one: str, other: str) -> bool:
    return other in _plurals(one) or one in _plurals(other)


def _plurals(name: str) -> set[str]:
    ies = {f"{name[:-1]}ies"} if name.endswith("y") else set()
    return {f"{name}s", f"{name}es"} | ies


def _same_thing(one: str, other: str) -> bool:
    usual = {_usual(one), _usual(other)}
    return len(usual) == 1


def _usual(name: str) -> str:
    for short, usual in OTHER_NAMES.items():
        if name == usual or name in {short, *_plurals(short), *_plurals(usual)}:
            return usual
    return name


def _notes(present: Sequence[str], network: Sequence[str], unknown: int) -> tuple[str, ...]:
    matches = {name: _match(name, network) for name in present}
    renamed = [
        f"{name} as {network[index]}"
        for name, index in matches.items()
        if index != UNKNOWN and name != network[index]
    ]
    others = [name for name, index in matches.items() if index == UNKNOWN]
    empty = [name for index, name in enumerate(network) if index not in matches.values()]
    return tuple(filter(None, (
        f"Classes matched by name: {_listed(renamed)}." if renamed else "",
        f"Without pictures, and so left empty: {_listed(empty)}." if empty else "",
        f"The network does not know {_listed(others)}: {_pictures(unknown)} as none of its classes."
        if others else "",
    )))  # fmt: skip


def _pictures(count: int) -> str:
    return "1 picture counts" if count == 1 else f"{count:,} pictures count"


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - MOST_NAMES:,} more" if len(names) > MOST_NAMES else ""
    return ", ".join(names[:MOST_NAMES]) + more
