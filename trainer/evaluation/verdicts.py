"""Where “none of these” begins, and how often each verdict is right on held-out images."""

import torch
from torch import Tensor

from trainer.evaluation.metrics import auroc
from trainer.inference.energy_score import energy_score
from trainer.inference.prediction import SURE

MOST_REFUSED = 0.05
"""Largest share of the held-out images of the classes that may be called none of them."""


def none_threshold(known: Tensor, others: Tensor) -> float:
    """The score below which a picture counts as none of the classes.

    With scores of pictures of other things, the threshold with the best balanced accuracy (Youden
    1950) among those that refuse at most `MOST_REFUSED` of the images of the classes; without, the
    one that refuses so many.

    Args:
        known: Scores of held-out images of the classes, float [N], N > 0.
        others: Scores of held-out pictures of other things, float [M]; M may be 0.
    """
    known, others = known.double().sort().values, others.double().sort().values
    most = known.quantile(MOST_REFUSED)
    if not len(others):
        return most.item()
    thresholds = torch.cat([known[known <= most], most[None]])
    refused = torch.searchsorted(known, thresholds) / len(known)
    found = torch.searchsorted(others, thresholds) / len(others)
    return thresholds[(found - refused).argmax()].item()


def verdict_figures(
    logits: Tensor, labels: Tensor, others: Tensor, threshold: float
) -> dict[str, float]:
    """How often each verdict is given and right, for the model card.

    Args:
        logits: Calibrated logits of held-out images of the classes, float [N, classes].
        labels: Their classes, int64 [N].
        others: Calibrated logits of held-out pictures of other things, float [M, classes].
        threshold: Score below which a picture counts as none of the classes.

    Returns:
        Shares of the images of the classes by verdict, how many of the predictions are right among
        them, and with other things, the share of those found and the AUROC.
    """
    scores, other_scores = energy_score(logits), energy_score(others)
    confidences, predicted = logits.softmax(1).max(1)
    right, none = predicted == labels, scores < threshold
    sure = ~none & (confidences >= SURE)
    figures = {
        "refused": _share(none),
        **_shares("sure", sure, right),
        **_shares("unsure", ~none & ~sure, right),
    }
    if not len(others):
        return figures
    found = other_scores < threshold
    return figures | {"none_found": _share(found), "none_auroc": auroc(scores, other_scores)}


def _shares(verdict: str, given: Tensor, right: Tensor) -> dict[str, float]:
    shares = {f"{verdict}_share": _share(given)}
    if given.any():
        shares[f"{verdict}_accuracy"] = _share(right[given])
    return shares


def _share(chosen: Tensor) -> float:
    return chosen.double().mean().item()
