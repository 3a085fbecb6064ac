"""Runs that start from another network, through the command line."""

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from PIL import Image

from tests.trainer.tiny import draw, tiny_card, write_dataset, write_folder
from trainer.config.recipes import RECIPES
from trainer.config.train_config import MuonSettings
from trainer.errors import ConfigError
from trainer.models.model_file import load_model, read_card, save_model
from trainer.models.registry import MODELS, build
from trainer.models.starting_point import MUON_ARCHITECTURES
from trainer.optim.factory import make_optimizer
from trainer.runs.run_folder import RunFolder

Call = Callable[..., "subprocess.CompletedProcess[str]"]
QUICK = "--epochs", 1, "--device", "cpu", "--precision", "float32", "--batch-size", 16


@pytest.fixture
def first(call: Call, tmp_path: Path) -> RunFolder:
    """A finished run."""
    write_dataset(tmp_path / "data")
    result = call("train", "--data", "data", "--out", "first", *QUICK)
    assert result.returncode == 0, result.stderr
    return RunFolder(tmp_path / "first")


def test_a_run_starts_from_another_run(call: Call, tmp_path: Path, first: RunFolder) -> None:
    result = call(
        "train", "--recipe", "simple-cnn", "--data", "data", "--init", "first", "--out", "second",
        *QUICK,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "Training starts from the weights of model.safetensors." in result.stdout
    second = RunFolder(tmp_path / "second")
    config, _ = second.read()
    assert (config.recipe, config.architecture) == ("simple-cnn", "sprint-net")
    assert config.init == str(first.model)
    assert read_card(second.model).widths == read_card(first.model).widths


def test_the_recipe_for_photos_needs_neither_other_things_nor_the_same_classes(
    call: Call, tmp_path: Path, first: RunFolder
) -> None:
    write_folder(tmp_path / "own", draw(90, 5))
    for old, new in (("blue", "ant"), ("green", "bee"), ("red", "crab")):
        (tmp_path / "own" / old).rename(tmp_path / "own" / new)
    result = call(
        "train", "--recipe", "photos", "--data", "own", "--init", "first/model.safetensors",
        "--out", "photos", "--image-size", 32, *QUICK,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    assert "its last layer is new, because the classes are others" in result.stdout
    photos = RunFolder(tmp_path / "photos")
    card = read_card(photos.model)
    assert (card.classes, card.threshold_from) == (("ant", "bee", "crab"), "validation")
    before, after = (load_model(each.model)[0].state_dict() for each in (first, photos))
    # Trained on, the filters stay close to what they were.
    old, new = (each["groups.1.conv1.weight"].flatten() for each in (before, after))
    assert 0.5 < torch.cosine_similarity(old, new, dim=0) < 1


def test_an_option_for_other_things_is_noted_where_there_are_none(
    call: Call, tmp_path: Path
) -> None:
    write_dataset(tmp_path / "data")
    start = "train", "--data", "data", *QUICK, "--none-fraction", 0.3, "--out"
    note = "data has no pictures of other things to train on"
    assert note in call(*start, "without").stdout
    others = tmp_path / "data" / "train" / "none"
    others.mkdir()
    for index in range(10):
        Image.new("RGB", (32, 32), (index, 0, 0)).save(others / f"{index}.png")
    result = call(*start, "with")
    assert (result.returncode, note in result.stdout) == (0, False)


def test_a_network_that_cannot_be_used_is_said_at_once(call: Call, tmp_path: Path) -> None:
    (tmp_path / "notes.safetensors").write_text("notes")
    card = tiny_card(architecture="simple-cnn")
    save_model(tmp_path / "old.safetensors", build("simple-cnn", 3, (8, 8, 8)), card)
    for name, code, words in (
        ("missing.safetensors", 1, "There is no model file"),
        ("notes.safetensors", 1, "is not a model file of this program"),
        (tmp_path, 1, "contains no run. Start from a model file, the folder of a finished run, or"),
        ("old.safetensors", 2, "Choose a recipe that uses Adam: simple-cnn,"),
    ):
        result = call("train", "--init", name, "--out", "run")
        assert result.returncode == code
        assert words in result.stderr
        assert not (tmp_path / "run").exists()


def test_the_optimizer_trains_what_a_run_may_start_from() -> None:
    for architecture in MODELS:
        network = build(architecture, 3, recipe_widths(architecture))
        try:
            make_optimizer(network, MuonSettings(), batch_size=8, epochs=1, steps_per_epoch=4)
        except ConfigError:
            assert architecture not in MUON_ARCHITECTURES
        else:
            assert architecture in MUON_ARCHITECTURES


def recipe_widths(architecture: str) -> tuple[int, ...]:
    configs = (make() for make in RECIPES.values())
    return next(each.widths for each in configs if each.architecture == architecture)


def test_recipes_say_what_they_start_from(call: Call) -> None:
    text = call("recipes").stdout
    (line,) = [each for each in text.splitlines() if each.startswith("photos")]
    assert "built-in network" in line
    found = {
        each["name"]: each
        for each in map(json.loads, call("recipes", "--json").stdout.splitlines())
    }
    assert found["photos"]["init"] == "default"
    assert found["sprint"]["init"] == ""
