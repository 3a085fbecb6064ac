"""Figures of a network on photographs, from its predictions; used by `benchmarks.photos`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from trainer.evaluation.metrics import auroc, calibration, expected_calibration_error

NONE = "none"
"""Name of the folder with pictures of other things."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """Calibrated probabilities [N, C] and scores [N]; below the threshold it says “none”."""

    probabilities: Tensor
    scores: Tensor
    threshold: float


def figures(
    answers: Answers, names: Sequence[str], sources: Sequence[str], classes: Sequence[str]
) -> dict[str, Any]:
    """All figures: shares from 0 to 1, None where there are no pictures to count.

    Args:
        answers: What the network says of N pictures.
        names: Class of each picture, or `NONE`.
        sources: Where each picture is from.
        classes: Classes of the network.
    """
    labels = torch.tensor([classes.index(name) if name != NONE else -1 for name in names])
    known = labels >= 0
    top = answers.probabilities.topk(min(3, len(classes))).indices == labels[:, None]
    called_none = answers.scores < answers.threshold
    by_class = {name: _share(top[:, 0], _where(names, name)) for name in classes if name in names}
    by_source = {source: _where(sources, source) for source in sorted(set(sources))}
    return {
        "top-1": _share(top[:, 0], known),
        "macro": sum(share or 0 for share in by_class.values()) / max(1, len(by_class)),
        "top-3": _share(top.any(1), known),
        "called none": _share(called_none, known),
        "none found": _share(called_none, ~known),
        "AUROC": _auroc(answers.scores, known, ~known),
        "ECE": _ece(answers.probabilities[known], labels[known]) if known.any() else None,
        "by class": by_class,
        "by source": {
            source: {
                "pictures": int((own & known).sum()),
                "top-1": _share(top[:, 0], own & known),
                "called none": _share(called_none, own & known),
            }
            for source, own in by_source.items() if (own & known).any()
        },
        "none by source": {
            source: {
                "pictures": int((own & ~known).sum()),
                "found": _share(called_none, own & ~known),
                "AUROC": _auroc(answers.scores, known, own & ~known),
            }
            for source, own in by_source.items() if (own & ~known).any()
        },
    }  # fmt: skip


def _where(values: Sequence[str], value: str) -> Tensor:
    return torch.tensor([each == value for each in values])


def _share(hits: Tensor, among: Tensor) -> float | None:
    return hits[among].double().mean().item() if among.any() else None


def _auroc(scores: Tensor, known: Tensor, unknown: Tensor) -> float | None:
    return auroc(scores[known], scores[unknown]) if known.any() and unknown.any() else None


def _ece(probabilities: Tensor, labels: Tensor) -> float:
    return expected_calibration_error(calibration(probabilities, labels))
