"""The command line in real child processes: exit codes, both streams."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from safetensors.torch import load_file

from tests.server import Served, Server
from tests.trainer.tiff_files import tiff
from tests.trainer.tiny import CLASSES, draw, same, tiny_config, write_dataset, write_folder
from trainer.data.loading import load_dataset
from trainer.devices.discovery import find_device
from trainer.evaluation.report import load_report
from trainer.events.codec import from_line, to_line
from trainer.events.command_events import CommandFailed, Evaluated
from trainer.events.run_events import (
    CheckpointSaved,
    EpochFinished,
    Preparing,
    RunFailed,
    RunFinished,
)
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_dataset(tmp_path_factory.mktemp("farben ü"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    cache = str(tmp_path_factory.mktemp("cache"))
    return {**os.environ, "XDG_CACHE_HOME": cache, "NO_PROXY": "*", "PYTHONWARNINGS": "error"}


@pytest.fixture(scope="module")
def call(environment: dict[str, str], trainer_command: list[str]) -> Call:
    def run(
        *arguments: object, command: Sequence[str] = trainer_command
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*command, *map(str, arguments)],
            env=environment, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def finished(call: Call, data: Path, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """An uninterrupted, finished run."""
    folder = _planned_run(tmp_path_factory.mktemp("runs") / "unbroken", data)
    result = call("train", "--resume", folder.path)
    assert result.returncode == 0, result.stderr
    assert "Test accuracy" in result.stdout
    assert result.stderr == ""
    return folder


def _planned_run(path: Path, data: Path) -> RunFolder:
    # The networks of the recipes are too large for a test, so a run is created in its folder.
    folder = RunFolder(path)
    folder.create(tiny_config(epochs=60), (str(data),))
    return folder


def test_recipes_are_listed(call: Call) -> None:
    lines = call("recipes", "--json").stdout.splitlines()
    recipes = {each["name"]: each for each in map(json.loads, lines)}
    assert recipes["sprint"]["epochs"] == 10
    assert "sprint" in call("recipes").stdout


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["train"],
        ["train", "--out", "x", "--epochs", "0"],
        ["train", "--out", "x", "--recipe", "none"],
        ["train", "--out", "x", "--batch-size", "many"],
        ["train", "--resume", "x", "--epochs", "3"],
        ["train", "--out", "x", "--early-stopping", "0"],
        ["train", "--out", "x", "--flip", "sideways"],
        ["train", "--out", "x", "--translate", "9"],
        ["evaluate"],
        ["evaluate", "default", "--json", "--events"],
        ["predict", "default"],
        ["predict", "default", "x.png", "--top-k", "0"],
        ["fly"],
    ],
)
def test_wrong_usage_has_exit_code_2(call: Call, arguments: list[str]) -> None:
    result = call(*arguments)
    assert result.returncode == 2
    assert result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["train", "--out", "{tmp}/run", "--data", "{tmp}/none"], "none"),
        (["train", "--resume", "{tmp}/none"], "contains no run"),
        (["evaluate", "{tmp}/none.safetensors"], "no model file"),
        (["predict", "{tmp}/none.safetensors", "x.png"], "no model file"),
        (["train", "--out", "{tmp}/run", "--device", "cuda", "--data", "{data}"], "NVIDIA"),
    ],
)
def test_failure_is_one_line_with_exit_code_1(
    call: Call, data: Path, tmp_path: Path, arguments: list[str], words: str
) -> None:
    import torch

    if "cuda" in arguments and torch.cuda.is_available():
        pytest.skip("this machine has a CUDA device")
    result = call(*(each.format(tmp=tmp_path, data=data) for each in arguments))
    assert result.returncode == 1
    assert words in result.stderr
    assert result.stderr.count("\n") == 1
    assert not (tmp_path / "run").exists()


def test_training_prints_events_and_nothing_else(call: Call, data: Path, tmp_path: Path) -> None:
    folder = _planned_run(tmp_path / "run", data)
    command = [sys.executable, "-m", "trainer"]
    result = call("train", "--resume", folder.path, "--events", command=command)
    assert result.returncode == 0
    assert result.stderr == ""
    events = [from_line(line) for line in result.stdout.splitlines()]
    assert isinstance(events[-1], RunFinished)
    recorded = [from_line(line) for line in folder.events.read_text().splitlines()]
    assert [event for event in recorded if event.name != "preparing"] == [
        event for event in events if event.name != "preparing"
    ]
    assert set(map(to_line, recorded)) <= set(result.stdout.splitlines())


def test_a_resumed_run_equals_an_uninterrupted_one(
    environment: dict[str, str],
    trainer_command: list[str],
    call: Call,
    data: Path,
    finished: RunFolder,
    tmp_path: Path,
) -> None:
    folder = _planned_run(tmp_path / "run", data)
    with subprocess.Popen(
        [*trainer_command, "train", "--resume", str(folder.path), "--events"],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as child:  # fmt: skip
        assert child.stdout is not None
        for line in child.stdout:
            if isinstance(from_line(line), EpochFinished):
                child.send_signal(signal.SIGINT)
                break
        rest = [from_line(line) for line in child.stdout]
        assert child.wait(60) == 130
    failed = rest[-1]
    assert isinstance(failed, RunFailed)
    assert failed.stopped
    assert failed.resumable
    assert any(isinstance(event, CheckpointSaved) for event in rest)
    assert not folder.model.exists()
    result = call("train", "--resume", folder.path)
    assert result.returncode == 0
    assert "Resuming at step" in result.stdout
    assert same(load_file(finished.model), load_file(folder.model))


def test_a_run_that_is_being_trained_or_is_finished_is_left_alone(
    call: Call, data: Path, finished: RunFolder, tmp_path: Path
) -> None:
    folder = _planned_run(tmp_path / "run", data)
    with folder.held():
        held = call("train", "--resume", folder.path)
    assert held.returncode == 1
    assert "Another process" in held.stderr
    assert not folder.events.exists()
    before = finished.events.read_bytes()
    again = call("train", "--out", finished.path, "--data", data)
    assert again.returncode == 1
    assert "already contains a run" in again.stderr
    # Before anything is searched, downloaded or waited for.
    nowhere = call("train", "--out", finished.path, "--data", tmp_path / "nowhere")
    assert "already contains a run" in nowhere.stderr
    assert finished.events.read_bytes() == before


def test_a_finished_run_is_not_resumed(call: Call, finished: RunFolder) -> None:
    result = call("train", "--resume", finished.path)
    assert result.returncode == 1
    assert "finished" in result.stderr


def printed(run: RunFolder) -> dict[str, Any]:
    """The recorded figures of a run, under the names that `evaluate --json` gives them."""
    figures: dict[str, Any] = json.loads(run.figures.read_text())
    assert figures.pop("accuracy_tta") is None  # Not asked for.
    return {("per_class" if name == "recall" else name): each for name, each in figures.items()}


def test_evaluate_agrees_with_the_run(call: Call, data: Path, finished: RunFolder) -> None:
    result = call("evaluate", finished.model, "--data", data, "--json")
    figures = json.loads(result.stdout)
    recorded = printed(finished)
    assert {**figures, "seconds": 0} == {**recorded, "seconds": 0}
    assert figures["images"] == 30
    assert sum(map(sum, figures["confusion"])) == 30
    assert list(figures["per_class"]) == list(figures["precision"]) == list(CLASSES)
    assert sum(each["count"] for each in figures["calibration"]) == 30
    text = call("evaluate", finished.model, "--data", data).stdout
    assert text.startswith("sprint, trained for 60 epochs, evaluated on 30 test images of farben ü")
    assert "precision" in text


def test_evaluate_returns_the_report_of_a_finished_run(
    call: Call, finished: RunFolder, tmp_path: Path
) -> None:
    out = tmp_path / "bericht ü.safetensors"
    result = call("evaluate", finished.path, "--report", out, "--json")
    assert (result.returncode, result.stderr) == (0, "")
    # Seconds, too: nothing was evaluated again.
    assert json.loads(result.stdout) == printed(finished)
    assert out.read_bytes() == finished.report.read_bytes()
    result = call("evaluate", finished.path, "--events")
    (evaluated,) = map(from_line, result.stdout.splitlines())
    assert isinstance(evaluated, Evaluated)
    assert evaluated.report == ""


def test_evaluate_uses_the_validation_images_of_an_unfinished_run(
    call: Call, data: Path, tmp_path: Path
) -> None:
    folder, out = _planned_run(tmp_path / "run", data), tmp_path / "report"
    result = call("evaluate", folder.path, "--events", "--report", out)
    assert result.returncode == 1
    (failed,) = map(from_line, result.stdout.splitlines())
    assert isinstance(failed, CommandFailed)
    assert "no checkpoint yet" in failed.reason
    assert result.stderr == f"cifar-trainer: {failed.reason}\n"
    assert not out.exists()

    dataset = load_dataset(str(data), cache_dir=tmp_path)
    state = TrainingRun(tiny_config(epochs=60), dataset, find_device("cpu"))
    take_step(state, *next(iter(state.batches.epoch(0))))
    save_checkpoint(folder.checkpoint, state.state_dict())
    with folder.held():
        result = call("evaluate", folder.path, "--events", "--report", out)
    assert (result.returncode, result.stderr) == (0, "")
    *before, evaluated = map(from_line, result.stdout.splitlines())
    assert {event.what for event in before if isinstance(event, Preparing)} >= {
        "Calibrating", "Evaluating",
    }  # fmt: skip
    assert all(isinstance(event, Preparing) for event in before)
    assert isinstance(evaluated, Evaluated)
    assert evaluated.report == str(out)
    report = load_report(out)
    assert (report.split, len(report), len(report.files)) == ("validation", 24, 24)


def test_evaluate_refuses_data_of_other_classes(
    call: Call, finished: RunFolder, tmp_path: Path
) -> None:
    write_folder(tmp_path, draw(60, 1))
    for index, name in enumerate(CLASSES):
        (tmp_path / name).rename(tmp_path / f"rose {index}")
    result = call("evaluate", finished.model, "--data", tmp_path)
    assert result.returncode == 1
    assert "are not those of the dataset" in result.stderr


def test_predict_takes_files_folders_and_urls(
    call: Call, data: Path, finished: RunFolder, server: Server, tmp_path: Path
) -> None:
    Image.new("RGBA", (300, 200), (230, 80, 80, 255)).save(tmp_path / "rot ü.png")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff and no more")
    served = server.serve("/a.png", Served(body=(tmp_path / "rot ü.png").read_bytes()))
    result = call("predict", finished.model, tmp_path, served, "none.png", "--json", "--top-k", 2)
    answers = {each["image"]: each for each in map(json.loads, result.stdout.splitlines())}
    assert result.returncode == 1
    assert len(answers) == 4
    assert answers[str(tmp_path / "rot ü.png")]["top"] == answers[served]["top"]
    top = answers[served]["top"]
    assert top[0]["class"] == "red"
    assert len(top) == 2
    assert top[0]["probability"] >= top[1]["probability"]
    assert answers[served]["verdict"] in ("sure", "unsure", "none")
    assert isinstance(answers[served]["known_score"], float)
    assert "error" in answers[str(tmp_path / "broken.jpg")]
    assert "error" in answers["none.png"]


def test_predict_says_what_it_assumed_about_a_picture(
    call: Call, finished: RunFolder, tmp_path: Path
) -> None:
    (tmp_path / "deep.tif").write_bytes(tiff(np.arange(4096, dtype=np.uint16).reshape(64, 64)))
    Image.new("RGB", (40, 40), (230, 80, 80)).save(tmp_path / "plain.png")
    result = call("predict", finished.model, tmp_path, "--json")
    deep, plain = map(json.loads, result.stdout.splitlines())
    assert deep["notes"] == ["12 bits per channel, scaled to 8"]
    assert plain["notes"] == []
    assert result.stderr == ""


def test_predict_takes_urls_of_every_kind(call: Call, finished: RunFolder, tmp_path: Path) -> None:
    path = tmp_path / "rot ü.png"
    Image.new("RGB", (40, 40), (230, 80, 80)).save(path)
    data = "DATA:image/png;base64," + base64.b64encode(path.read_bytes()).decode()
    (tmp_path / "empty").mkdir()
    names = [path.as_uri(), data, "ftp://example.org/a.png", str(tmp_path / "empty")]
    result = call("predict", finished.model, *names, "--json")
    from_file, from_data, foreign, empty = map(json.loads, result.stdout.splitlines())
    assert from_file["top"] == from_data["top"]
    assert "http" in foreign["error"]
    assert "contains no images" in empty["error"]
    assert result.returncode == 1


def test_predict_prints_a_line_per_image(call: Call, data: Path, finished: RunFolder) -> None:
    result = call("predict", finished.model, data / "test/red")
    assert result.returncode == 0
    assert len(result.stdout.splitlines()) == 10
    assert all("red" in line for line in result.stdout.splitlines())


def test_help_and_version_load_no_torch() -> None:
    for flag in ("--help", "--version", "recipes"):
        result = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "trainer", flag],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        assert "torch" not in result.stderr


def test_the_trainer_works_without_qt(finished: RunFolder, data: Path) -> None:
    block = "import sys; sys.modules['PySide6'] = None; from trainer.cli import main; "
    result = subprocess.run(
        [sys.executable, "-c", block + "sys.exit(main(sys.argv[1:]))", "predict", finished.model,
         data / "test/red/0002.png", "--json"],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert json.loads(result.stdout)["top"]
