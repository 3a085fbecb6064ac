"""How good a network is, from its logits: accuracy, confusion, calibration; used by evaluation.

Everything here is arithmetic on logits and labels; `trainer.evaluation.evaluate` makes the logits.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.evaluation.results import CalibrationBin

ECE_BINS = 15


def accuracy(logits: Tensor, labels: Tensor) -> float:
    """Share of rows of [N, C] whose largest logit is that of the label [N]."""
    return (logits.argmax(1) == labels).double().mean().item()


def confusion_matrix(logits: Tensor, labels: Tensor) -> Tensor:
    """int64 [C, C]: how often class `row` was taken for class `column`."""
    classes = logits.size(1)
    pairs = labels * classes + logits.argmax(1)
    return torch.bincount(pairs, minlength=classes**2).view(classes, classes)


def calibration(
    probabilities: Tensor, labels: Tensor, bins: int = ECE_BINS
) -> list[CalibrationBin]:
    """How right the answers are, by how confident they are (Guo et al. 2017).

    Args:
        probabilities: Float [N, C], rows summing to 1.
        labels: int64 [N].
        bins: How many bins of equal width between 0 and 1.
    """
    confidence, predicted = probabilities.double().max(1)
    correct = (predicted == labels).double()
    index = (confidence * bins).ceil().long().sub(1).clamp(0, bins - 1)
    counts = torch.bincount(index, minlength=bins)
    confident, right = (
        torch.zeros(bins, dtype=torch.float64).index_add(0, index, each) / counts.clamp(min=1)
        for each in (confidence, correct)
    )
    return [
        CalibrationBin(
            low=number / bins,
            high=(number + 1) / bins,
            count=int(counts[number]),
            confidence=confident[number].item(),
            accuracy=right[number].item(),
        )
        for number in range(bins)
    ]


def expected_calibration_error(bins: list[CalibrationBin]) -> float:
    """Mean gap between confidence and accuracy over the bins of `calibration` (Guo et al. 2017)."""
    gaps = sum(each.count * abs(each.confidence - each.accuracy) for each in bins)
    return gaps / sum(each.count for each in bins)


def fit_temperature(logits: Tensor, labels: Tensor) -> float:
    """The temperature that makes the probabilities of held-out images honest (Guo et al. 2017).

    Args:
        logits: Float [N, C] as the network gives them.
        labels: int64 [N].

    Returns:
        What to divide logits by; the cross-entropy is least there.
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
    # Beyond these bounds lie perfect or random answers, for which no temperature is right.
    return log_temperature.detach().clamp(-4, 4).exp().item()
