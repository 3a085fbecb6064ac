import json
import re
import shutil
import sys
from pathlib import Path

import pytest

from cifar_desktop.runs.services.run_store import RunStore
from cifar_desktop.runs.services.run_summary import RunState
from tests.desktop.stand_in_trainer import epoch_finished, finished, progress, started, stopped
from trainer.config.recipes import sprint
from trainer.errors import StorageError
from trainer.events.run_events import RunFailed, Waiting
from trainer.runs.run_folder import RunFolder


@pytest.fixture
def store(tmp_path: Path) -> RunStore:
    return RunStore(tmp_path / "Zoë" / "runs")


def _run(store: RunStore, name: str = "") -> RunFolder:
    folder = store.reserve("sprint")
    store.fill(folder, sprint(), ("cifar10",), name)
    return folder


def test_new_run_is_listed_with_what_was_asked(store: RunStore) -> None:
    assert store.runs() == []
    folder = _run(store, "Mein Versuch 图")
    (run,) = store.runs()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d_\d\d-\d\d-\d\d_sprint", folder.path.name)
    assert (run.path, run.name, run.recipe, run.data) == (
        folder.path, "Mein Versuch 图", "sprint", "cifar10",
    )  # fmt: skip
    assert (run.device, run.epochs, run.epochs_done, run.state) == ("auto", 10, 0, RunState.NEW)
    assert run.resumable
    assert run.size > 0
    assert run.created.tzinfo is not None


def test_runs_of_one_second_have_folders_of_their_own(store: RunStore) -> None:
    folders = {_run(store).path for _ in range(5)}
    assert len(folders) == 5
    assert len(store.runs()) == 5


def test_folder_is_named_in_plain_letters(store: RunStore) -> None:
    assert store.reserve("../ür: *").path.parent == store.folder
    assert re.fullmatch(r"[0-9A-Za-z_-]+", store.reserve("../ür: *").path.name)


def test_summary_follows_the_record(store: RunStore) -> None:
    folder = _run(store)
    folder.append(started(time=1000.0))
    folder.append(progress(1, time=1003.0))
    run = store.summary(folder.path)
    assert (run.state, run.device, run.epochs, run.seconds) == (
        RunState.INTERRUPTED, "CPU", 4, 3.0,
    )  # fmt: skip
    assert run.created.timestamp() == 1000.0

    for event in (progress(10, time=1010.0), epoch_finished(1, time=1011.0), stopped()):
        folder.append(event)
    run = store.summary(folder.path)
    assert (run.state, run.epochs_done, run.best_validation) == (RunState.STOPPED, 1, 0.1)

    folder.append(started(5))
    assert store.summary(folder.path).epochs_done == 0


def test_finished_run(store: RunStore) -> None:
    folder = _run(store)
    folder.append(started())
    folder.append(finished(folder))
    assert store.summary(folder.path).test_accuracy is None
    folder.write_text(folder.figures, json.dumps({"accuracy": 0.94}))
    folder.write_text(folder.model, "a network")
    run = store.summary(folder.path)
    assert (run.state, run.test_accuracy, run.seconds) == (RunState.FINISHED, 0.94, 12.5)
    assert run.has_model
    assert not run.resumable


def test_failed_run(store: RunStore) -> None:
    folder = _run(store)
    folder.append(RunFailed(reason="x", stopped=False, resumable=False))
    assert store.summary(folder.path).state is RunState.FAILED


def test_run_that_is_held(store: RunStore) -> None:
    folder = _run(store)
    folder.append(stopped())
    with folder.held():
        run = store.summary(folder.path)
        assert run.state is RunState.STARTING
        assert run.state.active
        assert not run.resumable
        folder.append(Waiting(device="CPU"))
        assert store.summary(folder.path).state is RunState.WAITING
        folder.append(started())
        assert store.summary(folder.path).state is RunState.TRAINING
        with pytest.raises(StorageError, match="Stop it first"):
            store.delete(folder.path)
    assert folder.config.exists()


def test_foreign_and_damaged_folders_are_no_errors(store: RunStore) -> None:
    for name, text in {
        "empty.json": "", "array": "[1]", "null": '{"config": null, "data": 1}',
        "deep": "[" * 100_000, "words": '{"config": {"recipe": 1, "device": 2, "epochs": "many"}}',
    }.items():  # fmt: skip
        (store.folder / name).mkdir(parents=True)
        (store.folder / name / "config.json").write_text(text)
    (store.folder / "photos").mkdir()
    (store.folder / "photos" / "cat.png").write_bytes(b"x")
    (store.folder / "binary").mkdir()
    (store.folder / "binary" / "config.json").write_bytes(b"\xff\xfe")
    (store.folder / "config is a folder" / "config.json").mkdir(parents=True)
    (store.folder / "note.txt").write_text("not a folder")
    (store.folder / ".hidden").mkdir()
    runs = store.runs()
    assert len(runs) == 8
    assert all(run.state is RunState.DAMAGED for run in runs)
    assert not any(run.resumable for run in runs)
    store.delete(store.folder / "photos")
    assert len(store.runs()) == 7


def test_run_of_another_version_is_listed_but_not_resumable(store: RunStore) -> None:
    folder = _run(store)
    document = json.loads(folder.config.read_text())
    document["config"]["invented"] = 1
    folder.config.write_text(json.dumps(document))
    run = store.summary(folder.path)
    assert (run.recipe, run.epochs, run.resumable) == ("sprint", 10, False)
    assert run.state is RunState.NEW


def test_garbage_in_the_record_is_passed_over(store: RunStore) -> None:
    folder = _run(store)
    folder.append(started())
    with folder.events.open("ab") as file:
        file.write(b"\xff\n{}\n" + b"\0" * 99 + b"\n" + b'{"event": "progress", broken\n')
    folder.append(epoch_finished(3))
    assert store.summary(folder.path).epochs_done == 3


def test_rename(store: RunStore) -> None:
    folder = _run(store)
    store.rename(folder.path, "  Zoë  ")
    assert store.summary(folder.path).name == "Zoë"
    store.rename(folder.path, " ")
    assert store.summary(folder.path).name == folder.path.name
    shutil.rmtree(folder.path)
    folder.path.write_text("a file now")
    with pytest.raises(StorageError):
        store.rename(folder.path, "x")


def test_delete_removes_the_run_and_nothing_else(store: RunStore, tmp_path: Path) -> None:
    kept, gone = _run(store), _run(store)
    store.delete(gone.path)
    assert [run.path for run in store.runs()] == [kept.path]
    assert not gone.path.exists()
    assert len(list(store.folder.iterdir())) == 1
    other = tmp_path / "other"
    other.mkdir()
    for path in (other, store.folder, kept.path / "config.json"):
        with pytest.raises(StorageError, match="not deleted"):
            store.delete(path)
    assert other.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="making links needs rights there")
def test_delete_of_a_link_leaves_what_it_points_to(store: RunStore, tmp_path: Path) -> None:
    folder = _run(store)
    elsewhere = tmp_path / "elsewhere"
    folder.path.rename(elsewhere)
    folder.path.symlink_to(elsewhere)
    assert len(store.runs()) == 1
    store.delete(folder.path)
    assert store.runs() == []
    assert (elsewhere / "config.json").exists()


def test_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    store = RunStore(tmp_path / "runs")
    assert store.runs() == []
    with pytest.raises(StorageError, match="no run can be started"):
        _run(store)


def test_new_run_that_cannot_be_written_leaves_nothing(
    store: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(RunFolder, "rename", fail)
    with pytest.raises(StorageError):
        _run(store, "x")
    assert list(store.folder.iterdir()) == []
