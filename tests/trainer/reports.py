"""Small reports for tests."""

from dataclasses import replace
from typing import Any

import numpy as np
import torch

from trainer.evaluation.metrics import calibration, confusion_matrix, expected_calibration_error
from trainer.evaluation.report import Report
from trainer.evaluation.results import EvaluationMetrics

NAMES = ("blue", "green", "red")


def small_report(classes: tuple[str, ...] = NAMES, **changes: Any) -> Report:
    """Five predictions: two correct, three wrong; the last class is never predicted.

    The second image is blue, predicted as green with the highest confidence.
    """
    rows = [[0.6, 0.3, 0.1], [0.05, 0.9, 0.05], [0.2, 0.7, 0.1], [0.8, 0.1, 0.1], [0.3, 0.5, 0.2]]
    probabilities = np.zeros((5, len(classes)), np.float32)
    probabilities[:, :3] = rows
    labels = np.array([0, 0, 1, 2, 0])
    report = Report(
        subject="sprint",
        data="Farben, „bunt“",
        split="test",
        classes=classes,
        epochs=2.5,
        date="2026-05-04T10:00:00+00:00",
        figures=figures(probabilities, labels, classes),
        images=np.arange(5 * 4 * 4 * 3, dtype=np.uint8).reshape(5, 4, 4, 3),
        labels=labels,
        probabilities=probabilities,
        files=tuple(f"test/{classes[label]}/{index}.png" for index, label in enumerate(labels)),
    )
    return replace(report, **changes)


def figures(probabilities: Any, labels: Any, classes: tuple[str, ...]) -> EvaluationMetrics:
    answers, shown = torch.from_numpy(probabilities), torch.from_numpy(labels)
    matrix = confusion_matrix(answers, shown)
    bins = calibration(answers, shown)

    def shares(wholes: torch.Tensor) -> dict[str, float | None]:
        pairs = zip(classes, matrix.diag().tolist(), wholes.tolist(), strict=True)
        return {name: part / whole if whole else None for name, part, whole in pairs}

    return EvaluationMetrics(
        accuracy=0.4,
        accuracy_single=0.2,
        accuracy_tta=0.6,
        recall=shares(matrix.sum(1)),
        precision=shares(matrix.sum(0)),
        confusion=matrix.tolist(),
        calibration=bins,
        ece=expected_calibration_error(bins),
        images=len(labels),
        seconds=1.25,
    )
