"""`devices`, `inspect`, `probe` and `export`, in real child processes."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from tests.trainer.tiny import CLASSES, draw, tiny_config, write_dataset, write_folder
from trainer.cancellation import CancelToken
from trainer.commands import probe
from trainer.commands.arguments import build_parser
from trainer.errors import ConfigError
from trainer.events.base import Event
from trainer.events.codec import from_line
from trainer.events.command_events import (
    CommandFailed,
    DatasetInspected,
    DatasetNotDownloaded,
    DeviceTested,
    Exported,
    SpeedMeasured,
)
from trainer.events.run_events import Preparing
from trainer.files.resources import bundled_model
from trainer.models.model_file import read_card
from trainer.runs.run_folder import RunFolder

Call = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory, trainer_command: list[str]) -> Call:
    cache = str(tmp_path_factory.mktemp("cache"))
    # An unreachable proxy: every download without permission fails.
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONWARNINGS": "error"}
    environment |= {"HTTPS_PROXY": "http://127.0.0.1:9", "NO_PROXY": ""}

    def run(*arguments: object, text: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [*trainer_command, *map(str, arguments)],
            env=environment, input=text, capture_output=True, text=True, timeout=300, check=False,
        )  # fmt: skip

    return run


def events(result: subprocess.CompletedProcess[str]) -> list[Event]:
    return [from_line(line) for line in result.stdout.splitlines()]


def test_devices_are_printed_as_text_and_events(call: Call) -> None:
    result = call("devices", "--speeds", "--events")
    assert (result.returncode, result.stderr) == (0, "")
    tried = [event for event in events(result) if isinstance(event, DeviceTested)]
    assert {event.device for event in tried} >= {"cpu", "cuda"}
    assert [event.automatic for event in tried].count(True) == 1
    assert all(event.works != bool(event.reason) for event in tried)
    cpu = next(event for event in tried if event.device == "cpu")
    assert cpu.works
    assert cpu.precision in ("float32", "bfloat16")
    assert set(cpu.speeds) >= {"float32, NCHW", "float32, channels last"}
    assert min(cpu.speeds.values()) > 0
    text = call("devices", "--speeds").stdout
    assert cpu.title in text
    assert re.search(r"float32, NCHW: [\d,]+ images/s", text)
    assert "images/s" not in call("devices").stdout


def test_a_dataset_is_described(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "farben ü"
    write_dataset(folder)
    (folder / "train/red/empty.png").touch()
    result = call("inspect", folder, "--samples", 3, "--events")
    assert (result.returncode, result.stderr) == (0, "")
    *before, last = events(result)
    assert before
    assert all(isinstance(event, Preparing) for event in before)
    assert isinstance(last, DatasetInspected)
    assert (last.classes, last.train_counts) == (CLASSES, (40, 40, 40))
    assert last.unreadable_count == 1
    assert (last.seed, last.smallest, last.largest) == (0, (32, 32), (32, 32))
    other = events(call("inspect", folder, "--samples", 3, "--seed", 1, "--events"))[-1]
    assert isinstance(other, DatasetInspected)
    assert (other.seed, other.means, other.duplicates) == (1, last.means, ())
    assert other.samples != last.samples


def test_problems_of_a_dataset_are_printed(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "farben ü"
    write_folder(folder / "train", draw(160, 1))
    write_folder(folder / "test", draw(30, 2))
    (folder / "train/red/empty.png").touch()
    for index in range(0, 60, 3):
        (folder / f"train/blue/{index:04}.png").unlink()
    shutil.copy(folder / "train/red/0002.png", folder / "test/green/twin.png")
    Image.new("RGB", (400, 1300)).save(folder / "test/blue/tall.png")
    text = call("inspect", folder).stdout
    assert text.startswith(
        "farben ü: 3 classes, 140 training and 32 test images\n"
        "Images from 32 x 32 to 400 x 1,300 pixels, resized to 32 x 32.\n\n"
    )
    assert text.endswith(
        "\n\nTest images that are also training images: 1\n"
        "  test/green/twin.png is identical to train/red/0002.png, which is labeled red\n"
        "\nSkipped unreadable files: 1\n"
        f"  {folder / 'train' / 'red' / 'empty.png'}: The file is empty. Copy or download it "
        "again.\n"
        "\nClasses with fewer than 50 training images: 1\n  blue: 34\n"
    )


def test_a_dataset_without_problems_is_printed_as_a_table(call: Call, tmp_path: Path) -> None:
    write_folder(tmp_path / "train", draw(150, 1))
    write_folder(tmp_path / "test", draw(30, 2))
    lines = call("inspect", tmp_path).stdout.splitlines()
    assert lines[1] == "All images are 32 x 32 pixels."
    assert [line.split() for line in lines[-3:]] == [[name, "50", "10"] for name in CLASSES]


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere every file name is Unicode")
def test_a_class_whose_name_is_invalid_unicode_is_printed(call: Call, tmp_path: Path) -> None:
    for name in ("cat", "dog \udcff"):
        (tmp_path / name).mkdir()
        for index in range(2):
            Image.new("RGB", (8, 8), (index, 0, 0)).save(tmp_path / name / f"{index}.png")
    result = call("inspect", tmp_path)
    assert (result.returncode, result.stderr) == (0, "")
    assert "dog \\udcff" in result.stdout
    (*_, last) = events(call("inspect", tmp_path, "--events"))
    assert isinstance(last, DatasetInspected)
    assert last.classes == ("cat", "dog \udcff")


@pytest.mark.parametrize("seed", ["-1", "x", str(2**63)])
def test_an_invalid_seed_is_wrong_usage(call: Call, seed: str) -> None:
    result = call("inspect", "cifar10", "--seed", seed)
    assert result.returncode == 2
    assert "--seed" in result.stderr


def test_cifar10_is_not_downloaded_without_permission(call: Call) -> None:
    result = call("inspect", "cifar10", "--events")
    assert (result.returncode, result.stderr) == (0, "")
    (missing,) = events(result)
    assert isinstance(missing, DatasetNotDownloaded)
    assert (missing.data, missing.size) == ("cifar10", 170_052_171)
    assert "--download" in call("inspect", "cifar10").stdout


def test_failure_is_an_event_too(call: Call, tmp_path: Path) -> None:
    result = call("inspect", tmp_path / "none", "--events")
    assert result.returncode == 1
    (failed,) = events(result)
    assert isinstance(failed, CommandFailed)
    assert "does not exist" in failed.reason
    assert result.stderr == f"cifar-trainer: {failed.reason}\n"
    assert call("inspect", tmp_path / "none").stdout == ""


def test_a_network_is_exported(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "netz ü.safetensors"
    result = call("export", bundled_model(), "--out", out, "--events")
    assert (result.returncode, result.stderr) == (0, "")
    (exported,) = events(result)
    assert isinstance(exported, Exported)
    assert exported.path == str(out)
    assert read_card(out) == read_card(bundled_model())
    assert str(out) in call("export", bundled_model(), "--out", out).stdout
    failed = call("export", tmp_path / "none", "--out", out, "--events")
    assert failed.returncode == 1
    assert isinstance(events(failed)[-1], CommandFailed)


@pytest.mark.parametrize("from_stdin", [True, False])
def test_a_recipe_is_timed(call: Call, tmp_path: Path, *, from_stdin: bool) -> None:
    text = tiny_config(batch_size=4).to_json()
    (tmp_path / "ü.json").write_text(text, encoding="utf-8")
    source = "-" if from_stdin else tmp_path / "ü.json"
    result = call("probe", "--config", source, "--classes", 3, "--events", text=text)
    assert (result.returncode, result.stderr) == (0, "")
    (probed,) = events(result)
    assert isinstance(probed, SpeedMeasured)
    assert probed.device.startswith("CPU")
    assert 0 < probed.image_seconds < 1
    assert 0 < probed.step_seconds < 1
    assert 0 < probed.forward_seconds < 1


def test_the_settings_of_a_run_are_timed(call: Call, tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(batch_size=4), ("cifar10",))
    result = call("probe", "--config", folder.config, "--classes", 3, "--events")
    assert (result.returncode, result.stderr) == (0, "")
    assert isinstance(events(result)[-1], SpeedMeasured)


def test_measured_speed_is_printed(call: Call, tmp_path: Path) -> None:
    (tmp_path / "tiny.json").write_text(tiny_config().to_json())
    result = call("probe", "--config", tmp_path / "tiny.json", "--batch-size", 100)
    assert "images/s in training" in result.stdout
    assert "minutes" in result.stdout


def test_invalid_settings_are_wrong_usage(call: Call) -> None:
    result = call("probe", "--config", "-", "--events", text="no JSON")
    assert result.returncode == 2
    (failed,) = events(result)
    assert isinstance(failed, CommandFailed)
    assert result.stderr == f"cifar-trainer: {failed.reason}\n"


@pytest.mark.parametrize(
    "arguments",
    [["--recipe", "sprint", "--config", "-"], ["--config", "none.json"], ["--batch-size", "1"]],
)
def test_settings_are_checked_before_anything_is_timed(arguments: list[str]) -> None:
    options = build_parser().parse_args(["probe", *arguments])
    with pytest.raises(ConfigError):
        probe.run(options, CancelToken())
