"""Runs that are out of memory: they halve the micro-batches, warn, and stay reproducible."""

from contextlib import suppress
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from tests.trainer.small_runs import StopAfter, run
from tests.trainer.tiny import same, tiny_config, tiny_dataset
from trainer.cancellation import CancelToken
from trainer.devices.discovery import find_device
from trainer.errors import Cancelled, DeviceError
from trainer.events.run_events import Message, Progress, RunFinished, RunStarted
from trainer.models.sprint_net import SprintNet
from trainer.runs.run_folder import RunFolder
from trainer.training.checkpoint import load_checkpoint
from trainer.training.loop import train
from trainer.training.run import TrainingRun
from trainer.training.step_rollback import rolled_back_on_error

CPU = torch.device("cpu")


def limit_memory_to(images_at_a_time: int, monkeypatch: pytest.MonkeyPatch) -> None:
    forward = SprintNet.forward

    def limited(network: SprintNet, images: torch.Tensor) -> torch.Tensor:
        # After the running statistics changed, so that they must be rolled back.
        logits = forward(network, images)
        if network.training and len(images) > images_at_a_time:
            raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 2.00 GiB.")
        return logits

    monkeypatch.setattr(SprintNet, "forward", limited)


def test_out_of_memory_halves_the_micro_batches_and_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_memory_to(10, monkeypatch)
    events = run(tmp_path, tiny_config(micro_batch_size=500))
    warnings = [event.text for event in events if isinstance(event, Message)]
    assert len(warnings) == 2
    assert "16 images" in warnings[0]
    assert "instead of 32" in warnings[0]
    assert "8 images" in warnings[1]
    started, finished = events[0], events[-1]
    assert isinstance(started, RunStarted)
    assert (started.batch_size, started.steps) == (32, 9)
    assert isinstance(finished, RunFinished)


def test_hard_example_selection_needs_no_more_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_memory_to(10, monkeypatch)
    events = run(tmp_path, tiny_config(micro_batch_size=500, hard_example_fraction=0.5))
    assert [event for event in events if isinstance(event, Message)]
    assert isinstance(events[-1], RunFinished)


def test_halved_micro_batches_give_the_same_weights_as_configured_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(tmp_path / "asked", tiny_config(micro_batch_size=8))
    limit_memory_to(10, monkeypatch)
    run(tmp_path / "forced", tiny_config(micro_batch_size=16))
    asked = load_checkpoint(tmp_path / "asked/checkpoint.pt")
    forced = load_checkpoint(tmp_path / "forced/checkpoint.pt")
    assert same(asked.network, forced.network)


def test_a_resumed_run_keeps_its_smaller_micro_batches(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = tiny_config()
    with pytest.MonkeyPatch.context() as limited:
        limit_memory_to(10, limited)
        run(tmp_path / "unbroken", config)
        with pytest.raises(Cancelled):
            run(tmp_path / "stopped", config, StopAfter(12))
    # More room now; but who changes the chunks changes the result.
    events = run(tmp_path / "stopped", config, resume=True)
    assert not [event for event in events if isinstance(event, Message)]
    expected = load_file(tmp_path / "unbroken/model.safetensors")
    assert same(expected, load_file(tmp_path / "stopped/model.safetensors"))


def test_too_little_memory_for_any_micro_batch_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit_memory_to(4, monkeypatch)
    with pytest.raises(DeviceError, match="not even with 8 images at a time"):
        run(tmp_path, tiny_config())


def test_too_little_memory_for_the_dataset_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_named: object) -> None:
        torch.empty(1 << 60)

    monkeypatch.setattr("trainer.training.run.Batches", full)
    with pytest.raises(DeviceError, match="is full"):
        run(tmp_path, tiny_config())


def test_an_optimizer_out_of_memory_is_not_retried(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Some weights may already have been updated.
    def full(*_args: object) -> None:
        raise torch.OutOfMemoryError

    monkeypatch.setattr("trainer.optim.sprint_optimizer.SprintOptimizer.step", full)
    with pytest.raises(DeviceError, match="is full"):
        run(tmp_path, tiny_config())
    assert not RunFolder(tmp_path).checkpoint.exists()


def test_a_failed_step_leaves_no_trace() -> None:
    state = TrainingRun(tiny_config(), tiny_dataset(), find_device("cpu"))
    images, _ = next(state.batches.epoch(0))
    before = {name: value.clone() for name, value in state.network.state_dict().items()}
    random = torch.get_rng_state()
    state.network.train()
    with suppress(ZeroDivisionError), rolled_back_on_error(state.network):
        state.network(images.float()).sum().backward()
        torch.rand(3)
        raise ZeroDivisionError
    assert same(before, state.network.state_dict())
    assert all(weight.grad is None for weight in state.network.parameters())
    assert torch.equal(random, torch.get_rng_state())


def test_memory_is_reported_where_it_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("trainer.training.progress_meter.PROGRESS_SECONDS", 0)
    folder = RunFolder(tmp_path)
    folder.create(tiny_config(epochs=1), ("tiny",))
    events: list[object] = []
    train(TrainingRun(tiny_config(epochs=1), tiny_dataset(), find_device("cpu")), folder,
          emit=events.append, token=CancelToken())  # fmt: skip
    started, *reported = [each for each in events if isinstance(each, RunStarted | Progress)]
    assert len(reported) == 3
    for event in reported:
        assert event.memory is None or 10_000_000 < event.memory < (started.memory or 0)
