"""What `predict` takes: runs, folders, links and lists; and the table it writes."""

import csv
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.server import Served, Server
from tests.trainer.tiny import CLASSES, tiny_config, write_dataset
from trainer.data.loading import load_dataset
from trainer.devices.discovery import find_device
from trainer.files.resources import bundled_model
from trainer.models.model_file import read_card
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.run import TrainingRun
from trainer.training.step import take_step

Call = Callable[..., "subprocess.CompletedProcess[bytes]"]
needs_links = pytest.mark.skipif(os.name == "nt", reason="Windows lets few people make links")


@pytest.fixture(scope="module")
def call(tmp_path_factory: pytest.TempPathFactory, trainer_command: list[str]) -> Call:
    cache = str(tmp_path_factory.mktemp("cache"))
    environment = {**os.environ, "XDG_CACHE_HOME": cache, "PYTHONWARNINGS": "error"}

    def run(
        *arguments: object, stdin: bytes = b"", cwd: Path | None = None
    ) -> "subprocess.CompletedProcess[bytes]":
        return subprocess.run(
            [*trainer_command, *map(str, arguments)],
            env=environment, input=stdin, capture_output=True, timeout=300, check=False, cwd=cwd,
        )  # fmt: skip

    return run


@pytest.fixture(scope="module")
def run_folder(call: Call, tmp_path_factory: pytest.TempPathFactory) -> RunFolder:
    """An unfinished run with a checkpoint."""
    folder = RunFolder(tmp_path_factory.mktemp("runs") / "run")
    data = write_dataset(tmp_path_factory.mktemp("data"))
    config = tiny_config(epochs=2)
    folder.create(config, (str(data),))
    cache = tmp_path_factory.mktemp("own cache")
    dataset = load_dataset(str(data), cache_dir=cache)
    run = TrainingRun(config, dataset, find_device("cpu"))
    for images, labels in run.batches.epoch(0):
        take_step(run, images, labels)
    save_checkpoint(folder.checkpoint, run.state_dict())
    return folder


def picture(path: Path, color: tuple[int, int, int] = (230, 80, 80)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), color).save(path)
    return path


def results(result: "subprocess.CompletedProcess[bytes]") -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def names(result: "subprocess.CompletedProcess[bytes]") -> list[str]:
    return [each["image"] for each in results(result)]


def test_a_run_is_a_network_finished_or_not(
    call: Call, run_folder: RunFolder, tmp_path: Path
) -> None:
    path = picture(tmp_path / "rot.png")
    unfinished = call("predict", run_folder.path, path, "--json")
    assert (unfinished.returncode, unfinished.stderr) == (0, b"")
    assert {each["class"] for each in results(unfinished)[0]["top"]} == set(CLASSES)
    assert not run_folder.model.exists()
    finished = tmp_path / "finished"
    assert call("export", run_folder.path, "--out", finished / "model.safetensors").returncode == 0
    (same,) = results(call("predict", finished, path, "--json"))
    (first,) = results(unfinished)
    assert (same["top"], same["verdict"]) == (first["top"], first["verdict"])


def test_a_folder_that_is_no_run_is_no_network(call: Call, tmp_path: Path) -> None:
    result = call("predict", tmp_path, picture(tmp_path / "rot.png"))
    assert result.returncode == 1
    assert b"contains no run" in result.stderr


@needs_links
def test_links_are_followed_as_in_a_dataset(call: Call, tmp_path: Path) -> None:
    for name in ("cat", "dog"):
        picture(tmp_path / "real" / name / "deep" / "0.png")
        (tmp_path / "links").mkdir(exist_ok=True)
        (tmp_path / "links" / name).symlink_to(tmp_path / "real" / name, target_is_directory=True)
    (tmp_path / "real" / "cat" / "loop").symlink_to(tmp_path / "links", target_is_directory=True)
    (tmp_path / "links" / "one.png").symlink_to(tmp_path / "real" / "cat" / "deep" / "0.png")
    result = call("predict", "default", tmp_path / "links", "--json")
    assert result.returncode == 0
    assert names(result) == [
        str(tmp_path / "links" / name) for name in ("cat/deep/0.png", "dog/deep/0.png", "one.png")
    ]


