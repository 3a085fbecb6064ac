"""What `evaluate` evaluates: a model file, a finished run, and the last checkpoint of a run."""

import json
import shutil
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from tests.trainer.reports import small_report
from tests.trainer.small_runs import ignore
from tests.trainer.tiny import CLASSES, draw, tiny_card, tiny_config, write_dataset, write_folder
from trainer.cancellation import CancelToken
from trainer.commands.report_table import report_text
from trainer.config.train_config import EarlyStopping
from trainer.data.loading import load_dataset
from trainer.data.several.loading import load_datasets
from trainer.devices.discovery import find_device
from trainer.errors import (
    Cancelled,
    CheckpointError,
    DataError,
    ModelFileError,
    StorageError,
    TrainerError,
)
from trainer.evaluation.evaluate import evaluate
from trainer.evaluation.report import Report, load_report, save_report
from trainer.events.base import Event
from trainer.events.run_events import Message, RunFinished
from trainer.models.model_file import load_model, save_model
from trainer.models.registry import build
from trainer.progress import OnProgress
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import save_checkpoint
from trainer.training.loop import Emit, train
from trainer.training.run import TrainingRun
from trainer.training.step import take_step
from trainer.workflows.evaluate import EvaluateRequest
from trainer.workflows.export_network import ExportRequest


@pytest.fixture(autouse=True)
def data(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder = tmp_path / "farben ü"
    write_dataset(folder)
    return folder


def begin(data: Path, **changes: Any) -> RunFolder:
    folder = RunFolder(data.parent / "run")
    folder.create(tiny_config(**changes), (str(data),))
    return folder


def train_some(folder: RunFolder, steps: int) -> TrainingRun:
    """A run that was stopped, or is being trained by another process."""
    config, data = folder.read()
    run = TrainingRun(config, load_datasets(data), find_device("cpu"))
    for images, labels in list(run.batches.epoch(0)) * 3:
        if run.step < steps:
            take_step(run, images, labels)
    save_checkpoint(folder.checkpoint, run.state_dict())
    return run


def finish(folder: RunFolder, emit: Emit = ignore) -> RunFinished:
    config, data = folder.read()
    return train(
        TrainingRun(config, load_datasets(data), find_device("cpu")),
        folder,
        emit=emit,
        token=CancelToken(),
    )


def judge(
    source: Path | str,
    *,
    data: Path | None = None,
    out: Path | None = None,
    token: CancelToken | None = None,
    on_progress: OnProgress = lambda *_: None,
) -> Report:
    job = EvaluateRequest(
        name=str(source), data=(str(data),) if data else None, out=out, device="cpu", command="",
    )  # fmt: skip
    return job.run(token or CancelToken(), on_progress)


def content_names(folder: RunFolder) -> list[str]:
    return [each.name for each in folder.path.iterdir()]


def content(folder: RunFolder) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in folder.path.iterdir()}


def answers(report: Report) -> tuple[Any, ...]:
    figures = {**msgspec.to_builtins(report.figures), "seconds": 0}
    return figures, report.files, report.images.tolist(), report.probabilities.tolist()


def pictures(report: Report, data: Path) -> bool:
    """Whether every image is the one in the file of its name."""
    from PIL import Image

    return all(
        np.array_equal(image, np.asarray(Image.open(data / name)))
        and report.classes[label] == Path(name).parent.name
        for image, name, label in zip(report.images, report.files, report.labels, strict=True)
    )


def test_a_model_file_is_evaluated_on_the_test_images(data: Path) -> None:
    path, out = data.parent / "netz.safetensors", data.parent / "out/report"
    save_model(path, build("sprint-net", 3, (8, 8, 8)), tiny_card(recipe="sprint"))
    report = judge(path, data=data, out=out)
    assert (report.subject, report.data, report.split) == ("sprint", "farben ü", "test")
    assert report.classes == CLASSES
    assert report.epochs == 0
    assert len(report) == report.figures.images == 30
    assert pictures(report, data)
    assert answers(load_report(out)) == answers(report)
    network, card = load_model(path)
    test = load_dataset(str(data)).test
    expected = evaluate(network, card, test.images, test.labels)
    assert np.array_equal(report.probabilities, expected.probabilities.numpy())
    assert (report.predicted == report.labels).mean() == expected.figures.accuracy


