"""The bundled network is as good as the README says."""

from pathlib import Path

import pytest
import torch
from msgspec.structs import replace

from tests import scenes
from tests.trainer.reference_metrics import check_metrics
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.dataset import Dataset
from trainer.devices.discovery import find_device
from trainer.evaluation.evaluate import evaluate
from trainer.files.resources import bundled_model
from trainer.inference.predictor import Predictor
from trainer.models.model_file import load_model, read_card, save_model


def test_its_card_gives_its_origin_and_accuracy() -> None:
    card = read_card(bundled_model())
    assert card.classes == CIFAR10_CLASSES
    assert card.command.startswith("cifar-trainer train --recipe best")
    assert card.command.count(" && ") == card.members == 2
    assert card.figures["images"] == 10_000
    assert card.figures["accuracy"] >= 0.96
    assert card.figures["ece"] <= 0.02
    assert bundled_model().stat().st_size < 40_000_000


@pytest.mark.parametrize("shown", ["ship", "airplane"])
def test_it_recognizes_drawings(shown: str) -> None:
    answer = Predictor.load(bundled_model()).predict(getattr(scenes, shown)())
    assert answer.classes[0].name == shown
    assert answer.verdict == "sure"


def test_it_reaches_its_accuracy_on_real_images(cifar10: Dataset) -> None:
    some = torch.arange(0, len(cifar10.test), 40)
    images, labels = cifar10.test.images[some], cifar10.test.labels[some]
    network, card = load_model(bundled_model())
    evaluated = evaluate(network, card, images, labels, device=find_device("cpu"))
    # The accuracy on 250 images varies by 1.2 % around that on all.
    assert evaluated.figures.accuracy == pytest.approx(card.figures["accuracy"], abs=0.03)
    assert evaluated.figures.accuracy > 0.9
    assert evaluated.figures.ece < 0.05
    check_metrics(evaluated, labels, len(card.classes))


def test_in_eight_bits_it_predicts_the_same(cifar10: Dataset, tmp_path: Path) -> None:
    network, card = load_model(bundled_model())
    copy = tmp_path / "copy.safetensors"
    save_model(copy, network, replace(card, weights="int8"))
    some = torch.arange(0, len(cifar10.test), 40)
    images, labels = cifar10.test.images[some], cifar10.test.labels[some]
    first, second = (
        evaluate(each, card, images, labels, device=find_device("cpu")).probabilities
        for each in (network, load_model(copy)[0])
    )
    assert (first.argmax(1) == second.argmax(1)).double().mean() >= 0.99
    assert (first - second).abs().max() < 0.1
