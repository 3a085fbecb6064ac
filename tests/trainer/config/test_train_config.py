"""Training settings: what is refused, and that they survive JSON."""

import json
from pathlib import Path
from typing import Any

import pytest

from trainer import cli
from trainer.config.augmentation import Augmentation
from trainer.config.recipes import recipe, sprint
from trainer.config.train_config import AdamSettings, MuonSettings, TrainConfig
from trainer.errors import ConfigError


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": 0},
        {"batch_size": 1},
        {"micro_batch_size": 1},
        {"hard_example_fraction": 0.05},
        {"hard_example_fraction": 1.1},
        {"label_smoothing": 1.0},
        {"validation_images": 0},
        {"seed": -1},
        {"device": "toaster"},
        {"widths": (0, 8, 8)},
        {"image_size": 15},
        {"image_size": 129},
        {"learning_rate": 0},
        {"learning_rate": float("nan")},
        {"color": "red"},
    ],
)
def test_invalid_settings_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        sprint().with_changes(changes)


INVALID_AUGMENTATION: list[dict[str, Any]] = [
    {"flip": "often"}, {"translate": 9}, {"cutout": 32}, {"zoom": 1.0}, {"color_jitter": -0.1},
    {"crop_scale": 0.07}, {"crop_scale": 1.1}, {"crop_aspect": 0.9}, {"crop_aspect": 2.1},
    {"grayscale": 1.1}, {"blur": 4.1}, {"noise": -0.1}, {"noise": float("nan")}, {"jpeg": 2},
]  # fmt: skip


@pytest.mark.parametrize("settings", INVALID_AUGMENTATION)
def test_invalid_augmentation_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        Augmentation(**settings)


@pytest.mark.parametrize("settings", [{"momentum": 1.0}, {"weight_decay": -1.0}])
def test_invalid_optimizer_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        MuonSettings(**settings)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"recipe": "sprint", "widths": 3}', "null"])
def test_json_of_something_else_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        TrainConfig.from_json(text)


def test_the_learning_rate_is_that_of_the_optimizer() -> None:
    changed = sprint().with_changes({"learning_rate": 0.1, "epochs": 3})
    assert changed.optimizer.learning_rate == 0.1
    assert changed.epochs == 3


@pytest.mark.parametrize(
    "settings",
    [
        {"learning_rate": 0.0},
        {"beta1": 1.0},
        {"beta2": -0.1},
        {"learning_rate": 100},
        {"weight_decay": -0.1},
        {"weight_decay": 1.0},
    ],
)
def test_invalid_adam_settings_are_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        AdamSettings(**settings)


def test_settings_without_the_kind_of_optimizer_are_refused() -> None:
    values = json.loads(sprint().to_json())
    del values["optimizer"]["kind"]
    with pytest.raises(ConfigError, match="another version"):
        TrainConfig.from_json(json.dumps(values))


@pytest.mark.parametrize(
    "changes",
    [
        {"epochs": "3"},
        {"epochs": 3.5},
        {"seed": True},
        {"seed": 10**30},
        {"widths": [8, "8"]},
        {"label_smoothing": None},
        {"label_smoothing": float("nan")},
        {"hardest_share": 0.5},
        {"optimizer": {"kind": "sgd"}},
        {"optimizer": {"kind": "adam", "momentum": 0.5}},
        {"augmentation": {"mixup": 0.5}},
        {"early_stopping": {"patience": "long"}},
        {"reduce_on_plateau": True},
    ],
)
def test_json_with_a_wrong_value_is_refused(changes: dict[str, Any]) -> None:
    values = json.loads(recipe("deep-cnn").to_json())
    assert TrainConfig.from_json(json.dumps(values)) == recipe("deep-cnn")
    with pytest.raises(ConfigError):
        TrainConfig.from_json(json.dumps(values | changes))


def test_equal_configs_have_equal_json() -> None:
    config = sprint().with_changes({"label_smoothing": 0, "learning_rate": 1})
    again = TrainConfig.from_json(config.to_json())
    assert again == config
    assert again.to_json() == config.to_json()


def test_settings_from_before_random_crops_are_read() -> None:
    values = json.loads(sprint().to_json())
    assert set(values["augmentation"]) == {"flip", "translate", "cutout", "zoom", "color_jitter"}
    assert TrainConfig.from_json(json.dumps(values)) == sprint()


def test_newer_augmentation_survives_json() -> None:
    augmentation = Augmentation(crop_scale=0.4, crop_aspect=1.5, blur=1, jpeg=1)
    config = sprint().with_changes({"augmentation": augmentation})
    assert TrainConfig.from_json(config.to_json()) == config


def test_images_of_the_usual_size_leave_the_text_as_it_was_before_they_had_a_size() -> None:
    assert sprint().image_size == 32
    before = sprint().to_json()
    assert "image_size" not in before
    assert TrainConfig.from_json(before) == sprint()
    larger = sprint().with_changes({"image_size": 48})
    assert TrainConfig.from_json(larger.to_json()) == larger != sprint()


def test_a_run_of_an_earlier_version_is_refused_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    values = json.loads(sprint().to_json())
    values["chunk_size"] = values.pop("micro_batch_size")
    values["hardest_share"] = values.pop("hard_example_fraction")
    document = json.dumps({"data": "cifar10", "config": values})
    (tmp_path / "config.json").write_text(document, encoding="utf-8")
    for command in (["train", "--resume"], ["evaluate"], ["export", "--out", "out"]):
        assert cli.main([*command, str(tmp_path)]) == 2
        assert capsys.readouterr().err == (
            "cifar-trainer: These settings were saved by another version of CIFAR Desktop. "
            "Start a new run.\n"
        )
