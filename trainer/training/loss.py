"""The loss of a run: cross-entropy, and for pictures of other things outlier exposure."""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.data.sampling import NONE


def image_losses(
    logits: Tensor, labels: Tensor, *, label_smoothing: float, none_weight: float
) -> Tensor:
    """The loss of each image.

    For pictures of other things it is the cross-entropy of the predicted and the uniform
    distribution: the network learns to be undecided about them (outlier exposure, Hendrycks,
    Mazeika and Dietterich 2019).

    Args:
        logits: Float tensor of shape [N, classes].
        labels: int64 tensor of shape [N], class indices or `NONE`.
        label_smoothing: Fraction of the target spread over all classes.
        none_weight: Weight of the loss of pictures of other things.

    Returns:
        Float tensor of shape [N].
    """
    known = F.cross_entropy(
        logits, labels, ignore_index=NONE, label_smoothing=label_smoothing, reduction="none"
    )
    undecided = -logits.log_softmax(1).mean(1)
    return torch.where(labels == NONE, none_weight * undecided, known)
