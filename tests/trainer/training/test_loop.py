"""Real training on a few generated images: its results, and that a stop loses nothing."""

import json
from itertools import groupby
from pathlib import Path

import msgspec
import pytest
import torch
from msgspec.structs import replace
from safetensors.torch import load_file

from tests.trainer.small_runs import StopAfter, ignore, run
from tests.trainer.tiny import CLASSES, same, tiny_config, tiny_dataset
from trainer.cancellation import CancelToken
from trainer.devices.compute_mode import ComputeMode
from trainer.devices.device import PLAIN_CPU
from trainer.devices.discovery import find_device
from trainer.errors import (
    Cancelled,
    CheckpointError,
    DataError,
    StorageError,
    TrainingDiverged,
)
from trainer.evaluation.report import load_report
from trainer.events.base import Event
from trainer.events.codec import from_line
from trainer.events.run_events import (
    CheckpointSaved,
    EpochFinished,
    Preparing,
    Progress,
    RunFinished,
    RunStarted,
)
from trainer.models.model_file import load_model, read_card
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import load_checkpoint, save_checkpoint
from trainer.training.checkpointer import Checkpointer
from trainer.training.loop import _train_epoch, train
from trainer.training.progress_meter import ProgressMeter
from trainer.training.run import TrainingRun

CPU = torch.device("cpu")


def test_a_run_learns_and_reports_events(tmp_path: Path) -> None:
    events = run(tmp_path / "run", tiny_config(epochs=6))
    epochs = [event for event in events if isinstance(event, EpochFinished)]
    assert [epoch.epoch for epoch in epochs] == [1, 2, 3, 4, 5, 6]
    assert epochs[-1].train_loss < epochs[0].train_loss
    assert epochs[-1].validation_accuracy > 0.8
    started, finished = events[0], events[-1]
    assert isinstance(started, RunStarted)
    assert (started.train_images, started.validation_images, started.test_images) == (96, 24, 30)
    assert started.steps == 18
    assert isinstance(finished, RunFinished)
    assert finished.figures["accuracy"] > 0.8


def test_the_model_file_is_complete(tmp_path: Path) -> None:
    run(tmp_path, tiny_config(epochs=1))
    card = read_card(tmp_path / "model.safetensors")
    assert card.classes == CLASSES
    assert card.command == "cifar-trainer train"
    assert card.figures["images"] == 30
    assert card.temperature > 0
    figures = json.loads((tmp_path / "figures.json").read_text())
    assert figures["accuracy"] == card.figures["accuracy"]
    assert sum(map(sum, figures["confusion"])) == 30


def test_the_predictions_for_all_test_images_are_saved(tmp_path: Path) -> None:
    events = run(tmp_path, tiny_config(epochs=1))
    report, test = load_report(tmp_path / "report.safetensors"), tiny_dataset().test
    assert (report.split, report.classes, report.epochs) == ("test", CLASSES, 1)
    assert torch.equal(torch.from_numpy(report.images).permute(0, 3, 1, 2), test.images)
    assert report.labels.tolist() == test.labels.tolist()
    assert msgspec.to_builtins(report.figures) == json.loads(
        (tmp_path / "figures.json").read_text()
    )
    reported = [event.what for event in events if isinstance(event, Preparing)]
    # Once: the test split is evaluated only at the end of a run.
    assert [what for what, _ in groupby(reported)] == ["Calibrating", "Evaluating"]


def test_a_run_resumed_at_any_point_gives_the_same_weights(tmp_path: Path) -> None:
    config = tiny_config()
    run(tmp_path / "unbroken", config)
    expected = load_file(tmp_path / "unbroken/model.safetensors")
    last = load_checkpoint(tmp_path / "unbroken/checkpoint.pt")
    first_steps = []
    for checks in range(3 * (3 * 2 + 1) + 2):
        folder = tmp_path / str(checks)
        with pytest.raises(Cancelled):
            run(folder, config, StopAfter(checks))
        torch.rand(7)  # random numbers drawn in between must not matter
        events = run(folder, config, resume=True)
        assert same(expected, load_file(folder / "model.safetensors")), checks
        resumed = load_checkpoint(folder / "checkpoint.pt")
        assert same(last.network, resumed.network)
        assert isinstance(events[0], RunStarted)
        first_steps.append(events[0].first_step)
    assert first_steps == [0, 0, 1, 1, 2, 2, 3, 3, 3, 4, 4, 5, 5, 6, 6, 6, 7, 7, 8, 8, 9, 9, 9]


