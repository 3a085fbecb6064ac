"""The metrics of an evaluation against those of scikit-learn for the same predictions."""

import math
import os
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import torch
from sklearn.calibration import calibration_curve
from sklearn.metrics import (
    accuracy_score,
    confusion_matrix,
    precision_score,
    recall_score,
)
from torch import Tensor

from tests.trainer.tiny import tiny_card
from trainer.data.loading import load_dataset
from trainer.evaluation.evaluate import Evaluation, evaluate
from trainer.evaluation.metrics import ECE_BINS, calibration, expected_calibration_error
from trainer.evaluation.results import EvaluationMetrics
from trainer.files.resources import bundled_model
from trainer.models.model_file import load_model
from trainer.models.network import Network

FOLDER = os.environ.get("CIFAR10_DIR", "")
NAMES = ("ape", "bee", "cat", "dog", "elk")

Numbers = npt.NDArray[np.float64]


class Guesses(Network):
    """Predicts at random, but the same for equal images; some classes are never predicted."""

    def __init__(self, seed: int, never: tuple[int, ...]) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(seed)
        self.weights = torch.randn(3 * 32 * 32, len(NAMES), generator=generator) / 20
        self.weights[:, list(never)] = 0
        self.bias = torch.zeros(len(NAMES))
        self.bias[list(never)] = -1000

    def forward(self, images: Tensor) -> Tensor:
        return images.flatten(1) @ self.weights + self.bias


def pictures(count: int, seed: int) -> Tensor:
    generator = torch.Generator().manual_seed(seed)
    return torch.randint(0, 256, (count, 3, 32, 32), generator=generator, dtype=torch.uint8)


def check(judged: Evaluation, labels: Tensor, classes: int) -> None:
    """Compare every metric with scikit-learn's."""
    figures, shown = judged.figures, labels.numpy()
    answered = judged.probabilities.argmax(1).numpy()
    every = list(range(classes))
    assert figures.accuracy == pytest.approx(accuracy_score(shown, answered))
    assert figures.confusion == confusion_matrix(shown, answered, labels=every).tolist()
    options = {"labels": every, "average": None, "zero_division": np.nan}
    recall = recall_score(shown, answered, **options)
    precision = precision_score(shown, answered, **options)
    assert filled(list(figures.recall.values())) == pytest.approx(recall, nan_ok=True)
    assert filled(list(figures.precision.values())) == pytest.approx(precision, nan_ok=True)
    check_calibration(judged.probabilities, labels, figures)


def check_calibration(probabilities: Tensor, labels: Tensor, figures: EvaluationMetrics) -> None:
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


def filled(shares: list[float | None]) -> Numbers:
    return np.array([math.nan if share is None else share for share in shares])


@pytest.mark.parametrize(
    ("absent", "never"), [((), ()), ((1,), ()), ((), (3,)), ((0, 4), (4, 2)), ((1, 2, 3), (0,))]
)
def test_random_predictions(absent: tuple[int, ...], never: tuple[int, ...]) -> None:
    labels = torch.arange(600) % len(NAMES)
    present = ~torch.isin(labels, torch.tensor(absent, dtype=torch.int64))
    labels, images = labels[present], pictures(600, 1)[present]
    judged = evaluate(Guesses(2, never).eval(), tiny_card(classes=NAMES), images, labels)

    check(judged, labels, len(NAMES))
    missing = {name for name, share in judged.figures.recall.items() if share is None}
    assert missing == {NAMES[each] for each in absent}
    unanswered = {name for name, share in judged.figures.precision.items() if share is None}
    assert unanswered == {NAMES[each] for each in never}


def test_nearly_tied_predictions_are_counted_as_reported() -> None:
    network, labels = Guesses(2, ()), torch.arange(50) % len(NAMES)
    network.weights *= 0
    network.bias[:] = torch.tensor([1, 1 + 1e-6, 0, 1, 0])
    card = tiny_card(classes=NAMES, temperature=50.0)
    check(evaluate(network.eval(), card, pictures(50, 1), labels), labels, len(NAMES))


@pytest.mark.parametrize("temperature", [0.05, 1.0, 5.0])
def test_calibration_of_overconfident_and_underconfident_predictions(temperature: float) -> None:
    labels = torch.arange(2_000) % len(NAMES)
    logits = torch.randn(2_000, len(NAMES), generator=torch.Generator().manual_seed(4))
    logits[torch.arange(2_000), labels] += 1
    probabilities = (logits / temperature).softmax(1)
    bins = calibration(probabilities, labels)
    assert len([each for each in bins if each.count]) >= 2
    accuracies, confidences = calibration_curve(
        (probabilities.argmax(1) == labels).numpy(),
        probabilities.double().max(1).values.numpy(),
        n_bins=ECE_BINS,
    )
    assert [each.accuracy for each in bins if each.count] == pytest.approx(accuracies)
    assert [each.confidence for each in bins if each.count] == pytest.approx(confidences)
    assert 0 < expected_calibration_error(bins) < 1


@pytest.mark.skipif(not FOLDER, reason="CIFAR10_DIR names no folder with CIFAR-10")
def test_the_bundled_network_on_real_images(tmp_path: Path) -> None:
    dataset = load_dataset(FOLDER, cache_dir=tmp_path)
    some = torch.arange(7, len(dataset.test), 20)
    labels = dataset.test.labels[some]
    network, card = load_model(bundled_model())
    judged = evaluate(network, card, dataset.test.images[some], labels)
    check(judged, labels, len(card.classes))
    assert judged.figures.accuracy > 0.9