def test_the_end_of_a_run_keeps_its_report(data: Path) -> None:
    folder = begin(data)
    finished = finish(folder)
    report = load_report(folder.report)
    assert (report.subject, report.data, report.split) == ("sprint", "farben ü", "test")
    assert report.epochs == finished.figures["epochs"] == 3
    assert report.figures.accuracy == finished.figures["accuracy"]
    assert msgspec.to_builtins(report.figures) == json.loads(folder.figures.read_text())
    assert len(report) == 30
    assert pictures(report, data)
    alone = judge(folder.model, data=data)
    assert answers(alone) == answers(report)


def test_a_finished_run_is_not_evaluated_again(data: Path) -> None:
    folder = begin(data)
    finish(folder)
    before = content(folder)
    shutil.rmtree(data)
    out = data.parent / "report"
    told: list[str] = []
    report = judge(folder.path, out=out, on_progress=lambda what, *_: told.append(what))
    assert msgspec.to_builtins(report.figures) == json.loads(folder.figures.read_text())
    assert out.read_bytes() == folder.report.read_bytes()
    assert not told
    judge(folder.path, out=folder.report)
    assert content(folder) == before


def test_six_views_are_computed_only_when_asked_for(data: Path) -> None:
    folder = begin(data)
    finish(folder)
    assert judge(folder.path).figures.accuracy_tta is None
    asked = EvaluateRequest(
        name=str(folder.path), data=None, out=None, device="cpu", command="", six_views=True
    ).run(CancelToken(), lambda *_: None)
    assert asked.figures.accuracy_tta is not None
    assert asked.figures.accuracy == load_report(folder.report).figures.accuracy
    assert "accuracy, six views" in report_text(asked)
    assert "accuracy, six views" not in report_text(load_report(folder.report))


@pytest.mark.parametrize("left", ["nothing", "damaged", "validation"])
def test_a_run_without_a_report_is_evaluated_again(data: Path, left: str) -> None:
    folder = begin(data)
    finish(folder)
    first = load_report(folder.report)
    folder.report.unlink()
    if left == "damaged":
        folder.report.write_bytes(b"\x00" * 100)
    if left == "validation":
        save_report(folder.report, small_report(split="validation"))
    report = judge(folder.path, out=data.parent / "out")
    assert answers(report) == answers(first)
    assert answers(load_report(folder.report)) == answers(first)
    moved = data.rename(data.parent / "farben 2" if left == "nothing" else data)
    assert answers(judge(folder.path)) == answers(first)
    folder.report.unlink()
    assert judge(folder.path, data=moved).figures.images == 30


@pytest.mark.parametrize("kept", [True, False])
def test_the_report_of_a_finished_run_on_other_data_is_not_saved(data: Path, *, kept: bool) -> None:
    folder = begin(data)
    finish(folder)
    first = load_report(folder.report)
    if not kept:
        folder.report.unlink()
    write_folder(data.parent / "other" / "train", draw(30, 3))
    write_folder(data.parent / "other" / "test", draw(12, 4))
    assert judge(folder.path, data=data.parent / "other").figures.images == 12
    assert folder.report.exists() == kept
    assert answers(judge(folder.path)) == answers(first)


def test_a_finished_run_is_not_evaluated_on_missing_data(data: Path) -> None:
    folder = begin(data)
    finish(folder)
    with pytest.raises(DataError, match="does not exist"):
        judge(folder.path, data=data.parent / "nowhere")


def test_an_unfinished_run_is_evaluated_on_its_validation_images(data: Path) -> None:
    folder = begin(data)
    run = train_some(folder, 4)
    before, out = content(folder), data.parent / "report"
    with folder.held():
        told: list[str] = []
        report = judge(folder.path, out=out, on_progress=lambda what, *_: told.append(what))
    assert content(folder) | {".lock": b""} == before | {".lock": b""}
    assert "Calibrating" in told
    assert "Evaluating" in told
    assert (report.subject, report.split, report.epochs) == ("sprint", "validation", 4 / 3)
    assert len(report) == 24
    assert report.labels.tolist() == run.validation.labels.tolist()
    assert all(name.startswith("train/") for name in report.files)
    assert pictures(report, data)
    assert answers(load_report(out)) == answers(report)


def test_the_evaluated_network_is_the_exported_one(data: Path) -> None:
    folder = begin(data)
    run = train_some(folder, 4)
    report = judge(folder.path)
    out = data.parent / "netz"
    job = ExportRequest(source=folder.path, out=out, data=None, device="cpu", command="")
    job.run(CancelToken(), lambda *_: None)
    network, card = load_model(out)
    expected = evaluate(network, card, run.validation.images, run.validation.labels)
    assert np.array_equal(report.probabilities, expected.probabilities.numpy())


