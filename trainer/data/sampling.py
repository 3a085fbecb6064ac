"""How often an epoch shows which images, where some classes or sources would be swamped."""

from dataclasses import dataclass

import torch
from torch import Tensor

from trainer.data.validation_size import none_epoch_size

NONE = -1
"""Label of pictures of other things, which are no class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    """Images of one class from one source, and how many of them an epoch shows."""

    members: Tensor
    count: int


class EpochSampler:
    """Draws the images of an epoch, as many as there are images of the classes and their `none`.

    A class of a source is shown in proportion to the number of its images to the power of
    `1 - balance`: 0 shows all images equally often, 1 all classes of all sources, and 0.5 is the
    square-root sampling of Mahajan et al. (2018). Pictures of other things are a fraction of their
    own. None is shown again before all others of its group were.

    Args:
        labels: int64 tensor of shape [N], class indices or `NONE`.
        sources: int64 tensor of shape [N], the source of each image.
        balance: From 0 to 1.
        none_fraction: Share of the images that are pictures of other things, if there are any.
    """

    def __init__(
        self, labels: Tensor, sources: Tensor, *, balance: float, none_fraction: float
    ) -> None:
        known = labels != NONE
        count = int(known.sum())
        others = none_epoch_size(count, none_fraction) if count < len(labels) else 0
        self._groups = [
            *_groups(labels, sources, known, total=count, balance=balance),
            *_groups(labels, sources, ~known, total=others, balance=balance),
        ]

    def __len__(self) -> int:
        """Images per epoch."""
        return sum(group.count for group in self._groups)

    def order(self, generator: torch.Generator) -> Tensor:
        """The images of an epoch in random order, int64 [len(self)]."""
        drawn = torch.cat([_draw(group, generator) for group in self._groups])
        return drawn[torch.randperm(len(drawn), generator=generator)]


def _groups(
    labels: Tensor, sources: Tensor, among: Tensor, *, total: int, balance: float
) -> list[_Group]:
    pairs = sorted(set(zip(sources[among].tolist(), labels[among].tolist(), strict=True)))
    members = [
        ((sources == source) & (labels == label)).nonzero().squeeze(1) for source, label in pairs
    ]
    weights = torch.tensor([float(len(each)) for each in members]) ** (1 - balance)
    # Rounded cumulatively, so that the counts add up.
    ends = (total * (weights / weights.sum()).double().cumsum(0)).round().long()
    counts = ends.diff(prepend=torch.zeros(1, dtype=torch.long)).tolist()
    return [_Group(members=each, count=count) for each, count in zip(members, counts, strict=True)]


def _draw(group: _Group, generator: torch.Generator) -> Tensor:
    size = len(group.members)
    rounds = -(-group.count // size)
    order = [torch.randperm(size, generator=generator) for _ in range(rounds)]
    return group.members[torch.cat(order)[: group.count]] if order else group.members[:0]
