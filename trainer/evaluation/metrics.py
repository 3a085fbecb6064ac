"""Accuracy, confusion matrix and calibration, computed from logits and labels."""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.evaluation.results import CalibrationBin

ECE_BINS = 15


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of rows of logits [N, C] whose largest entry is that of the label [N]."""
    return (logits.argmax(1) == labels).double().mean().item()


def confusion_matrix(logits: Tensor, labels: Tensor) -> Tensor:
    """int64 tensor [C, C]: images of true class `row` that were predicted as class `column`."""
    classes = logits.size(1)
    pairs = labels * classes + logits.argmax(1)
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes)


def calibration(
    probabilities: Tensor, labels: Tensor, bins: int = ECE_BINS
) -> list[CalibrationBin]:
    """Reliability diagram: accuracy by confidence (Guo et al. 2017).

    Args:
        probabilities: Float tensor of shape [N, C] whose rows sum to 1.
        labels: int64 tensor of shape [N].
        bins: Number of bins of equal width between 0 and 1.
    """
    confidence, predicted = probabilities.double().max(1)
    correct = (predicted == labels).double()
    index = (confidence * bins).ceil().long().sub(1).clamp(0, bins - 1)
    counts = torch.bincount(index, minlength=bins)
    confidences, accuracies = (
        torch.zeros(bins, dtype=torch.float64).index_add(0, index, each) / counts.clamp(min=1)
        for each in (confidence, correct)
    )
    return [
        CalibrationBin(
            low=number / bins,
            high=(number + 1) / bins,
            count=int(counts[number]),
            confidence=confidences[number].item(),
            accuracy=accuracies[number].item(),
        )
        for number in range(bins)
    ]


def expected_calibration_error(bins: list[CalibrationBin]) -> float:
    """Mean gap between confidence and accuracy over the bins of `calibration` (Guo et al. 2017)."""
    gaps = sum(each.count * abs(each.confidence - each.accuracy) for each in bins)
    return gaps / sum(each.count for each in bins)


def auroc(positive: Tensor, negative: Tensor) -> float:
    """Area under the ROC curve of scores [N] and [M]: the share of pairs in the right order.

    Ties count half.
    """
    ordered = negative.sort().values
    below, not_above = (
        torch.searchsorted(ordered, positive, right=right).double() for right in (False, True)
    )
    return ((below + not_above) / (2 * len(negative))).mean().item()


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """Temperature scaling (Guo et al. 2017), fitted on held-out images.

    Args:
        logits: Float tensor of shape [N, C], the output of the network.
        labels: int64 tensor of shape [N].

    Returns:
        The temperature: the divisor of the logits that minimizes the cross-entropy.
    """
    logits = logits.double()
    log_temperature = torch.zeros((), dtype=torch.float64, requires_grad=True)
    optimizer = torch.optim.LBFGS([log_temperature], max_iter=100, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimizer.zero_grad()
        value = F.cross_entropy(logits / log_temperature.exp(), labels)
        value.backward()  # type: ignore[no-untyped-call]
        return value.item()

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    # Only perfect or random predictions exceed these bounds, and no temperature is right for them.
    return log_temperature.detach().clamp(-4, 4).exp().item()
