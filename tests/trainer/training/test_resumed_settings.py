"""Checkpoints of earlier versions stay usable, and newer settings are part of a run's identity."""

from pathlib import Path

import pytest
from msgspec.structs import replace
from safetensors.torch import load_file

from tests.trainer.small_runs import StopAfter, run
from tests.trainer.tiny import same, tiny_config, tiny_dataset
from trainer.config.augmentation import Augmentation
from trainer.devices.device import PLAIN_CPU
from trainer.errors import Cancelled
from trainer.training.run import TrainingRun

BEFORE_RANDOM_CROPS = """{
  "recipe": "sprint",
  "architecture": "sprint-net",
  "widths": [
    8,
    8,
    8
  ],
  "epochs": 3,
  "batch_size": 32,
  "hard_example_fraction": 1.0,
  "micro_batch_size": 16,
  "optimizer": {
    "kind": "muon",
    "learning_rate": 0.16,
    "momentum": 0.7,
    "head_learning_rate": 0.67,
    "bias_learning_rate": 0.053,
    "sgd_momentum": 0.85,
    "weight_decay": 2e-06,
    "whitening_epochs": 3
  },
  "label_smoothing": 0.2,
  "augmentation": {
    "flip": "alternating",
    "translate": 2,
    "cutout": 0,
    "zoom": 0.0,
    "color_jitter": 0.14
  },
  "validation_images": 24,
  "early_stopping": null,
  "reduce_on_plateau": null,
  "seed": 0,
  "device": "auto",
  "precision": "auto"
}
120 images, checksum d8f1d523, ('blue', 'green', 'red')"""
"""The identity in checkpoints of that time."""

EVERYTHING = Augmentation(
    translate=2, cutout=4, zoom=0.1, color_jitter=0.1, crop_scale=0.3, crop_aspect=4 / 3,
    grayscale=0.2, blur=1.0, noise=0.05, jpeg=0.5,
)  # fmt: skip


def test_a_run_without_newer_settings_has_the_identity_that_it_always_had() -> None:
    assert TrainingRun(tiny_config(), tiny_dataset(), PLAIN_CPU).identity == BEFORE_RANDOM_CROPS


@pytest.mark.parametrize(
    "changes",
    [
        {"crop_scale": 0.5},
        {"crop_aspect": 1.2},
        {"grayscale": 0.1},
        {"blur": 0.5},
        {"noise": 0.1},
        {"jpeg": 0.3},
    ],
)
def test_each_newer_setting_gives_another_identity(changes: dict[str, float]) -> None:
    config = tiny_config()
    changed = replace(config, augmentation=replace(config.augmentation, **changes))
    identity = TrainingRun(changed, tiny_dataset(), PLAIN_CPU).identity
    assert identity != BEFORE_RANDOM_CROPS
    assert f'"{next(iter(changes))}"' in identity


@pytest.mark.parametrize("checks", [5, 9])
def test_a_run_with_every_augmentation_continues_where_it_stopped(
    tmp_path: Path, checks: int
) -> None:
    config = tiny_config(augmentation=EVERYTHING)
    run(tmp_path / "unbroken", config)
    with pytest.raises(Cancelled):
        run(tmp_path / "stopped", config, StopAfter(checks))
    run(tmp_path / "stopped", config, resume=True)
    expected, resumed = (
        load_file(tmp_path / name / "model.safetensors") for name in ("unbroken", "stopped")
    )
    assert same(expected, resumed)
