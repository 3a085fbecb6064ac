"""Which devices work, and how to compute on them; used by training, evaluation and the CLI."""

import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch

from trainer.config import DeviceName
from trainer.errors import DeviceError

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device on which a real kernel ran.

    Attributes:
        torch_device: For `Tensor.to`.
        title: In words, such as `CPU`.
        half: The half-precision type that is fast there, or None.
    """

    torch_device: torch.device
    title: str
    half: torch.dtype | None

    @property
    def memory_format(self) -> torch.memory_format:
        """The layout in which convolutions are fast there."""
        if self.torch_device.type == "mps":
            return torch.contiguous_format
        return torch.channels_last

    def autocast(self) -> AbstractContextManager[object]:
        """Half precision where it is fast, nothing elsewhere."""
        return torch.autocast(
            self.torch_device.type, dtype=self.half, enabled=self.half is not None
        )

    def __str__(self) -> str:
        precision = str(self.half or torch.float32).removeprefix("torch.")
        return f"{self.title} ({precision})"


def find_device(name: DeviceName) -> Device:
    """The device called `name`, tried out; `auto` is the fastest that works.

    Raises:
        DeviceError: If it is not there or fails a small computation.
    """
    if name != "auto":
        return _tried(name)
    for candidate in ("cuda", "mps"):
        try:
            return _tried(candidate)
        except DeviceError as error:
            log.info("%s", error)
    return _tried("cpu")


def _tried(name: str) -> Device:
    _require_present(name)
    device = torch.device(name)
    try:
        # is_available() alone is no proof: a card newer than the build has no kernels in it.
        product = torch.ones(64, 64, device=device) @ torch.ones(64, 64, device=device)
        if product.sum().item() != 64**3:
            raise DeviceError(f"The device “{name}” computes wrongly; use --device cpu.")
    except RuntimeError as error:
        raise DeviceError(
            f"The device “{name}” is there but does not work with this build of PyTorch; "
            "use --device cpu.",
            details=str(error),
        ) from error
    return Device(torch_device=device, title=_title(name), half=_half(name))


def _require_present(name: str) -> None:
    if name == "cuda" and not torch.cuda.is_available():
        raise DeviceError("No CUDA device was found; use --device cpu.", details=_cuda_build())
    if name == "mps" and not torch.backends.mps.is_available():
        raise DeviceError("No Apple GPU (MPS) was found; use --device cpu.")


def _cuda_build() -> str:
    return f"torch {torch.__version__}, built for CUDA {torch.version.cuda}"


def _title(name: str) -> str:
    return torch.cuda.get_device_name() if name == "cuda" else name.upper()


def _half(name: str) -> torch.dtype | None:
    if name == "cuda":
        native = torch.cuda.get_device_capability() >= (8, 0)
        return torch.bfloat16 if native else torch.float16
    if name == "cpu" and _cpu_has_bfloat16():
        return torch.bfloat16
    return None


def _cpu_has_bfloat16() -> bool:
    # Only the instructions themselves count: emulated bfloat16 is slower than float32.
    # PyTorch has no public question for them; without an answer float32 is always right.
    asks = [
        getattr(torch.cpu, question, None)
        for question in ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    ]
    return any(ask() for ask in asks if ask is not None)
