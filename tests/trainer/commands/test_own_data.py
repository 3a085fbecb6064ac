"""Runs and evaluations on folders as people have them, from any working folder."""

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tests.trainer.data.dataset_files import draw
from tests.trainer.tiny import draw as tinted
from tests.trainer.tiny import tiny_card, tiny_config, write_dataset, write_folder
from trainer.data.loading import load_dataset
from trainer.devices.discovery import find_device
from trainer.evaluation.report import load_report
from trainer.events.codec import from_line
from trainer.events.run_events import Message, RunFinished, RunStarted
from trainer.models.model_file import SourceRecord, save_model
from trainer.models.registry import build
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

Call = Callable[..., "subprocess.CompletedProcess[str]"]


def stopped_run(path: Path, data: Path, cache: Path) -> RunFolder:
    """A run with a checkpoint after its first epoch."""
    folder, config = RunFolder(path), tiny_config(epochs=2)
    folder.create(config, (str(data),))
    run = TrainingRun(config, load_dataset(str(data), cache_dir=cache), find_device("cpu"))
    for images, labels in run.batches.epoch(0):
        take_step(run, images, labels)
    save_checkpoint(folder.checkpoint, run.state_dict())
    return folder


def test_a_run_works_from_any_working_folder(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_dataset(tmp_path / "data")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path)
    folder = stopped_run(tmp_path / "run", Path("data"), tmp_path / "cache" / "own")
    assert folder.read()[1] == (str(tmp_path / "data"),)
    for command in (
        ["evaluate", folder.path], ["export", folder.path, "--out", "net"],
        ["train", "--resume", folder.path], ["evaluate", folder.model, "--data", "../data"],
    ):  # fmt: skip
        result = call(*command, cwd=tmp_path / "elsewhere")
        assert result.returncode == 0, result.stderr


def test_moved_data_are_asked_for_and_remembered(call: Call, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    folder = stopped_run(tmp_path / "run", data, tmp_path / "cache" / "own")
    data.rename(tmp_path / "moved")
    write_folder(tmp_path / "other" / "train", tinted(120, 5))
    write_folder(tmp_path / "other" / "test", tinted(30, 6))
    for command in (["evaluate", folder.path], ["train", "--resume", folder.path]):
        result = call(*command)
        assert result.returncode == 1
        assert f"The dataset of the run, {data}, does not exist" in result.stderr
        assert "--data" in result.stderr
    assert call("train", "--resume", folder.path, "--data", "other").returncode == 1
    assert folder.read()[1] == (str(data),)
    assert call("train", "--resume", folder.path, "--data", "moved").returncode == 0
    assert folder.read()[1] == (str(tmp_path / "moved"),)
    folder.report.unlink()
    assert call("evaluate", folder.path).returncode == 0


def test_a_run_validates_on_the_validation_folder_and_says_what_it_left_out(
    call: Call, tmp_path: Path
) -> None:
    data = write_dataset(tmp_path / "data")
    write_folder(data / "val", tinted(9, 7))
    draw(data / "loose.png")
    shutil.copy(data / "train/red/0002.png", data / "test/red/again.png")
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(data),))
    result = call("train", "--resume", folder.path, "--events")
    assert result.returncode == 0, result.stderr
    heard = [from_line(line) for line in result.stdout.splitlines()]
    (started,) = [event for event in heard if isinstance(event, RunStarted)]
    assert (started.train_images, started.validation_images, started.test_images) == (120, 9, 31)
    info, warning = [event for event in heard if isinstance(event, Message)]
    assert "The pictures in val are used for validation" in info.text
    assert "1 picture beside the class folders is not used" in warning.text
    assert "loose.png" in warning.text
    assert "1 test image is also among the training images" in warning.text
    assert isinstance(heard[-1], RunFinished)
    assert [line for line in folder.events.read_text().splitlines() if "loose.png" in line]


