"""Runs with pictures of other things: taught to be unsure about them, never a class, resumable."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from tests.trainer.small_runs import StopAfter, ignore
from tests.trainer.tiny import CLASSES, draw, same, tiny_config, tiny_dataset
from trainer.cancellation import CancelToken
from trainer.config.augmentation import Augmentation
from trainer.config.train_config import TrainConfig
from trainer.data.dataset import Dataset, NoneImages
from trainer.data.normalization import normalize
from trainer.data.sampling import NONE
from trainer.devices.discovery import find_device
from trainer.errors import Cancelled
from trainer.models.model_file import load_model, read_card
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.run import TrainingRun

CONFIG = tiny_config(balance=0.5, epochs=8)


def stripes(count: int, seed: int) -> Tensor:
    """Pictures of other things: stripes, in none of the tints of the classes."""
    noise = draw(count, seed).images // 4
    noise[:, :, ::4] = 250
    return noise


def dataset(validation: int = 40) -> Dataset:
    none = NoneImages(train=stripes(80, 3), validation=stripes(validation, 4), test=stripes(20, 5))
    return replace(tiny_dataset(train=240), none=none)


def run(
    folder: Path,
    data: Dataset,
    config: TrainConfig = CONFIG,
    token: CancelToken | None = None,
    *,
    resume: bool = False,
) -> None:
    place = RunFolder(folder)
    if not resume:
        place.create(config, ("tiny",))
    run = TrainingRun(config, data, find_device("cpu"))
    train(run, place, emit=ignore, token=token or CancelToken(), resume=resume)


def confidence(folder: Path, images: Tensor) -> Tensor:
    network, card = load_model(folder / "model.safetensors")
    with torch.inference_mode():
        logits: Tensor = network(normalize(images, card.mean, card.std)) / card.temperature
    return logits.softmax(1).max(1).values


def test_the_network_is_taught_to_be_undecided_about_them(tmp_path: Path) -> None:
    run(tmp_path / "with", dataset())
    run(tmp_path / "without", replace(dataset(), none=None))
    unseen = stripes(60, 9)
    taught, untaught = (confidence(tmp_path / name, unseen).mean() for name in ("with", "without"))
    assert taught < untaught - 0.2
    assert taught < 0.6


def test_they_are_never_a_class_and_fix_the_threshold(tmp_path: Path) -> None:
    run(tmp_path, dataset())
    card = read_card(tmp_path / "model.safetensors")
    assert card.classes == CLASSES
    assert card.threshold_from == "none"
    assert card.figures["none_found"] > 0.8
    assert card.figures["refused"] <= 0.05 + 1 / 24
    assert card.figures["accuracy"] > 0.8


def test_without_them_the_validation_images_fix_the_threshold(tmp_path: Path) -> None:
    run(tmp_path, tiny_dataset(), tiny_config(epochs=1))
    card = read_card(tmp_path / "model.safetensors")
    assert card.threshold_from == "validation"
    assert "none_found" not in card.figures


def test_some_are_held_out_where_the_dataset_has_none_to_validate_on() -> None:
    trained = TrainingRun(CONFIG, dataset(validation=0), find_device("cpu"))
    assert len(trained.none) == 4
    known = {each.numpy().tobytes() for each in trained.none}
    for images, labels in trained.batches.epoch(0):
        for image in images[labels == NONE]:
            assert image.contiguous().numpy().tobytes() not in known


def test_a_batch_has_the_fraction_of_them_that_was_asked_for() -> None:
    config = tiny_config(none_fraction=0.5, batch_size=216)
    trained = TrainingRun(config, dataset(), find_device("cpu"))
    _, labels = next(trained.batches.epoch(0))
    assert len(trained.batches) == 2
    assert 80 < int((labels == NONE).sum()) < 136


@pytest.mark.parametrize("changes", [{}, {"hard_example_fraction": 0.5}])
def test_a_resumed_run_is_bit_equal(tmp_path: Path, changes: dict[str, float]) -> None:
    config = CONFIG.with_changes({"epochs": 2, **changes})
    run(tmp_path / "whole", dataset(), config)
    with pytest.raises(Cancelled):
        run(tmp_path / "stopped", dataset(), config, StopAfter(9))
    run(tmp_path / "stopped", dataset(), config, resume=True)
    weights = [load_file(tmp_path / name / "model.safetensors") for name in ("whole", "stopped")]
    assert same(*weights)


def test_crops_may_be_smaller_than_whole_images() -> None:
    augmentation = Augmentation(crop_scale=0.4, crop_size=0.75)
    config = tiny_config(augmentation=augmentation)
    trained = TrainingRun(config, dataset(), find_device("cpu"))
    images, _ = next(trained.batches.epoch(0))
    assert images.shape[1:] == (3, 24, 24)
    assert trained.validation.images.shape[1:] == (3, 32, 32)
