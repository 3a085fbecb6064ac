"""Compares the metrics of an evaluation with those that scikit-learn computes."""

import math

import numpy as np
import numpy.typing as npt
import pytest
from sklearn.calibration import calibration_curve
from sklearn.metrics import accuracy_score, confusion_matrix, precision_score, recall_score
from torch import Tensor

from trainer.evaluation.evaluate import Evaluation
from trainer.evaluation.metrics import ECE_BINS
from trainer.evaluation.results import EvaluationMetrics


def check_metrics(evaluated: Evaluation, labels: Tensor, classes: int) -> None:
    """Compare every metric with scikit-learn's."""
    figures, shown = evaluated.figures, labels.numpy()
    answered = evaluated.probabilities.argmax(1).numpy()
    every = list(range(classes))
    assert figures.accuracy == pytest.approx(accuracy_score(shown, answered))
    assert figures.confusion == confusion_matrix(shown, answered, labels=every).tolist()
    options = {"labels": every, "average": None, "zero_division": np.nan}
    recall = recall_score(shown, answered, **options)
    precision = precision_score(shown, answered, **options)
    assert _filled(list(figures.recall.values())) == pytest.approx(recall, nan_ok=True)
    assert _filled(list(figures.precision.values())) == pytest.approx(precision, nan_ok=True)
    _check_calibration(evaluated.probabilities, labels, figures)


def _check_calibration(probabilities: Tensor, labels: Tensor, figures: EvaluationMetrics) -> None:
    confidence = probabilities.double().max(1).values.numpy()
    right = (probabilities.argmax(1) == labels).numpy()
    accuracies, confidences = calibration_curve(
        right, confidence, n_bins=ECE_BINS, strategy="uniform"
    )
    filled_bins = [each for each in figures.calibration if each.count]
    assert [each.accuracy for each in filled_bins] == pytest.approx(accuracies)
    assert [each.confidence for each in filled_bins] == pytest.approx(confidences)
    counts = np.histogram(confidence, ECE_BINS, (0, 1))[0]
    assert [each.count for each in figures.calibration] == counts.tolist()
    weights = counts[counts > 0] / len(labels)
    assert figures.ece == pytest.approx(float(weights @ abs(accuracies - confidences)))


def _filled(shares: list[float | None]) -> npt.NDArray[np.float64]:
    return np.array([math.nan if share is None else share for share in shares])
