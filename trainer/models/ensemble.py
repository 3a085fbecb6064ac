"""Several networks that answer as one.

After Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty Estimation
using Deep Ensembles" (2017), who average probabilities; logits are averaged here, so that
temperature and threshold mean what they mean for one network.
"""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from trainer.models.network import Network


class Ensemble(Network):
    """Answers with the mean of its members' logits.

    Args:
        members: At least one network, each trained on its own, for the same classes.
    """

    def __init__(self, members: Iterable[Network]) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)

    def forward(self, images: Tensor) -> Tensor:
        """Logits, float of shape [N, classes], of normalised images [N, 3, 32, 32]."""
        return torch.stack([member(images) for member in self.members]).mean(0)
