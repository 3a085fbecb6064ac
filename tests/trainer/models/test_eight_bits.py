"""Model files with eight bits per weight: as good as the others, half as large, checked as well."""

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from msgspec.structs import replace
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from tests.trainer.small_runs import run
from tests.trainer.tiny import CLASSES, draw, tiny_card, tiny_config
from trainer import cli
from trainer.errors import ModelFileError
from trainer.evaluation.evaluate import evaluate
from trainer.files.resources import bundled_model
from trainer.models.eight_bits import SCALE, dequantized, quantized
from trainer.models.ensemble import Ensemble
from trainer.models.model_file import METADATA_KEY, load_model, read_card, save_model
from trainer.models.registry import build

WIDTHS = (16, 32, 32)
CARD = tiny_card(widths=WIDTHS, weights="int8")
HEAD = "head.weight"

Tensors = dict[str, Tensor]


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    torch.manual_seed(0)
    save_model(tmp_path / "net.safetensors", build("sprint-net", len(CLASSES), WIDTHS), CARD)
    return tmp_path / "net.safetensors"


def export(source: object, out: Path, weights: str = "int8") -> Path:
    assert cli.main(["export", str(source), "--weights", weights, "--out", str(out)]) == 0
    return out


def probabilities(path: Path, images: Tensor) -> Tensor:
    network, card = load_model(path)
    labels = torch.zeros(len(images), dtype=torch.int64)
    return evaluate(network, card, images, labels).probabilities


def test_a_copy_of_a_run_answers_as_its_network_does(tmp_path: Path) -> None:
    run(tmp_path / "run", tiny_config(widths=WIDTHS, epochs=8))
    own = tmp_path / "run" / "model.safetensors"
    copy = export(tmp_path / "run", tmp_path / "copy.safetensors")
    images = draw(300, 5).images
    first, second = probabilities(own, images), probabilities(copy, images)
    assert set(first.argmax(1).tolist()) == {0, 1, 2}
    assert (first.argmax(1) == second.argmax(1)).double().mean() > 0.98
    assert 0 < (first - second).abs().max() < 0.05
    assert copy.stat().st_size < 0.65 * own.stat().st_size
    assert read_card(own).weights == "float16"
    assert read_card(copy) == replace(read_card(own), weights="int8")


def test_the_bundled_network_in_eight_bits_is_half_as_large(tmp_path: Path) -> None:
    copy = export("default", tmp_path / "copy.safetensors")
    assert copy.stat().st_size < 0.51 * bundled_model().stat().st_size
    torch.manual_seed(0)
    images = torch.rand(24, 3, 4, 4).mul(255).to(torch.uint8).repeat_interleave(8, 2)
    images = images.repeat_interleave(8, 3)
    first, second = probabilities(bundled_model(), images), probabilities(copy, images)
    assert (first.argmax(1) == second.argmax(1)).sum() >= 22
    assert (first - second).abs().max() < 0.15


def test_an_ensemble_and_a_copy_of_a_copy_keep_their_weights(tmp_path: Path) -> None:
    members = [build("sprint-net", len(CLASSES), WIDTHS) for _ in range(2)]
    path = tmp_path / "both.safetensors"
    save_model(path, Ensemble(members), replace(CARD, members=2))
    once = load_model(path)[0].state_dict()
    again = export(export(path, tmp_path / "half", "float16"), tmp_path / "again")
    twice = load_model(again)[0].state_dict()
    for name, value in Ensemble(members).state_dict().items():
        largest = value.abs().max()
        assert (once[name] - value).abs().max() <= 0.004 * largest
        assert (twice[name] - once[name]).abs().max() <= 0.001 * largest
    assert export(path, tmp_path / "same").read_bytes() == path.read_bytes()


def test_anyone_can_read_it(stored: Path) -> None:
    with safe_open(stored, "numpy") as file:
        assert json.loads(file.metadata()[METADATA_KEY])["weights"] == "int8"
        numbers, scales = file.get_tensor(HEAD), file.get_tensor(HEAD + ".scale")
    assert (numbers.dtype, scales.dtype) == (np.int8, np.float32)
    network, _ = load_model(stored)
    assert np.array_equal(network.state_dict()[HEAD].numpy(), numbers * scales[:, None])


def test_each_filter_has_the_scale_with_the_smallest_error() -> None:
    torch.manual_seed(0)
    filters = torch.randn(6, 4, 3, 3) * 10 ** torch.linspace(-6, 3, 6)[:, None, None, None]
    filters[0] = 0
    errors = (dequantized(quantized({"w": filters}))["w"] - filters).flatten(1).abs()
    steps = filters.flatten(1).abs().amax(1) / 127
    assert errors[0].max() == 0
    plain = ((filters / steps[:, None, None, None]).round() * steps[:, None, None, None])[1:]
    unclipped = (plain - filters[1:]).flatten(1).square().sum(1)
    assert (errors[1:].square().sum(1) <= unclipped * 1.0001).all()


@pytest.mark.parametrize(
    "damage",
    [
        lambda tensors: tensors.pop(HEAD + SCALE),
        lambda tensors: tensors.pop(HEAD),
        lambda tensors: tensors.update({HEAD: tensors[HEAD].half()}),
        lambda tensors: tensors.update({HEAD: tensors[HEAD].short()}),
        lambda tensors: tensors.update({HEAD: tensors[HEAD][:, 1:].contiguous()}),
        lambda tensors: tensors.update({HEAD + SCALE: tensors[HEAD + SCALE].half()}),
        lambda tensors: tensors.update({HEAD + SCALE: tensors[HEAD + SCALE][:1].clone()}),
        lambda tensors: tensors.update({HEAD + SCALE: tensors[HEAD + SCALE][:, None].clone()}),
        lambda tensors: tensors[HEAD + SCALE].fill_(float("nan")),
        lambda tensors: tensors[HEAD + SCALE].fill_(float("inf")),
        lambda tensors: tensors[HEAD + SCALE].neg_(),
        lambda tensors: tensors.update({"groups.0.norm1.bias.scale": torch.ones(16)}),
    ],
)
def test_a_damaged_file_is_refused(stored: Path, damage: Callable[[Tensors], object]) -> None:
    tensors = load_file(stored)
    damage(tensors)
    with safe_open(stored, "pt") as file:
        save_file(tensors, stored, file.metadata())
    with pytest.raises(ModelFileError, match="damaged"):
        load_model(stored)


def test_a_card_that_contradicts_the_tensors_is_refused(stored: Path) -> None:
    tensors = load_file(stored)
    with safe_open(stored, "pt") as file:
        card = json.loads(file.metadata()[METADATA_KEY])
    for weights in ("float16", "int4"):
        save_file(tensors, stored, {METADATA_KEY: json.dumps(card | {"weights": weights})})
        with pytest.raises(ModelFileError, match="damaged"):
            load_model(stored)


def test_files_of_earlier_versions_are_in_half_precision(tmp_path: Path) -> None:
    path = tmp_path / "old.safetensors"
    save_model(path, build("sprint-net", len(CLASSES), WIDTHS), tiny_card(widths=WIDTHS))
    tensors = load_file(path)
    with safe_open(path, "pt") as file:
        card = json.loads(file.metadata()[METADATA_KEY])
    del card["weights"]
    save_file(tensors, path, {METADATA_KEY: json.dumps(card)})
    assert load_model(path)[1].weights == "float16"
