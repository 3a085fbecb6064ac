"""Runs on images larger than usual: trained, stopped, resumed, exported and used."""

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file

from tests.trainer.small_runs import StopAfter
from tests.trainer.tiny import same, tiny_config
from trainer import cli
from trainer.cancellation import CancelToken
from trainer.commands.arguments import build_parser
from trainer.commands.train_request import train_request
from trainer.config.train_config import TrainConfig
from trainer.data.loading import load_dataset
from trainer.devices.device import PLAIN_CPU
from trainer.errors import Cancelled, ConfigError
from trainer.models.model_file import read_card
from trainer.planning.speed_probe import noise_run, probe
from trainer.runs.run_folder import RunFolder
from trainer.training.loop import train
from trainer.training.run import TrainingRun

SIDE = 64


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stripes a pixel wide, across and down: at half the size both would be gray."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    random = np.random.default_rng(0)
    stripes = np.tile(np.array([60, 190])[:, None], (SIDE // 2, SIDE))
    for part, count in (("train", 60), ("test", 15)):
        for name, pattern in (("across", stripes), ("down", stripes.T)):
            folder = tmp_path / "data" / part / name
            folder.mkdir(parents=True)
            for number in range(count):
                shades = pattern[..., None] + random.integers(-50, 50, (SIDE, SIDE, 3))
                Image.fromarray(shades.astype(np.uint8)).save(folder / f"{number:02}.png")
    return tmp_path / "data"


def config(side: int = SIDE) -> TrainConfig:
    return tiny_config(image_size=side, epochs=6)


def begun(path: Path, data: Path, side: int = SIDE) -> RunFolder:
    folder = RunFolder(path)
    folder.create(config(side), (str(data),))
    return folder


def printed(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    capsys.readouterr()
    assert cli.main([str(each) for each in arguments]) == 0, capsys.readouterr().err
    return capsys.readouterr().out


def test_a_run_sees_its_images_in_their_size_from_the_start_to_every_answer(
    data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, stopped = begun(tmp_path / "whole", data), begun(tmp_path / "stopped", data)
    printed(capsys, "train", "--resume", whole.path)
    run = TrainingRun(config(), load_dataset(str(data), image_size=SIDE), PLAIN_CPU)
    with pytest.raises(Cancelled):
        train(run, stopped, emit=lambda _: None, token=StopAfter(9))

    printed(capsys, "export", stopped.path, "--out", tmp_path / "early.safetensors")
    assert read_card(tmp_path / "early.safetensors").input_size == SIDE

    printed(capsys, "train", "--resume", stopped.path)
    assert same(load_file(whole.model), load_file(stopped.model))
    card = read_card(whole.model)
    assert card.input_size == SIDE
    assert card.figures["accuracy"] == 1

    figures = json.loads(printed(capsys, "evaluate", whole.model, "--data", data, "--json"))
    assert figures["accuracy"] == 1
    picture = data / "test" / "down" / "00.png"
    answer = json.loads(printed(capsys, "predict", whole.path, picture, "--json"))
    assert answer["top"][0]["class"] == "down"


def test_at_the_usual_size_the_same_run_cannot_tell_them_apart(data: Path, tmp_path: Path) -> None:
    assert cli.main(["train", "--resume", str(begun(tmp_path / "run", data, 32).path)]) == 0
    assert read_card(tmp_path / "run" / "model.safetensors").figures["accuracy"] < 0.9


def test_the_size_is_an_option_that_a_resumed_run_keeps(data: Path, tmp_path: Path) -> None:
    parse = build_parser().parse_args
    options = ["--data", str(data), "--out", str(tmp_path / "new"), "--image-size"]
    assert train_request(parse(["train", *options, "48"])).config.image_size == 48
    with pytest.raises(ConfigError, match="from 16 to 128 pixels"):
        train_request(parse(["train", *options, "200"]))
    folder = begun(tmp_path / "run", data)
    with pytest.raises(ConfigError, match="keeps its settings"):
        train_request(parse(["train", "--resume", str(folder.path), "--image-size", "32"]))


def test_time_is_measured_with_images_of_the_size() -> None:
    assert noise_run(config(), PLAIN_CPU, 3).dataset.train.images.shape[2:] == (SIDE, SIDE)
    small, large = (
        probe(config(side), PLAIN_CPU, classes=3, token=CancelToken()) for side in (16, 128)
    )
    assert large.image_seconds > 4 * small.image_seconds
    assert large.forward_seconds > 4 * small.forward_seconds


def test_a_dataset_is_inspected_in_the_size(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = printed(capsys, "inspect", data, "--image-size", "48")
    assert "All images are 64 x 64 pixels, resized to 48 x 48." in text
