"""Reports: saved and loaded unchanged, other files refused, cells consistent with their counts."""

import json
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest
from safetensors.numpy import save_file

from tests.trainer.reports import small_report
from trainer.errors import ReportError
from trainer.evaluation.report import METADATA_KEY, Report, load_report, save_report
from trainer.files.resources import bundled_model


def equal(first: Report, second: Report) -> bool:
    arrays = ("images", "labels", "probabilities")
    rest = [
        {name: value for name, value in vars(each).items() if name not in arrays}
        for each in (first, second)
    ]
    return rest[0] == rest[1] and all(
        np.array_equal(getattr(first, name), getattr(second, name)) for name in arrays
    )


def test_what_is_written_is_read(tmp_path: Path) -> None:
    path = tmp_path / "Zoë/图片/report.safetensors"
    names = ("test/blue/ü,;\n.png", "test/\udcff.png", "a", "b", "c")
    for report in (small_report(), small_report(files=names), small_report(files=())):
        save_report(path, report)
        assert equal(load_report(path), report)
        assert load_report(path).probabilities.dtype == np.float32
        assert load_report(path).labels.dtype == np.int64


def test_images_may_have_any_memory_layout(tmp_path: Path) -> None:
    channels_first = np.arange(5 * 3 * 4 * 4, dtype=np.uint8).reshape(5, 3, 4, 4)
    report = small_report(images=channels_first.transpose(0, 2, 3, 1))
    save_report(tmp_path / "report", report)
    assert np.array_equal(load_report(tmp_path / "report").images, report.images)


def test_a_cell_holds_exactly_the_images_it_counts() -> None:
    report = small_report()
    found: list[int] = []
    for shown in range(3):
        for answered in range(3):
            cell = report.cell(shown, answered)
            assert len(cell) == report.figures.confusion[shown][answered]
            assert (report.labels[cell] == shown).all()
            assert (report.predicted[cell] == answered).all()
            found += cell.tolist()
    assert sorted(found) == [0, 1, 2, 3, 4]
    assert report.cell(0, 1).tolist() == [1, 4]
    assert report.cell(1, 2).tolist() == []


def test_mistakes_begin_with_the_most_confident() -> None:
    report = small_report()
    assert report.mistakes().tolist() == [1, 3, 4]
    assert report.confidence[report.mistakes()].tolist() == pytest.approx([0.9, 0.8, 0.5])
    assert len(report) == 5


def test_images_without_names_are_counted() -> None:
    assert small_report().image_name(3) == "test/red/3.png"
    assert small_report(files=()).image_name(3) == "test image 4"
    assert small_report(files=(), split="validation").image_name(0) == "validation image 1"


@pytest.mark.parametrize(
    "changes",
    [
        {"labels": np.zeros(4, np.int64)},
        {"probabilities": np.zeros((5, 2), np.float32)},
        {"images": np.zeros((5, 3, 4, 4), np.uint8)},
        {"files": ("one",)},
    ],
)
def test_what_does_not_fit_together_is_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"shapes do not match|names for 5 images"):
        small_report(**changes)


def test_a_missing_report_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="There is no report"):
        load_report(tmp_path / "none")


@pytest.mark.parametrize("kept", [0, 7, 100, -1])
def test_a_damaged_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "report"
    save_report(path, small_report())
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(ReportError, match="damaged"):
        load_report(path)


def test_other_files_and_folders_are_refused(tmp_path: Path) -> None:
    for path in (bundled_model(), tmp_path):
        with pytest.raises(ReportError, match="damaged"):
            load_report(path)


@pytest.mark.parametrize(
    "change",
    [
        {"format_version": 2},
        {"classes": ["blue"]},
        {"figures": {}},
        {"calibration": None},
        {"surprise": 1},
        {"epochs": "3"},
        {"split": "training"},
    ],
)
def test_another_version_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    report = small_report()
    about = {
        "format_version": 1,
        **{name: getattr(report, name) for name in ("subject", "data", "split", "epochs", "date")},
        "classes": report.classes,
        "files": report.files,
        "figures": msgspec.to_builtins(report.figures),
    }
    tensors = {name: getattr(report, name) for name in ("images", "labels", "probabilities")}
    path = tmp_path / "report"
    save_file(tensors, path, {METADATA_KEY: json.dumps(about)})
    assert equal(load_report(path), report)
    save_file(tensors, path, {METADATA_KEY: json.dumps({**about, **change})})
    with pytest.raises(ReportError, match="another version"):
        load_report(path)