def test_a_run_stopped_during_evaluation_is_only_evaluated(tmp_path: Path) -> None:
    token = CancelToken()

    def stop(event: Event) -> None:
        if isinstance(event, Preparing):
            token.cancel()

    config, folder = tiny_config(epochs=1), RunFolder(tmp_path)
    folder.create(config, ("tiny",))
    with pytest.raises(Cancelled):
        train(
            TrainingRun(config, tiny_dataset(), find_device("cpu")), folder, emit=stop, token=token
        )
    assert not folder.model.exists()
    events = run(tmp_path, config, resume=True)
    assert not [event for event in events if isinstance(event, EpochFinished)]
    assert folder.model.exists()


@pytest.mark.parametrize(("seconds", "steps"), [(0, [3, 6, 9]), (600, [3, 9])])
def test_short_epochs_share_a_checkpoint(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, steps: list[int]
) -> None:
    monkeypatch.setattr("trainer.training.checkpointer.MIN_INTERVAL", seconds)
    events = run(tmp_path, tiny_config())
    assert [event.step for event in events if isinstance(event, CheckpointSaved)] == steps


def test_progress_is_reported_even_if_every_epoch_is_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.training.progress_meter.PROGRESS_SECONDS", 0.001)
    config = tiny_config(epochs=20, batch_size=96)
    progress = [event for event in run(tmp_path, config) if isinstance(event, Progress)]
    assert len(progress) == 20
    assert [event.epoch for event in progress] == list(range(1, 21))
    assert all(0 <= event.accuracy <= 1 for event in progress)
    assert progress[-1].seconds_left == 0


def test_checkpoints_are_saved_within_long_epochs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.training.checkpointer.MAX_INTERVAL", 0)
    events = run(tmp_path, tiny_config(epochs=1))
    assert [event.step for event in events if isinstance(event, CheckpointSaved)] == [1, 2, 3]


def test_a_resumed_epoch_reports_the_loss_of_the_whole_epoch(tmp_path: Path) -> None:
    unbroken = run(tmp_path / "unbroken", tiny_config())
    with pytest.raises(Cancelled):
        run(tmp_path / "stopped", tiny_config(), StopAfter(9))
    resumed = run(tmp_path / "stopped", tiny_config(), resume=True)
    losses = [
        {each.epoch: each.train_loss for each in events if isinstance(each, EpochFinished)}
        for events in (unbroken, resumed)
    ]
    assert losses[1] == {2: losses[0][2], 3: losses[0][3]}


def test_a_resumed_run_keeps_precision_and_memory_format(tmp_path: Path) -> None:
    half = PLAIN_CPU.in_mode(ComputeMode("bfloat16", channels_last=True))
    plain = PLAIN_CPU.in_mode(ComputeMode("float32", channels_last=False))
    run(tmp_path / "unbroken", tiny_config(), device=half)
    with pytest.raises(Cancelled):
        run(tmp_path / "stopped", tiny_config(), StopAfter(9), device=half)
    events = run(tmp_path / "stopped", tiny_config(), resume=True, device=plain)
    assert isinstance(events[0], RunStarted)
    assert events[0].device == "CPU (bfloat16)"
    run(tmp_path / "other", tiny_config(), device=plain)
    unbroken, stopped, other = (
        load_file(tmp_path / name / "model.safetensors")
        for name in ("unbroken", "stopped", "other")
    )
    assert same(unbroken, stopped)
    assert not same(unbroken, other)