def test_a_class_without_test_pictures_is_trained_and_told(call: Call, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    shutil.rmtree(data / "test" / "green")
    (data / "test" / "blue").rename(data / "test" / "BLUES")
    draw(data / "test" / "house" / "0.png")
    text = call("inspect", data).stdout
    assert "green         40          0" in text
    assert "Classes without test images: 1\n  green" in text
    assert "The folder test/house (1 picture) is not used" in text
    assert "Classes matched by name with those in training.\n  BLUES as blue" in text
    folder = RunFolder(tmp_path / "run")
    folder.create(tiny_config(epochs=1), (str(data),))
    result = call("train", "--resume", folder.path, "--events")
    assert result.returncode == 0, result.stderr
    heard = [from_line(line) for line in result.stdout.splitlines()]
    (started,) = [event for event in heard if isinstance(event, RunStarted)]
    assert (started.train_images + started.validation_images, started.test_images) == (120, 20)
    (warning,) = [e.text for e in heard if isinstance(e, Message) and e.level == "warning"]
    assert "1 class has no test images, so its accuracy cannot be measured: green." in warning
    report = load_report(folder.report)
    assert [sum(row) for row in report.figures.confusion] == [10, 0, 10]
    assert call("evaluate", folder.path).returncode == 0
    folder.report.unlink()
    again = call("evaluate", folder.path, "--json")
    assert again.returncode == 0, again.stderr
    assert json.loads(again.stdout)["images"] == 20


def test_an_unfinished_run_is_evaluated_on_its_validation_folder(
    call: Call, tmp_path: Path
) -> None:
    data = write_dataset(tmp_path / "data")
    write_folder(data / "valid", tinted(9, 7))
    folder = stopped_run(tmp_path / "run", data, tmp_path / "cache" / "own")
    result = call("evaluate", folder.path, "--report", tmp_path / "report")
    assert result.returncode == 0, result.stderr
    report = load_report(tmp_path / "report")
    assert (report.split, len(report)) == ("validation", 9)
    assert all(name.startswith("valid/") for name in report.files)
    # Other validation images are other data.
    draw(data / "valid" / "red" / "new.png")
    result = call("train", "--resume", folder.path)
    assert result.returncode == 1
    assert "other data" in result.stderr


def test_inspect_prints_what_is_there_and_not_used(call: Call, tmp_path: Path) -> None:
    data = write_dataset(tmp_path / "data")
    write_folder(data / "dev", tinted(9, 7))
    draw(data / "loose.png")
    text = call("inspect", data).stdout
    assert "3 classes, 120 training, 9 validation and 30 test images" in text
    assert "class   training       test  validation" in text
    assert "blue          40         10           3" in text
    assert "1 picture beside the class folders is not used" in text
    assert "\n  loose.png\n" in text


def test_evaluation_matches_classes_by_name(call: Call, tmp_path: Path) -> None:
    save_model(tmp_path / "net", build("sprint-net", 3, (8, 8, 8)), tiny_card())
    for half, count in (("train", 30), ("test", 12)):
        write_folder(tmp_path / "data" / half, tinted(count, count))
        (tmp_path / "data" / half / "red").rename(tmp_path / "data" / half / "Reds")
        (tmp_path / "data" / half / "green").rename(tmp_path / "data" / half / "house")
    result = call("evaluate", "net", "--data", "data", "--json", "--report", "report")
    assert (result.returncode, result.stderr) == (0, "")
    figures = json.loads(result.stdout)
    assert figures["images"] == 8
    assert [sum(row) for row in figures["confusion"]] == [4, 0, 4]
    assert figures["per_class"]["green"] is None
    unknown = figures["unknown"]
    assert unknown["images"] == 4
    assert 0 <= unknown["auroc"] <= 1
    assert {unknown["found"], unknown["mistaken"]} == {0.0}
    assert figures["notes"] == [
        "Classes matched by name: Reds as red.",
        "Without pictures, and so left empty: green.",
        "The network does not know house: 4 pictures count as none of its classes.",
    ]
    report = load_report(tmp_path / "report")
    assert (report.notes, len(report)) == (tuple(figures["notes"]), 8)
    assert {name.split("/")[1] for name in report.files} == {"blue", "Reds"}
    text = call("evaluate", "net", "--data", "data").stdout
    assert all(note in text for note in figures["notes"])
    assert "AUROC of the energy score   too few images" in text
    assert "said of images of others    0% (0 of 4, likely 0 to 49)" in text
    assert "said of the network's own   0% (0 of 8, likely 0 to 32)" in text


def test_pictures_of_other_classes_alone_are_counted(call: Call, tmp_path: Path) -> None:
    split = tinted(12, 3)
    for name, threshold in (("all", 1e6), ("none", -1e6)):
        card = tiny_card(unknown_threshold=threshold)
        save_model(tmp_path / name, build("sprint-net", 3, (8, 8, 8)), card)
    write_folder(tmp_path / "data" / "test", split)
    for number, name in enumerate(("blue", "green", "red")):
        (tmp_path / "data" / "test" / name).rename(tmp_path / "data" / "test" / f"house {number}")
    for name, count in (("all", 12), ("none", 0)):
        result = call("evaluate", name, "--data", "data")
        assert result.returncode == 1
        assert "network (blue, green, red) are not those of the dataset (house 0" in result.stderr
        assert f"Of the 12 images, it calls {count} none of its classes." in result.stderr


def test_all_pictures_of_classes_that_a_network_does_not_know_are_counted(
    call: Call, tmp_path: Path
) -> None:
    for name, data in (("own", "own"), ("same", "data")):
        save_model(tmp_path / name, build("sprint-net", 3, (8, 8, 8)), tiny_card(data=data))
    for index in range(40):
        draw(tmp_path / "data" / f"house {index % 2}" / f"{index}.png", index)
    for index in range(5):
        draw(tmp_path / "data" / "none" / f"{index}.png", 50 + index)
    assert "Of the 45 images, it calls" in call("evaluate", "own", "--data", "data").stderr
    # What has the name of its own dataset may be its own, under other names of classes.
    assert "Of the 5 images, it calls" in call("evaluate", "same", "--data", "data").stderr


def test_pictures_of_other_things_alone_are_counted(call: Call, tmp_path: Path) -> None:
    card = tiny_card(unknown_threshold=1e6)
    save_model(tmp_path / "net", build("sprint-net", 3, (8, 8, 8)), card)
    for index in range(20):
        draw(tmp_path / "data" / "none" / f"{index}.png", index)
    result = call("evaluate", "net", "--data", "data")
    assert result.returncode == 1
    assert "data contains only pictures of other things, so the accuracy" in result.stderr
    assert "Of the 20 images, it calls 20 none of its classes." in result.stderr
    assert "expect less" not in result.stderr
    sources = tuple(SourceRecord(name=name, train_images=9) for name in ("pets", "data"))
    trained_on = replace(card, data="pets", sources=sources)
    save_model(tmp_path / "net", build("sprint-net", 3, (8, 8, 8)), trained_on)
    assert (
        "trained on these images of data: expect less"
        in call("evaluate", "net", "--data", "data").stderr
    )


@pytest.mark.parametrize("place", ["data/test/BLUE", "data/blues"])
def test_one_class_is_enough_to_evaluate_on(call: Call, tmp_path: Path, place: str) -> None:
    save_model(tmp_path / "net", build("sprint-net", 3, (8, 8, 8)), tiny_card())
    for index in range(3):
        draw(tmp_path / place / f"{index}.png", index)
    result = call("evaluate", "net", "--data", "data", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["images"] == 3


def test_pictures_that_no_network_was_trained_on_are_all_evaluated(
    call: Call, tmp_path: Path
) -> None:
    networks = {"cifar": tiny_card(data="cifar10"), "own": tiny_card(data="data")}
    for name, card in networks.items():
        save_model(tmp_path / name, build("sprint-net", 3, (8, 8, 8)), card)
    write_folder(tmp_path / "data", tinted(60, 3))
    for name in ("blue", "red"):
        draw(tmp_path / "single" / name / "0.png")

    def evaluated(network: str, data: str) -> dict[str, Any]:
        result = call("evaluate", network, "--data", data, "--json")
        assert result.returncode == 0, result.stderr
        figures: dict[str, Any] = json.loads(result.stdout)
        return figures

    assert evaluated("cifar", "data")["images"] == 60
    # This one may have been trained on nine tenths of them.
    own = evaluated("own", "data")
    assert own["images"] == 6
    assert "is split off for testing" in own["notes"][-1]
    # But nothing can be trained on one picture of a class.
    assert evaluated("own", "single")["images"] == 2


def test_only_a_run_has_curves(call: Call, tmp_path: Path) -> None:
    result = call("export", "default", "--format", "tensorboard", "--out", "boards")
    assert (result.returncode, result.stdout) == (2, "")
    assert "default is a network, and only a run has curves" in result.stderr
    assert not (tmp_path / "boards").exists()


def test_curves_have_no_weights(call: Call, tmp_path: Path) -> None:
    options = "--format", "tensorboard", "--weights", "int8", "--out", "boards"
    result = call("export", "run", *options)
    assert (result.returncode, result.stdout) == (2, "")
    assert "leave out --weights" in result.stderr
    assert not (tmp_path / "boards").exists()


@pytest.mark.parametrize("command", ["train", "evaluate", "export", "combine"])
def test_help_says_that_datasets_can_be_joined(call: Call, command: str) -> None:
    assert "repeat it to join datasets" in " ".join(call(command, "--help").stdout.split())


def test_an_unusable_folder_is_explained_on_the_terminal(call: Call, tmp_path: Path) -> None:
    draw(tmp_path / "data" / "trian" / "cat" / "0.png")
    draw(tmp_path / "data" / "test" / "cat" / "0.png")
    result = call("inspect", "data")
    assert (result.returncode, result.stdout) == (1, "")
    assert "Rename trian to train" in result.stderr
    assert "\n    trian/\n        cat/: 1 picture\n" in result.stderr
