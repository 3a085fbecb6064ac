"""Memory of a device: how much there is and is used, and what helps when it is full."""

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

OUT_OF_MEMORY_SIGNS = (
    "out of memory",  # CUDA and MPS
    "can't allocate memory",  # the CPU's allocator on Linux and macOS
    "not enough memory",  # and on Windows
    "_status_alloc_failed",  # cuBLAS and cuDNN
)


class OutOfMemory(Exception):
    """A batch does not fit into memory; never leaves the trainer."""


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error means that memory is full; only CUDA has an exception type of its own."""
    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    text = str(error).lower()
    return isinstance(error, RuntimeError) and any(sign in text for sign in OUT_OF_MEMORY_SIGNS)


@contextmanager
def out_of_memory_as_device_error(device: "Device") -> Iterator[None]:
    """Turn out-of-memory errors into an error with advice for the user.

    Raises:
        DeviceError: Instead of an error that means that memory is full.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise DeviceError(
            f"The memory of {device.title} is full. {out_of_memory_advice(device)}",
            details=str(error),
        ) from error


def out_of_memory_advice(device: "Device") -> str:
    """Advice for the user when the memory of a device is full."""
    if device.torch_device.type == "cpu":
        return "Close other programs, or choose a smaller network or fewer images."
    return "Close other programs that use it, choose a smaller network, or train on the CPU."


def release_unused(device: torch.device) -> None:
    """Return cached memory to the device."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
    elif device.type == "mps":
        torch.mps.empty_cache()
    else:
        give_back_freed_memory()


def used_memory(device: torch.device) -> int | None:
    """Bytes of device memory used by this process, if known."""
    if device.type == "cuda":
        return torch.cuda.memory_reserved(device)
    if device.type == "mps":
        return int(torch.mps.driver_allocated_memory())
    return _resident_memory()


def total_memory(device: torch.device) -> int | None:
    """Total bytes of the device, if known; on a Mac those recommended for the GPU."""
    if device.type == "cuda":
        return int(torch.cuda.get_device_properties(device).total_memory)
    if device.type == "mps":
        return int(torch.mps.recommended_max_memory())
    return _bytes_of_pages("SC_PHYS_PAGES")


def _resident_memory() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError, IndexError):
        return None


def _bytes_of_pages(name: str) -> int | None:
    # Windows has no sysconf.
    if not hasattr(os, "sysconf"):
        return None
    try:
        return os.sysconf(name) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, ValueError):
        return None
