"""How a device computes: precision, memory format and number of threads."""

import re
from dataclasses import dataclass
from typing import Self

import torch

from trainer.config.train_config import PrecisionName
from trainer.devices.cpu_info import usable_cores

_LAYOUTS = {False: "NCHW", True: "channels last"}
_TEXT = re.compile(r"(float32|bfloat16|float16), (NCHW|channels last)(?:, (\d+) threads?)?")
MANY_CORES = 8
"""From this number on, fewer threads may be faster than one per core."""


@dataclass(frozen=True, slots=True)
class ComputeMode:
    """A way to compute the same network.

    Attributes:
        precision: Name of the dtype of convolutions and matrix products.
        channels_last: Whether activations are stored with the channels innermost.
        threads: Number of threads on a CPU; None for PyTorch's default.
    """

    precision: str
    channels_last: bool
    threads: int | None = None

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """The mode that `str` described; None if it is something else."""
        match = _TEXT.fullmatch(text)
        if match is None:
            return None
        threads = int(match[3]) if match[3] else None
        return cls(match[1], match[2] == _LAYOUTS[True], threads)

    @property
    def half(self) -> torch.dtype | None:
        """The half-precision dtype; None for float32."""
        dtype: torch.dtype = getattr(torch, self.precision)
        return None if dtype == torch.float32 else dtype

    def __str__(self) -> str:
        threads = "" if self.threads is None else f", {self.threads} threads"
        return f"{self.precision}, {_LAYOUTS[self.channels_last]}{threads}"


def default_mode(device: torch.device) -> ComputeMode:
    """What is usually fastest on a kind of device, without having measured it."""
    if device.type == "mps":
        return ComputeMode("float32", channels_last=False)
    if device.type == "cuda":
        return ComputeMode(_fast_half(device), channels_last=True)
    return ComputeMode("float32", channels_last=True)


def possible_modes(device: torch.device, precision: PrecisionName) -> tuple[ComputeMode, ...]:
    """The modes of a device that may be the fastest, the most exact first.

    Args:
        device: The device.
        precision: The precision to use, which leaves one mode; or `auto`.
    """
    usual = default_mode(device)
    if precision != "auto":
        return (ComputeMode(precision, usual.channels_last),)
    if device.type == "mps":
        return (usual,)
    half = _fast_half(device)
    # On a CPU, half precision without channels last is always slower.
    halves = [half] if half else []
    return (
        ComputeMode("float32", channels_last=False),
        ComputeMode("float32", channels_last=True),
        *(ComputeMode(each, channels_last=True) for each in halves),
        *(ComputeMode(each, channels_last=False) for each in halves if device.type == "cuda"),
    )


def with_fewer_threads(mode: ComputeMode, device: torch.device) -> tuple[ComputeMode, ...]:
    """The same mode with half as many threads; nothing on a GPU or with few cores."""
    threads = torch.get_num_threads()
    if device.type != "cpu" or threads < MANY_CORES or usable_cores() < MANY_CORES:
        return ()
    return (ComputeMode(mode.precision, mode.channels_last, threads // 2),)


def _fast_half(device: torch.device) -> str:
    """The half precision that the device has instructions for; empty if there is none."""
    if device.type == "cuda":
        return "bfloat16" if torch.cuda.get_device_capability() >= (8, 0) else "float16"
    return "bfloat16" if _cpu_has_bfloat16() else ""


def is_slow(device: torch.device, precision: str) -> bool:
    """Whether training in a precision is many times slower than in float32 on a kind of device."""
    if device.type != "cpu" or precision in ("auto", "float32"):
        return False
    # Even with instructions for float16, PyTorch has no fast gradients of convolutions in it.
    return precision == "float16" or not _cpu_has_bfloat16()


def _cpu_has_bfloat16() -> bool:
    # Without instructions it is emulated, which is too slow even to measure. PyTorch has no public
    # function for it; without these functions, float32 is always right.
    checks = [
        getattr(torch.cpu, name, None)
        for name in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    ]
    return any(check() for check in checks if check is not None)