def test_with_early_stopping_the_best_epoch_is_evaluated(data: Path) -> None:
    folder = begin(data, early_stopping=EarlyStopping(patience=5))
    run = train_some(folder, 3)
    best = judge(folder.path)
    run.monitor.update(1, 0.5, run.network)
    for images, labels in run.batches.epoch(1):
        take_step(run, images, labels)
    run.monitor.update(2, 0.9, run.network)
    save_checkpoint(folder.checkpoint, run.state_dict())
    report = judge(folder.path)
    assert report.epochs == 1
    assert np.array_equal(report.probabilities, best.probabilities)


def test_data_of_an_unfinished_run_may_have_moved_but_not_changed(data: Path) -> None:
    folder = begin(data)
    train_some(folder, 2)
    moved = data.rename(data.parent / "moved")
    with pytest.raises(DataError, match="does not exist"):
        judge(folder.path)
    assert judge(folder.path, data=moved).split == "validation"
    (moved / "train/red/0002.png").unlink()
    with pytest.raises(CheckpointError, match="not the one that the run was trained on"):
        judge(folder.path, data=moved)


def test_what_cannot_be_evaluated_is_reported(data: Path) -> None:
    folder = begin(data)
    with pytest.raises(CheckpointError, match="no checkpoint yet"):
        judge(folder.path)
    with pytest.raises(CheckpointError, match="contains no run"):
        judge(data)
    with pytest.raises(ModelFileError, match="no model file"):
        judge(data / "none")
    save_model(folder.path / "other", build("sprint-net", 2, (8, 8, 8)),
               tiny_card(classes=("a", "b")))  # fmt: skip
    with pytest.raises(TrainerError, match=r"\(a, b\) are not those of the dataset \(blue"):
        judge(folder.path / "other", data=data)


def test_it_can_be_stopped_at_any_time(data: Path) -> None:
    folder = begin(data)
    train_some(folder, 2)
    out = data.parent / "report"
    for stage in ("Calibrating", "Evaluating"):
        token = CancelToken()

        def stop(what: str, *_: object, stage: str = stage, token: CancelToken = token) -> None:
            if what == stage:
                token.cancel()

        with pytest.raises(Cancelled):
            judge(folder.path, out=out, token=token, on_progress=stop)
        assert not out.exists()


def test_a_report_that_cannot_be_saved_is_reported(data: Path) -> None:
    folder = begin(data)
    finish(folder)
    with pytest.raises(StorageError, match="cannot be written"):
        judge(folder.path, out=folder.model / "below a file")


def test_a_report_that_cannot_be_kept_costs_nobody_the_run(data: Path) -> None:
    folder, events = begin(data), list[Event]()
    # A file cannot replace a folder that is not empty.
    (folder.report / "in the way").mkdir(parents=True)
    finished = finish(folder, events.append)
    (warning,) = [event for event in events if isinstance(event, Message)]
    assert warning.level == "warning"
    assert str(folder.report) in warning.text
    assert "the network is" in warning.text
    assert events[-1] == finished
    assert folder.model.exists()
    assert not [name for name in content_names(folder) if name.startswith(".")]
    report = judge(folder.path, out=data.parent / "report")
    assert msgspec.to_builtins(report.figures)["accuracy"] == finished.figures["accuracy"]
    assert len(load_report(data.parent / "report")) == 30


def test_metrics_are_printed_as_text(data: Path) -> None:
    text = report_text(small_report())
    assert "sprint, trained for 2.5 epochs, evaluated on 5 test images of Farben, „bunt“" in text
    assert "accuracy                    40% (2 of 5, likely 12 to 77)" in text
    assert "calibration error  too few images" in text
    assert "red          1        0%          —" in text
    assert "blue       1      2      0" in text
    assert "only once" not in text
    assert "only once" in report_text(small_report(split="validation"))


def test_words_for_many_classes_stay_narrow(data: Path) -> None:
    names = ("blue", "green", "red", *(f"a class with a long name, number {n}" for n in range(97)))
    text = report_text(small_report(names))
    assert max(map(len, text.splitlines())) < 100
    assert "      2  blue predicted as green" in text
    assert "      1  red predicted as blue" in text
    assert len(text.splitlines()) < 130
    assert "a class with a…ame, number 96         0         —          —" in text
