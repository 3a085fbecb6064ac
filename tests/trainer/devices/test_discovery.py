"""Which devices work, and the messages for those that do not; GPUs are simulated."""

import warnings

import pytest
import torch

from trainer.devices import self_test
from trainer.devices.cpu_info import clean_name, parse_cpuinfo, processor_name
from trainer.devices.discovery import Trial, find_device, try_devices
from trainer.errors import DeviceError

CARD = "NVIDIA GeForce GTX 960"


def raising(error: Exception) -> object:
    def fail(*_arguments: object) -> None:
        raise error

    return fail


def trials() -> dict[str, Trial]:
    return {trial.name: trial for trial in try_devices()}


@pytest.fixture
def card(monkeypatch: pytest.MonkeyPatch) -> None:
    """A GPU that PyTorch finds, and nothing more."""
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: True)
    monkeypatch.setattr(torch.cuda, "init", lambda: None)
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda: CARD)
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda: (5, 2))
    monkeypatch.setattr(torch.cuda, "get_arch_list", lambda: ["sm_75", "sm_80", "compute_120"])


def test_the_cpu_works_and_has_a_name() -> None:
    trial = trials()["cpu"]
    assert trial.device is not None
    assert trial.error is None
    assert trial.title == processor_name() != ""
    assert str(find_device("cpu")) in ("CPU (bfloat16)", "CPU (float32)")


def test_the_fastest_that_works_is_taken_by_itself() -> None:
    tried = list(try_devices())
    assert [trial.name for trial in tried][-1] == "cpu"
    chosen = [trial for trial in tried if trial.automatic]
    assert len(chosen) == 1
    assert chosen[0] == next(trial for trial in tried if trial.device is not None)
    assert find_device("auto") == chosen[0].device


def test_the_self_test_does_not_change_the_random_numbers_of_a_run() -> None:
    torch.manual_seed(7)
    expected = torch.rand(3)
    torch.manual_seed(7)
    find_device("auto")
    assert torch.rand(3).equal(expected)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("Found no NVIDIA driver on your system. Please check", "No NVIDIA driver was found"),
        ("No CUDA GPUs are available", "No NVIDIA graphics card was found"),
        ("The NVIDIA driver on your system is too old (found version 11040).", "CUDA 11.4"),
        ("CUDA unknown error - perhaps\nmore", "CUDA unknown error - perhaps."),
    ],
)
def test_the_reason_for_a_missing_gpu_is_reported(
    card: None, monkeypatch: pytest.MonkeyPatch, said: str, words: str
) -> None:
    monkeypatch.setattr(torch.cuda, "init", raising(RuntimeError(said)))
    monkeypatch.setattr(torch.cuda, "is_initialized", lambda: False)
    trial = trials()["cuda"]
    assert trial.device is None
    assert trial.error is not None
    assert words in trial.error.message
    assert said in trial.error.details
    assert trials()["cpu"].automatic
    assert find_device("auto").title == "CPU"


def test_a_build_without_cuda_is_named(card: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.cuda, "is_built", lambda: False)
    with pytest.raises(DeviceError, match="CPU build"):
        find_device("cuda")


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (RuntimeError("CUDA error: no kernel image is available for execution"), "capability 5.2"),
        (RuntimeError("CUDA error: no kernel image is available for execution"), "An older"),
        (torch.OutOfMemoryError("CUDA out of memory. Tried to allocate"), "another program"),
        (
            RuntimeError("CUDA error: all CUDA-capable devices are busy or unavailable"),
            "exclusively",
        ),
        (TypeError("Trying to convert BFloat16\nat line"), "Trying to convert BFloat16."),
    ],
)
def test_the_reason_for_a_failing_gpu_is_reported(
    card: None, monkeypatch: pytest.MonkeyPatch, error: Exception, words: str
) -> None:
    monkeypatch.setattr(self_test, "_results", raising(error))
    trial = trials()["cuda"]
    assert trial.title == CARD
    assert trial.error is not None
    assert CARD in trial.error.message
    assert words in trial.error.message
    assert str(error) in trial.error.details


@pytest.mark.parametrize("wrong", [1.2, float("nan")])
def test_a_gpu_that_computes_incorrectly_is_refused(
    card: None, monkeypatch: pytest.MonkeyPatch, wrong: float
) -> None:
    numbers = [wrong * each for each in self_test._expected()]
    monkeypatch.setattr(self_test, "_results", lambda _device: numbers)
    with pytest.raises(DeviceError, match=f"{CARD} gives wrong results"):
        find_device("cuda")


def test_warnings_about_old_gpus_are_suppressed(
    card: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def warn() -> None:
        warnings.warn("cuda capability sm_52 is not compatible", stacklevel=1)

    monkeypatch.setattr(torch.cuda, "init", warn)
    monkeypatch.setattr(self_test, "_results", lambda _device: self_test._expected())
    assert trials()["cuda"].automatic


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Intel(R) Core(TM) i7-1165G7 CPU @ 2.80GHz", "Intel Core i7-1165G7"),
        ("AMD Ryzen 7 5800X 8-Core Processor             ", "AMD Ryzen 7 5800X 8-Core"),
        ("Apple M2\n", "Apple M2"),
    ],
)
def test_processors_are_named_plainly(text: str, name: str) -> None:
    assert clean_name(text) == name


def test_processors_are_found_in_cpuinfo() -> None:
    intel = ["processor\t: 0\n", "model\t\t: 140\n", "model name\t: Intel\n", "\n"]
    board = ["processor\t: 0\n", "BogoMIPS\t: 108\n", "\n", "Model\t\t: Raspberry Pi 5\n"]
    assert parse_cpuinfo(intel) == "Intel"
    assert parse_cpuinfo(board) == "Raspberry Pi 5"
    assert parse_cpuinfo(["Features\t: fp\n"]) == ""