def test_only_the_same_seed_reproduces_a_run(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        run(tmp_path / name, tiny_config(epochs=1, seed=seed))
    a, b, c = (load_file(tmp_path / name / "model.safetensors") for name in "abc")
    assert same(a, b)
    assert not same(a, c)


def test_a_killed_run_resumes_from_the_last_checkpoint(tmp_path: Path) -> None:
    class PowerCut(Exception): ...

    def emit(event: Event) -> None:
        if isinstance(event, EpochFinished) and event.epoch == 2:
            raise PowerCut

    config, folder = tiny_config(), RunFolder(tmp_path / "cut")
    run(tmp_path / "unbroken", config)
    folder.create(config, ("tiny",))
    with pytest.raises(PowerCut):
        train(
            TrainingRun(config, tiny_dataset(), find_device("cpu")),
            folder,
            emit=emit,
            token=CancelToken(),
        )
    run(folder.path, config, resume=True)
    expected = load_file(tmp_path / "unbroken/model.safetensors")
    assert same(expected, load_file(folder.model))


def test_a_diverging_run_fails_and_keeps_its_last_checkpoint(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path)
    with pytest.raises(Cancelled):
        run(tmp_path, tiny_config(), StopAfter(3))
    checkpoint = folder.checkpoint.read_bytes()
    config, dataset = tiny_config(), tiny_dataset()
    broken = load_checkpoint(folder.checkpoint)
    broken.network["head.weight"].fill_(float("nan"))
    save_checkpoint(folder.checkpoint, broken)
    with pytest.raises(TrainingDiverged, match=r"epoch 1\. The last good checkpoint is kept"):
        train(TrainingRun(config, dataset, find_device("cpu")), folder, emit=ignore,
              token=CancelToken(), resume=True)  # fmt: skip
    assert load_checkpoint(folder.checkpoint).step == 1
    folder.checkpoint.write_bytes(checkpoint)
    run(tmp_path, config, resume=True)
    assert folder.model.exists()


def test_a_diverged_run_that_is_stopped_keeps_its_checkpoint(tmp_path: Path) -> None:
    class Stopped(StopAfter):
        def check(self) -> None:
            state.network.get_parameter("head.weight").data.fill_(float("nan"))
            super().check()

    folder, config = RunFolder(tmp_path), tiny_config()
    with pytest.raises(Cancelled):
        run(tmp_path, config, StopAfter(4))
    before = folder.checkpoint.read_bytes()
    state = TrainingRun(config, tiny_dataset(), find_device("cpu"))
    state.load_state_dict(load_checkpoint(folder.checkpoint))
    with pytest.raises(TrainingDiverged):
        _train_epoch(
            state, ProgressMeter(state), Checkpointer(state, folder, ignore), ignore, Stopped(0)
        )
    assert folder.checkpoint.read_bytes() == before


def test_a_folder_with_a_run_is_not_overwritten(tmp_path: Path) -> None:
    run(tmp_path, tiny_config(epochs=1))
    before = (tmp_path / "model.safetensors").read_bytes()
    with pytest.raises(StorageError, match="already contains a run"):
        run(tmp_path, tiny_config(epochs=2))
    assert (tmp_path / "model.safetensors").read_bytes() == before


@pytest.mark.parametrize("damage", [b"", b"PK\x03\x04 and then nothing", b"\x80\x04."])
def test_a_damaged_checkpoint_is_a_clear_error(tmp_path: Path, damage: bytes) -> None:
    with pytest.raises(Cancelled):
        run(tmp_path, tiny_config(), StopAfter(2))
    (tmp_path / "checkpoint.pt").write_bytes(damage)
    with pytest.raises(CheckpointError, match="damaged"):
        run(tmp_path, tiny_config(), resume=True)


def test_a_checkpoint_of_another_network_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run(tmp_path, tiny_config(), StopAfter(2))
    wider = replace(tiny_config(), widths=(9, 8, 8))
    with pytest.raises(CheckpointError, match="other settings"):
        run(tmp_path, wider, resume=True)


def test_a_checkpoint_of_other_data_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(Cancelled):
        run(tmp_path, tiny_config(), StopAfter(2))
    other = tiny_dataset()
    other.train.images[0, 0, 0, 0] += 1
    with pytest.raises(CheckpointError, match="other data"):
        train(TrainingRun(tiny_config(), other, find_device("cpu")), RunFolder(tmp_path),
              emit=ignore, token=CancelToken(), resume=True)  # fmt: skip


def test_a_small_dataset_can_be_trained_with_the_settings_of_a_recipe(tmp_path: Path) -> None:
    config = tiny_config(epochs=1, batch_size=2000, validation_images=2000)
    started = run(tmp_path, config)[0]
    assert isinstance(started, RunStarted)
    assert (started.train_images, started.validation_images) == (96, 24)


def test_too_few_images_for_a_validation_split_are_refused() -> None:
    with pytest.raises(DataError, match="only 4 training images; at least 5 are needed"):
        TrainingRun(tiny_config(), tiny_dataset(4, 3), find_device("cpu"))


def test_the_stored_network_is_the_one_that_was_evaluated(tmp_path: Path) -> None:
    run(tmp_path, tiny_config(epochs=1))
    network, card = load_model(tmp_path / "model.safetensors")
    weight = network.get_parameter("head.weight")
    assert weight.dtype == torch.float32
    assert weight.half().float().equal(weight)
    assert card.parameters == sum(weight.numel() for weight in network.parameters())


def test_events_are_equal_after_encoding_and_decoding(tmp_path: Path) -> None:
    from trainer.events.codec import to_line

    for event in run(tmp_path, tiny_config(epochs=1)):
        assert from_line(to_line(event)) == event
