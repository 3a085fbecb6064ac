"""The bundled network is as good as the README says."""

import os
from pathlib import Path

import pytest
import torch

from tests import scenes
from trainer.data.cifar10 import CIFAR10_CLASSES
from trainer.data.loading import load_dataset
from trainer.evaluation.evaluate import evaluate
from trainer.files.resources import bundled_model
from trainer.inference.predictor import Predictor
from trainer.models.model_file import load_model, read_card

FOLDER = os.environ.get("CIFAR10_DIR", "")


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


@pytest.mark.skipif(not FOLDER, reason="CIFAR10_DIR names no folder with CIFAR-10")
def test_it_reaches_its_accuracy_on_real_images(tmp_path: Path) -> None:
    dataset = load_dataset(FOLDER, cache_dir=tmp_path)
    some = torch.arange(0, len(dataset.test), 20)
    network, card = load_model(bundled_model())
    judged = evaluate(network, card, dataset.test.images[some], dataset.test.labels[some])
    figures = judged.figures
    # The accuracy on 500 images varies by 1 % around that on all.
    assert figures.accuracy == pytest.approx(card.figures["accuracy"], abs=0.03)
    assert figures.ece < 0.05
