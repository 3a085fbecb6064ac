"""Training on several datasets with pictures of other things, through the command line."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from safetensors.torch import save_file

from tests.trainer.data.dataset_files import draw as draw_picture
from tests.trainer.tiny import (
    CLASSES,
    draw,
    same,
    tiny_card,
    tiny_config,
    write_dataset,
    write_folder,
)
from trainer.data.several.loading import load_datasets
from trainer.devices.discovery import find_device
from trainer.events.base import Event
from trainer.events.codec import from_line
from trainer.events.run_events import Message, RunStarted
from trainer.models.model_file import METADATA_KEY, load_model, read_card
from trainer.models.registry import build
from trainer.runs.event_history import read_events
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

Call = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def places(tmp_path: Path) -> tuple[Path, Path]:
    """A dataset with training and test images, and one with others, called a little otherwise."""
    data, more = write_dataset(tmp_path / "data"), tmp_path / "more"
    write_folder(more / "train", draw(30, 3))
    write_folder(more / "val", draw(12, 4))
    for half in ("train", "val"):
        (more / half / "red").rename(more / half / "Reds")
    for half, count in (("train", 20), ("val", 6)):
        for index in range(count):
            draw_picture(more / half / "none" / f"{half}-{index}.png", 10 * index)
    for index in range(5):
        draw_picture(data / "test" / "none" / f"{index}.png", 10 * index + 5)
    return data, more


def events(output: str) -> list[Event]:
    return [from_line(line) for line in output.splitlines()]


def begin(path: Path, *places: Path) -> RunFolder:
    folder = RunFolder(path)
    folder.create(tiny_config(epochs=2), tuple(map(str, places)))
    return folder


def test_a_run_on_two_datasets_says_where_its_images_are_from(
    call: Call, tmp_path: Path, places: tuple[Path, Path]
) -> None:
    result = call(
        "train", "--data", "data", "--data", "more", "--out", "run", "--epochs", 1,
        "--device", "cpu", "--batch-size", 32, "--events",
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    heard = events(result.stdout)
    (started,) = [event for event in heard if isinstance(event, RunStarted)]
    assert started.classes == CLASSES
    counts = started.train_images, started.validation_images, started.test_images
    assert counts == (150, 12, 30)
    assert started.none_counts == (20, 0, 5)
    sources = [(each.name, each.train_images, each.none_images) for each in started.sources]
    assert sources == [("data", 120, 0), ("more", 30, 20)]
    said = " ".join(event.text for event in heard if isinstance(event, Message))
    assert "more: Classes matched by name: Reds as red." in said
    assert "Not used: 6 held-out pictures of other things of more." in said

    folder = RunFolder(tmp_path / "run")
    assert folder.read()[1] == tuple(map(str, places))
    card = read_card(folder.model)
    assert [(each.name, each.train_images, each.none_images) for each in card.sources] == sources
    assert str(tmp_path) not in json.dumps([each.name for each in card.sources])
    report = call("evaluate", folder.model, "--data", "data", "--json")
    # Beside the 30 test images, the five pictures of other things are judged.
    assert json.loads(report.stdout)["unknown"]["images"] == 5
    assert json.loads(report.stdout)["images"] == 30


def stopped_run(folder: RunFolder, cache: Path) -> None:
    """Leave the checkpoint of a run that was stopped after its first epoch."""
    config, places = folder.read()
    run = TrainingRun(config, load_datasets(places, cache_dir=cache), find_device("cpu"))
    for images, labels in run.batches.epoch(0):
        take_step(run, images, labels)
    save_checkpoint(folder.checkpoint, run.state_dict())


def test_it_resumes_where_it_stopped_even_if_one_was_moved(
    call: Call, tmp_path: Path, places: tuple[Path, Path]
) -> None:
    data, more = places
    straight = begin(tmp_path / "straight", data, more)
    assert call("train", "--resume", straight.path).returncode == 0
    folder = begin(tmp_path / "run", data, more)
    stopped_run(folder, tmp_path / "own")
    assert call("export", folder.path, "--out", "early").returncode == 0
    early = call("evaluate", folder.path, "--json")
    assert json.loads(early.stdout)["images"] == 12
    assert json.loads(early.stdout)["unknown"]["images"] == 1
    more.rename(tmp_path / "moved")
    assert f"The dataset of the run, {more}, does not exist" in refusal(call, folder)
    assert "The run uses 2 datasets" in refusal(call, folder, "moved")
    assert "saved with other settings or other data" in refusal(call, folder, "moved", "data")
    resumed = call("train", "--resume", folder.path, "--data", "data", "--data", "moved")
    assert resumed.returncode == 0, resumed.stderr
    assert folder.read()[1] == (str(data), str(tmp_path / "moved"))
    weights = [load_model(each.model)[0].state_dict() for each in (straight, folder)]
    assert same(*weights)


def refusal(call: Call, folder: RunFolder, *places: str) -> str:
    """Why a run cannot be resumed with these datasets."""
    result = call(
        "train", "--resume", folder.path, *(word for place in places for word in ("--data", place))
    )
    assert result.returncode == 1
    return result.stderr


def test_pictures_of_other_things_belong_to_what_a_run_is_resumed_with(
    call: Call, tmp_path: Path, places: tuple[Path, Path]
) -> None:
    folder = begin(tmp_path / "run", *places)
    stopped_run(folder, tmp_path / "own")
    shutil.rmtree(places[1] / "train" / "none")
    assert "saved with other settings or other data" in refusal(call, folder)


def test_inspect_lists_datasets_and_sets_other_things_apart(
    call: Call, places: tuple[Path, Path]
) -> None:
    result = call("inspect", *places)
    assert result.returncode == 0, result.stderr
    first, *lines = result.stdout.splitlines()
    assert first == "data + more: 3 classes, 150 training, 12 validation and 30 test images"
    assert "none, no class: 20 training, 5 test pictures of other things" in lines
    at = lines.index("Datasets: 2")
    assert lines[at + 1 : at + 3] == [
        "  data: 120 training images",
        "  more: 30 training images, 20 pictures of other things",
    ]
    assert not [line for line in lines if line.startswith("none ")]
    result = call("inspect", *places, places[1])
    assert "was given twice" in result.stderr


def test_time_with_other_things_needs_a_number_of_images(call: Call) -> None:
    result = call("forecast", "--none")
    assert result.returncode == 2
    assert "--train-images N" in result.stderr


def test_runs_of_earlier_versions_are_read(
    call: Call, tmp_path: Path, places: tuple[Path, Path]
) -> None:
    folder = begin(tmp_path / "run", places[0])
    document = json.loads(folder.config.read_text())
    # One dataset is stored as it was before there could be several.
    assert document["data"] == str(places[0])
    assert call("train", "--resume", folder.path).returncode == 0
    old = [without_new(json.loads(line)) for line in folder.events.read_text().splitlines()]
    assert any("classes" in event for event in old)
    folder.events.write_text("".join(json.dumps(event) + "\n" for event in old))
    heard = read_events(folder, pytest.fail)
    (started,) = [event for event in heard if isinstance(event, RunStarted)]
    assert (started.sources, started.none_counts) == ((), (0, 0, 0))
    result = call("export", folder.path, "--format", "tensorboard", "--out", "curves")
    assert result.returncode == 0, result.stderr


def without_new(event: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in ("sources", "none_counts")}


def test_model_files_of_earlier_versions_are_read(tmp_path: Path) -> None:
    card = msgspec.to_builtins(tiny_card())
    del card["sources"]
    network = build("sprint-net", 3, (8, 8, 8))
    weights = {name: each.contiguous() for name, each in network.state_dict().items()}
    save_file(weights, tmp_path / "old.safetensors", {METADATA_KEY: json.dumps(card)})
    assert load_model(tmp_path / "old.safetensors")[1].sources == ()
