"""Precision and memory format are chosen by measuring real steps."""

import os
from pathlib import Path

import pytest
import torch

from tests.trainer.tiny import tiny_config
from trainer.cancellation import CancelToken
from trainer.devices import compute_mode
from trainer.devices.compute_mode import ComputeMode
from trainer.devices.device import PLAIN_CPU
from trainer.errors import Cancelled, DeviceError
from trainer.models.registry import build
from trainer.planning import mode_record, mode_trial
from trainer.planning.mode_trial import ModeChoice, choose_mode, fastest_for_inference
from trainer.training.run import TrainingRun

NCHW = ComputeMode("float32", channels_last=False)
CHANNELS_LAST = ComputeMode("float32", channels_last=True)
HALF = ComputeMode("bfloat16", channels_last=True)
AUTO = tiny_config(precision="auto")


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(compute_mode, "_cpu_has_bfloat16", lambda: True)
    monkeypatch.setattr(mode_record, "is_busy", lambda: False)
    return tmp_path / "cifar-desktop"


def choose(precision: str = "auto") -> ModeChoice:
    config = tiny_config(precision=precision)
    return choose_mode(config, PLAIN_CPU, classes=3, token=CancelToken())


def slow_down(monkeypatch: pytest.MonkeyPatch, *modes: ComputeMode) -> None:
    """Have steps in these modes seem to take much longer than they do."""
    step_seconds = mode_trial._step_seconds

    def slowed(run: TrainingRun) -> float:
        return step_seconds(run) * (1000 if run.device.mode in modes else 1)

    monkeypatch.setattr(mode_trial, "_step_seconds", slowed)


@pytest.mark.parametrize("quick", [NCHW, CHANNELS_LAST, HALF])
def test_the_fastest_mode_is_chosen_whatever_the_instructions(
    quick: ComputeMode, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow_down(monkeypatch, *{NCHW, CHANNELS_LAST, HALF} - {quick})
    choice = choose()
    assert choice.device.mode == quick
    assert set(choice.speeds) == {str(NCHW), str(CHANNELS_LAST), str(HALF)}
    assert choice.speeds[str(quick)] == max(choice.speeds.values())
    assert str(choice).startswith(f"Computing in {quick}, the fastest here: ")
    assert all(mode in str(choice) for mode in choice.speeds)


def test_nothing_is_measured_twice(monkeypatch: pytest.MonkeyPatch, cache: Path) -> None:
    first = choose()

    def fail(*_args: object, **_options: object) -> None:
        raise AssertionError

    with monkeypatch.context() as patch:
        patch.setattr(mode_trial, "_measure", fail)
        assert choose() == first
        with pytest.raises(AssertionError):  # another network is another measurement
            choose_mode(
                tiny_config(precision="auto", widths=(8, 8, 16)),
                PLAIN_CPU,
                classes=3,
                token=CancelToken(),
            )
    (cache / "compute-modes.json").write_text('{"damaged": ')
    assert set(choose().speeds) == set(first.speeds)


def test_what_was_measured_on_a_busy_computer_is_not_kept(
    monkeypatch: pytest.MonkeyPatch, cache: Path
) -> None:
    monkeypatch.undo()
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache.parent))
    monkeypatch.setattr(os, "getloadavg", lambda: (1000.0, 0.0, 0.0))
    assert choose().speeds
    assert not cache.exists()
    monkeypatch.setattr(os, "getloadavg", lambda: (0.1, 1000.0, 1000.0))
    assert choose().speeds
    assert cache.exists()


def test_a_cache_that_cannot_be_written_does_no_harm(cache: Path) -> None:
    cache.write_text("a file where the folder should be")
    assert choose().speeds


@pytest.mark.parametrize("precision", ["float32", "bfloat16", "float16"])
def test_a_precision_can_be_required(precision: str, cache: Path) -> None:
    choice = choose(precision)
    assert choice.device.precision == precision
    assert choice.speeds == {}
    assert not cache.exists()


def test_a_precision_that_the_device_lacks_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def unsupported(*_args: object, **_options: object) -> None:
        raise RuntimeError("\"slow_conv2d\" not implemented for 'Half'")

    monkeypatch.setattr("trainer.devices.self_test.F.conv2d", unsupported)
    with pytest.raises(DeviceError, match="CPU cannot compute in float16"):
        choose("float16")


def test_on_many_cores_fewer_threads_are_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    before = torch.get_num_threads()
    try:
        torch.set_num_threads(4)
        monkeypatch.setattr(compute_mode, "MANY_CORES", 4)
        monkeypatch.setattr(compute_mode, "usable_cores", lambda: 4)
        slow_down(monkeypatch, NCHW, CHANNELS_LAST, HALF)
        choice = choose()
        assert len(choice.speeds) == 4
        assert choice.device.mode.threads == 2
        assert torch.get_num_threads() == 2
        assert ComputeMode.parse(str(choice.device.mode)) == choice.device.mode
    finally:
        torch.set_num_threads(before)


def test_a_cancelled_trial_leaves_no_record(cache: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(Cancelled):
        choose_mode(AUTO, PLAIN_CPU, classes=3, token=token)
    assert not cache.exists()


def test_inference_is_measured_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    network = build("sprint-net", 3, (8, 8, 8)).eval()
    forward_speed = mode_trial._forward_speed
    for quick in (CHANNELS_LAST, HALF):

        def slowed(*args: object, quick: ComputeMode = quick, **options: object) -> float:
            speed: float = forward_speed(*args, **options)  # type: ignore[arg-type]
            device = args[1]
            return speed if device.mode == quick else speed / 1000  # type: ignore[attr-defined]

        monkeypatch.setattr(mode_trial, "_forward_speed", slowed)
        assert fastest_for_inference(network, PLAIN_CPU, image_size=32).mode == quick
