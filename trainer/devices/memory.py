"""Memory of a device: what there is, what a run takes, what helps when it is full; for training."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from trainer.devices.malloc_tuning import give_back_freed_memory
from trainer.errors import DeviceError

if TYPE_CHECKING:
    from trainer.devices.device import Device

SIGNS = (
    "out of memory",  # CUDA and MPS
    "can't allocate memory",  # the CPU's allocator on Linux and macOS
    "not enough memory",  # and on Windows
    "_status_alloc_failed",  # cuBLAS and cuDNN
)


class OutOfMemory(Exception):
    """There is no room for so many images at a time; never leaves the trainer."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that memory is full; only CUDA has a type of its own for that."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in text for sign in SIGNS)


@contextmanager
def out_of_memory_as_device_error(device: "Device") -> Iterator[None]:
    """Tell a person what to do where nothing else can be done about full memory.

    Raises:
        DeviceError: In place of an error that says that memory is full.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise DeviceError(
            f"The memory of {device.title} is full. {advice(device)}", details=str(error)
        ) from error


def advice(device: "Device") -> str:
    """What helps against full memory."""
    if device.torch_device.type == "cpu":
        return "Close other programs, or choose a smaller network or fewer images."
    return "Close other programs that use it, choose a smaller network, or train on the CPU."


def release_unused(device: torch.device) -> None:
    """Give memory back that is kept for later use."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    else:
        give_back_freed_memory()


def used_memory(device: torch.device) -> int | None:
    """Bytes of the device's memory that this process takes, if that is known."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    return _resident()


def total_memory(device: torch.device) -> int | None:
    """Bytes that the device has, if that is known; on a Mac those that the GPU may well take."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory())
    return _pages("SC_PHYS_PAGES")


def _resident() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def _pages(name: str) -> int | None:
    # Windows has no sysconf.
    if not hasattr(os, "sysconf"):
        return None
    try:
        return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
