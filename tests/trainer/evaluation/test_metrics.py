"""Accuracy, confusion, calibration: against values computed by hand or by brute force."""

import pytest
import torch

from trainer.evaluation.metrics import (
    accuracy,
    calibration,
    confusion_matrix,
    expected_calibration_error,
    fit_temperature,
)
from trainer.inference.energy_score import energy_score


def test_accuracy_and_confusion_of_four_predictions() -> None:
    logits = torch.tensor([[2.0, 1, 0], [0, 3, 1], [5, 1, 2], [0, 1, 9]])
    labels = torch.tensor([0, 1, 1, 2])
    assert accuracy(logits, labels) == 0.75
    assert confusion_matrix(logits, labels).tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 1]]


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    # Ten predictions with 0.9, of which 6 are correct; ten with 0.6, of which 6 are correct.
    rows = torch.tensor([[0.9, 0.1]] * 10 + [[0.6, 0.4]] * 10)
    labels = torch.tensor(([0] * 6 + [1] * 4) * 2)
    assert _error(rows, labels) == pytest.approx(0.5 * 0.3)


def test_calibrated_probabilities_have_no_calibration_error() -> None:
    rows = torch.tensor([[0.75, 0.25]] * 4)
    assert _error(rows, torch.tensor([0, 0, 0, 1])) == pytest.approx(0)


@pytest.mark.parametrize("confidence", [0.0, 1.0])
def test_calibration_error_at_the_ends_of_the_scale(confidence: float) -> None:
    rows = torch.tensor([[confidence, confidence]])
    assert _error(rows, torch.tensor([0])) == pytest.approx(1 - confidence)


@pytest.mark.parametrize("factor", [0.2, 1.0, 7.0])
def test_the_temperature_undoes_a_known_exaggeration(factor: float) -> None:
    generator = torch.Generator().manual_seed(0)
    honest = torch.randn(20_000, 5, generator=generator) * 2
    labels = torch.multinomial(honest.softmax(1), 1, generator=generator).squeeze(1)
    assert fit_temperature(honest * factor, labels) == pytest.approx(factor, rel=0.05)


def test_perfect_predictions_have_a_finite_temperature() -> None:
    temperature = fit_temperature(torch.eye(4) * 50, torch.arange(4))
    assert 0.01 < temperature < 100


def test_the_known_score_grows_with_the_evidence_for_any_class() -> None:
    scores = energy_score(torch.tensor([[0.0, 0, 0], [4, 0, 0], [9, 0, 0]]))
    assert scores[0] < scores[1] < scores[2]


def _error(probabilities: torch.Tensor, labels: torch.Tensor) -> float:
    return expected_calibration_error(calibration(probabilities, labels))
