"""Finds the devices of this computer that work; used by training, evaluation and commands."""

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import torch

from trainer.config.train_config import DeviceName
from trainer.devices.compute_mode import default_mode
from trainer.devices.cpu_info import processor_name
from trainer.devices.device import Device
from trainer.devices.self_test import require_correct, require_cuda, require_mps
from trainer.errors import DeviceError

log = logging.getLogger(__name__)

Kind = Literal["cpu", "cuda", "mps"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """The result of testing a kind of device.

    Attributes:
        name: Name in a config.
        title: Name to show, such as that of the processor.
        device: The device, or None if it does not work.
        error: Why it does not work, or None if it does.
        automatic: Whether `find_device("auto")` chooses it.
    """

    name: Kind
    title: str
    device: Device | None
    error: DeviceError | None
    automatic: bool


def find_device(name: DeviceName) -> Device:
    """The device called `name`, after a self-test; `auto` is the fastest that works.

    Raises:
        DeviceError: If it is missing or fails the self-test.
    """
    if name != "auto":
        return _tested_device(name)
    for trial in try_devices():
        if trial.device is not None:
            return trial.device
        log.info("%s", trial.error)
    raise DeviceError("No device on this computer works, not even the CPU.")


def try_devices() -> Iterator[Trial]:
    """Test every kind of device that this system can have, fastest first."""
    found = False
    for name in _kinds():
        try:
            device, error = _tested_device(name), None
        except DeviceError as reason:
            device, error = None, reason
        automatic = device is not None and not found
        found = found or automatic
        yield Trial(name=name, title=_title(name), device=device, error=error, automatic=automatic)


def _kinds() -> tuple[Kind, ...]:
    return ("cuda", "mps", "cpu") if sys.platform == "darwin" else ("cuda", "cpu")


def _tested_device(name: Kind) -> Device:
    if name == "cuda":
        require_cuda()
    elif name == "mps":
        require_mps()
    target = torch.device(name)
    device = Device(torch_device=target, title=_short_title(name), mode=default_mode(target))
    require_correct(device)
    return device


def _short_title(name: Kind) -> str:
    return "CPU" if name == "cpu" else _title(name)


def _title(name: Kind) -> str:
    """The product name, as far as known."""
    if name == "cpu":
        return processor_name()
    if name == "mps":
        return f"{processor_name()} GPU"
    if torch.cuda.is_initialized():  # type: ignore[no-untyped-call]
        return torch.cuda.get_device_name()
    return "NVIDIA graphics card"