@pytest.mark.parametrize("stdin", [True, False])
def test_lists_of_names_are_read(call: Call, tmp_path: Path, *, stdin: bool) -> None:
    picture(tmp_path / "bilder" / "rot ü.png")
    picture(tmp_path / "ordner" / "blau.png")
    lines = "\ufeffbilder/rot ü.png\r\n\r\nordner\r\nnone.png\n".encode()
    (tmp_path / "liste ü.txt").write_bytes(lines)
    source = "-" if stdin else "@liste ü.txt"
    result = call("predict", "default", source, "--json", stdin=lines, cwd=tmp_path)
    assert names(result) == ["bilder/rot ü.png", str(Path("ordner/blau.png")), "none.png"]
    assert ["error" in each for each in results(result)] == [False, False, True]
    assert result.returncode == 1


def test_a_list_may_lie_beside_its_pictures(call: Call, tmp_path: Path) -> None:
    beside = picture(tmp_path / "there" / "rot.png")
    (tmp_path / "there" / "list").write_text("rot.png\n")
    (tmp_path / "here").mkdir()
    result = call("predict", "default", "@../there/list", "--json", cwd=tmp_path / "here")
    assert [Path(tmp_path / "here", each).resolve() for each in names(result)] == [beside]
    assert result.returncode == 0


def test_a_picture_may_come_through_standard_input(call: Call, tmp_path: Path) -> None:
    for name in ("rot.png", "rot.jpg", "rot.webp", "rot.bmp"):
        path = picture(tmp_path / name)
        (piped,) = results(call("predict", "default", "-", "--json", stdin=path.read_bytes()))
        (read,) = results(call("predict", "default", path, "--json"))
        assert (piped["image"], piped["top"]) == ("-", read["top"])


def test_a_missing_list_is_wrong_usage_but_a_picture_may_be_called_like_one(
    call: Call, tmp_path: Path
) -> None:
    result = call("predict", "default", "@nothing.txt", cwd=tmp_path)
    assert (result.returncode, result.stdout) == (2, b"")
    assert b"The list nothing.txt cannot be read" in result.stderr
    picture(tmp_path / "@rot.png")
    assert names(call("predict", "default", "@rot.png", "--json", cwd=tmp_path)) == ["@rot.png"]


def test_results_are_written_as_a_table(call: Call, tmp_path: Path) -> None:
    picture(tmp_path / "in" / "=rot, ü.png")
    (tmp_path / "in" / "broken.png").write_bytes(b"no picture")
    out = tmp_path / "deep" / "table.csv"
    result = call("predict", "default", "in", "--csv", out, "--json", "--top-k", 2, cwd=tmp_path)
    assert result.returncode == 1
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        "image", "verdict", "class", "probability", "class_2", "probability_2", "known_score",
        "seconds", "error", "notes",
    ]  # fmt: skip
    by_name = {row["image"]: row for row in rows}
    for each in results(result):
        row = by_name[each["image"]]
        if "error" in each:
            assert (row["error"], row["class"]) == (each["error"], "")
        else:
            (first, second), score = each["top"], each["known_score"]
            assert (row["class"], float(row["probability"])) == (*first.values(),)
            assert (row["class_2"], float(row["probability_2"])) == (*second.values(),)
            assert (row["verdict"], float(row["known_score"])) == (each["verdict"], score)


def test_a_name_that_a_spreadsheet_would_run_is_escaped(call: Call, tmp_path: Path) -> None:
    picture(tmp_path / "=1+1.png")
    call("predict", "default", "=1+1.png", "--csv", "t.csv", cwd=tmp_path)
    assert "\n'=1+1.png," in (tmp_path / "t.csv").read_text(encoding="utf-8-sig")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no permissions of this kind")
