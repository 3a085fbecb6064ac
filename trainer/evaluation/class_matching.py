"""Finds the classes of a network in a dataset whose classes are called otherwise."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.data.class_names import UNKNOWN, listed, match_class, renamed
from trainer.data.dataset import Split


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
    indices = [match_class(name, network) for name in classes]
    labels = torch.tensor(indices, dtype=torch.int64)[split.labels]
    chosen = labels != UNKNOWN
    known = Split(images=split.images[chosen].contiguous(), labels=labels[chosen])
    counts = torch.bincount(split.labels, minlength=len(classes)).tolist()
    present = [name for name, count in zip(classes, counts, strict=True) if count]
    notes = _notes(present, network, len(split) - len(known))
    return MatchedSplit(known=known, chosen=chosen, unknown=split.images[~chosen], notes=notes)


def _notes(present: Sequence[str], network: Sequence[str], unknown: int) -> tuple[str, ...]:
    matches = {name: match_class(name, network) for name in present}
    called = renamed(present, network)
    others = [name for name, index in matches.items() if index == UNKNOWN]
    empty = [name for index, name in enumerate(network) if index not in matches.values()]
    return tuple(filter(None, (
        f"Classes matched by name: {listed(called)}." if called else "",
        f"Without pictures, and so left empty: {listed(empty)}." if empty else "",
        f"The network does not know {listed(others)}: {_pictures(unknown)} as none of its classes."
        if others else "",
    )))  # fmt: skip


def _pictures(count: int) -> str:
    return "1 picture counts" if count == 1 else f"{count:,} pictures count"
