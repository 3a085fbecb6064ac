"""Curves for TensorBoard, read back by TensorBoard's own reader."""

import errno
import json
from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboardX import RecordWriter

from tests.trainer.event_logs import epoch, progress, recorded, started
from tests.trainer.small_runs import run
from tests.trainer.tiny import tiny_config
from trainer.cli import main
from trainer.errors import CheckpointError, StorageError
from trainer.events.codec import from_line
from trainer.events.run_events import EpochFinished, Progress, RunFinished, RunStarted
from trainer.runs.event_history import read_events
from trainer.runs.run_folder import RunFolder
from trainer.runs.tensorboard_export import write_tensorboard


def scalars(folder: Path, tag: str) -> list[tuple[int, float]]:
    reader = EventAccumulator(str(folder))
    reader.Reload()
    return [(each.step, each.value) for each in reader.Scalars(tag)]


def tags(folder: Path) -> set[str]:
    reader = EventAccumulator(str(folder))
    reader.Reload()
    return set(reader.Tags()["scalars"])


def test_a_real_run_is_read_back_as_it_was_reported(tmp_path: Path) -> None:
    place = RunFolder(tmp_path / "run ü")
    told = run(place.path, tiny_config())
    for event in told:
        place.append(event)
    assert write_tensorboard(place, tmp_path / "boards", pytest.fail) == 3
    epochs = [event for event in told if isinstance(event, EpochFinished)]
    finished = next(event for event in told if isinstance(event, RunFinished))
    steps = next(event for event in told if isinstance(event, RunStarted)).steps
    validation = tmp_path / "boards" / "validation"
    losses = scalars(validation, "epoch/loss")
    assert [step for step, _ in losses] == [1, 2, 3]
    assert [value for _, value in losses] == pytest.approx(
        [each.validation_loss for each in epochs]
    )
    assert [step for step, _ in scalars(validation, "loss")] == [steps // 3, 2 * steps // 3, steps]
    [(step, accuracy)] = scalars(validation, "figures/accuracy")
    assert step == steps
    assert accuracy == pytest.approx(finished.figures["accuracy"])


def test_training_has_its_own_folder_with_times_and_settings(tmp_path: Path) -> None:
    place = recorded(
        tmp_path / "run", started(), progress(5, 1.5), progress(10, 1.0), epoch(1, 1.2)
    )
    write_tensorboard(place, tmp_path / "boards", pytest.fail)
    training = tmp_path / "boards" / "training"
    assert scalars(training, "loss") == [(5, 1.5), (10, 1.0)]
    [(number, loss)] = scalars(training, "epoch/loss")
    assert number == 1
    assert loss == pytest.approx(1.2)
    assert tags(training) >= {"accuracy", "learning rate", "images per second"}
    reader = EventAccumulator(str(training))
    reader.Reload()
    told = next(event for event in read_events(place, pytest.fail) if isinstance(event, Progress))
    assert reader.Scalars("loss")[0].wall_time == pytest.approx(told.time)
    assert b"batch_size" in reader.Tensors("settings/text_summary")[0].tensor_proto.string_val[0]


def test_steps_that_were_repeated_are_written_once(tmp_path: Path) -> None:
    place = recorded(
        tmp_path / "run",
        started(), progress(10, 3.0), epoch(1, 3.0), progress(15, 2.0), progress(20, 1.9),
        epoch(2, 2.0), started(first_step=12), progress(15, 1.5), epoch(2, 1.4),
    )  # fmt: skip
    write_tensorboard(place, tmp_path / "boards", pytest.fail)
    training = tmp_path / "boards" / "training"
    assert scalars(training, "loss") == [(10, 3.0), (15, 1.5)]
    assert [value for _, value in scalars(training, "epoch/loss")] == pytest.approx([3.0, 1.4])


def test_a_second_export_replaces_the_first(tmp_path: Path) -> None:
    place = recorded(tmp_path / "run", started(), progress(5, 1.5))
    boards = tmp_path / "boards"
    (boards / "training").mkdir(parents=True)
    foreign = boards / "training" / "events.out.tfevents.1234.host.other"
    foreign.write_bytes(b"")
    for _ in range(2):
        write_tensorboard(place, boards, pytest.fail)
    assert scalars(boards / "training", "loss") == [(5, 1.5)]
    assert len(list((boards / "training").glob("events.out.*"))) == 2
    assert foreign.exists()


def test_a_full_disk_leaves_what_was_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    def full(writer: RecordWriter, _record: bytes) -> None:
        Path(writer.path).write_bytes(b"torn")
        raise OSError(errno.ENOSPC, "No space left on device")

    place = recorded(tmp_path / "run", started(), progress(5, 1.5))
    boards = tmp_path / "boards"
    write_tensorboard(place, boards, pytest.fail)
    before = sorted(boards.rglob("*"))
    monkeypatch.setattr(RecordWriter, "write", full)
    with pytest.raises(StorageError, match="Is the disk full"):
        write_tensorboard(place, boards, pytest.fail)
    assert sorted(boards.rglob("*")) == before
    assert capfd.readouterr().err == ""


def test_torn_lines_are_skipped(tmp_path: Path) -> None:
    place = recorded(tmp_path / "run", started(), progress(5, 1.5))
    with place.events.open("a", encoding="utf-8") as file:
        file.write('{"event": "progr')
    place.append(progress(6, 1.4))
    write_tensorboard(place, tmp_path / "boards", pytest.fail)
    assert [step for step, _ in scalars(tmp_path / "boards" / "training", "loss")] == [5, 6]


def test_a_run_without_events_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CheckpointError, match="contains no run"):
        write_tensorboard(RunFolder(tmp_path / "none"), tmp_path / "boards", pytest.fail)
    with pytest.raises(CheckpointError, match="reported anything"):
        write_tensorboard(recorded(tmp_path / "run"), tmp_path / "boards", pytest.fail)
    other = recorded(tmp_path / "other", progress(1, 1.0))
    with pytest.raises(CheckpointError, match="not started training"):
        write_tensorboard(other, tmp_path / "boards", pytest.fail)
    assert not (tmp_path / "boards").exists()


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    place = recorded(tmp_path / "run", started(), progress(5, 1.5))
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageError, match="cannot be written"):
        write_tensorboard(place, tmp_path / "file" / "boards", pytest.fail)


def test_the_command_line_exports(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = recorded(tmp_path / "run", started(), progress(5, 1.5), epoch(1, 1.2))
    arguments = ["export", str(place.path), "--format", "tensorboard", "--out"]
    assert main([*arguments, str(tmp_path / "boards"), "--events"]) == 0
    line = capsys.readouterr().out
    assert json.loads(line)["content"] == "curves"
    assert from_line(line).name == "exported"
    assert main([*arguments, str(tmp_path / "boards")]) == 0
    assert "TensorBoard files" in capsys.readouterr().out
