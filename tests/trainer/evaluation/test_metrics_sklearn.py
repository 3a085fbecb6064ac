"""The metrics of an evaluation against those of scikit-learn for the same predictions."""

import pytest
import torch
from sklearn.calibration import calibration_curve
from torch import Tensor

from tests.trainer.reference_metrics import check_metrics
from tests.trainer.tiny import tiny_card
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.metrics import ECE_BINS, calibration, expected_calibration_error
from trainer.models.network import Network

NAMES = ("ape", "bee", "cat", "dog", "elk")


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


@pytest.mark.parametrize(
    ("absent", "never"), [((), ()), ((1,), ()), ((), (3,)), ((0, 4), (4, 2)), ((1, 2, 3), (0,))]
)
def test_random_predictions(absent: tuple[int, ...], never: tuple[int, ...]) -> None:
    labels = torch.arange(600) % len(NAMES)
    present = ~torch.isin(labels, torch.tensor(absent, dtype=torch.int64))
    labels, images = labels[present], pictures(600, 1)[present]
    evaluated = evaluate(Guesses(2, never).eval(), tiny_card(classes=NAMES), images, labels)

    check_metrics(evaluated, labels, len(NAMES))
    missing = {name for name, share in evaluated.figures.recall.items() if share is None}
    assert missing == {NAMES[each] for each in absent}
    unanswered = {name for name, share in evaluated.figures.precision.items() if share is None}
    assert unanswered == {NAMES[each] for each in never}


def test_nearly_tied_predictions_are_counted_as_reported() -> None:
    network, labels = Guesses(2, ()), torch.arange(50) % len(NAMES)
    network.weights *= 0
    network.bias[:] = torch.tensor([1, 1 + 1e-6, 0, 1, 0])
    card = tiny_card(classes=NAMES, temperature=50.0)
    check_metrics(evaluate(network.eval(), card, pictures(50, 1), labels), labels, len(NAMES))


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