def test_a_table_that_cannot_be_written_is_noticed_first(call: Call, tmp_path: Path) -> None:
    path = picture(tmp_path / "rot.png")
    result = call("predict", "default", path, "--csv", path / "below a file.csv")
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"cannot be written" in result.stderr


def test_how_a_picture_was_read_is_said_everywhere(call: Call, tmp_path: Path) -> None:
    values = np.linspace(0, 4095, 1200).astype(np.uint16).reshape(30, 40)
    Image.fromarray(values).save(tmp_path / "deep.png")
    note = "12 bits per channel, scaled to 8"
    plain = call("predict", "default", "deep.png", "--csv", "t.csv", cwd=tmp_path)
    assert note in plain.stdout.decode()
    with (tmp_path / "t.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [row["notes"] for row in csv.DictReader(file)] == [note]


def test_a_table_is_checked_before_the_network_is_loaded(call: Call, tmp_path: Path) -> None:
    path = picture(tmp_path / "rot.png")
    result = call("predict", "no network", path, "--csv", path / "table.csv")
    assert (result.returncode, result.stdout) == (1, b"")
    assert b"table.csv" in result.stderr
    # One that can be written is neither made nor emptied if nothing is classified.
    (tmp_path / "old.csv").write_text("kept")
    for name in ("old.csv", "new.csv"):
        assert call("predict", "no network", path, "--csv", tmp_path / name).returncode == 1
    assert (tmp_path / "old.csv").read_text() == "kept"
    assert not (tmp_path / "new.csv").exists()


def test_an_address_needs_no_scheme(call: Call, tmp_path: Path, server: Server) -> None:
    content = picture(tmp_path / "rot.png").read_bytes()
    url = server.serve("/x.png", Served(body=content, kind="image/png"))
    address = url.removeprefix("http://").replace("127.0.0.1", "localhost")
    result = call("predict", "default", address, "-", "--json", stdin=address.encode())
    assert (names(result), result.returncode) == ([address, address], 0)
    # A folder may be called like a server.
    picture(tmp_path / "a.org" / "rot.png")
    assert call("predict", "default", "a.org/rot.png", cwd=tmp_path).returncode == 0


def test_other_files_in_a_folder_are_counted_not_failed(call: Call, tmp_path: Path) -> None:
    folder = tmp_path / "holiday"
    hidden = picture(folder / "IMG_1.png").rename(folder / "IMG_1")
    picture(folder / "deep" / "rot.png")
    (folder / "broken.jpg").write_bytes(b"no picture")
    (folder / "drawing.psd").write_bytes(b"8BPS" + bytes(100))
    for name in ("README", "notes.txt", "deep/film.mov", ".DS_Store"):
        (folder / name).write_bytes(b"no picture")
    result = call("predict", "default", "holiday", "--json", cwd=tmp_path)
    found = {Path(each["image"]).name: "error" in each for each in results(result)}
    assert found == {hidden.name: False, "rot.png": False, "broken.jpg": True, "drawing.psd": True}
    assert result.stderr.decode().startswith("3 files in holiday that are no pictures are skipped:")
    assert b".DS_Store" not in result.stderr
    named = call("predict", "default", folder / "README", "--json")
    assert named.returncode == 1
    assert "a text file" in results(named)[0]["error"]


@needs_links
def test_a_broken_link_is_called_one(call: Call, tmp_path: Path) -> None:
    (tmp_path / "link.png").symlink_to(tmp_path / "gone.png")
    (result,) = results(call("predict", "default", tmp_path / "link.png", "--json"))
    assert f"is a broken link: it leads to {tmp_path / 'gone.png'}" in result["error"]


def test_the_bundled_network_is_exported(call: Call, tmp_path: Path) -> None:
    out = tmp_path / "netz.safetensors"
    result = call("export", "default", "--out", out)
    assert (result.returncode, result.stderr) == (0, b"")
    assert read_card(out) == read_card(bundled_model())
