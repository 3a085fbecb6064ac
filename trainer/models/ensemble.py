"""An ensemble of networks.

After Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty Estimation
using Deep Ensembles" (2017), who average probabilities. Here logits are averaged, so temperature
and threshold mean the same as for a single network.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from trainer.models.network import Network


class Ensemble(Network):
    """Averages the logits of its members.

    Args:
        members: At least one network, trained independently for the same classes.
    """

    def __init__(self, members: Iterable[Network]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float [N, classes], for normalized images [N, 3, S, S]."""
        return torch.stack([member(images) for member in self.members]).mean(0)
