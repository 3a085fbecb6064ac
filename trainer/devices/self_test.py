"""Tries a device out with a real computation, and says in words why it cannot be used.

Called by `trainer.devices.device`. That a device is listed proves little: a card may be too old or too new
for the build of PyTorch, its memory may be taken, its driver may be broken.
"""

import re
import sys
import warnings
from typing import TYPE_CHECKING

import torch
from torch import Tensor
from torch.nn import functional as F

from trainer.devices.memory import is_out_of_memory
from trainer.errors import DeviceError
from trainer.files.resources import is_packaged

if TYPE_CHECKING:
    from trainer.devices.device import Device

TOLERANCE = 0.05
"""Relative; half precision errs by a hundredth, a broken device by more than all."""

DRIVERS = "nvidia.com/drivers"


def require_cuda() -> None:
    """Make sure that PyTorch finds a graphics card of NVIDIA (or AMD, in a build for those).

    Raises:
        DeviceError: If it does not, with the reason.
    """
    if sys.platform == "darwin":
        raise DeviceError("Macs have no NVIDIA graphics cards that PyTorch could use.")
    if not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]
        raise DeviceError(_built_for_cpus(), details=build())
    try:
        # PyTorch warns of cards that it does not support; the trial finds out whether that is so.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.cuda.init()  # type: ignore[no-untyped-call]
    except (RuntimeError, AssertionError) as error:
        text = str(error)
        raise DeviceError(_why_no_card(text), details=f"{build()}\n{text}") from error


def require_mps() -> None:
    """Make sure that PyTorch finds the GPU of a Mac.

    Raises:
        DeviceError: If it does not, with the reason.
    """
    if not torch.backends.mps.is_built():
        raise DeviceError(
            "The installed PyTorch was built without support for GPUs of Macs.", details=build()
        )
    if not torch.backends.mps.is_available():
        raise DeviceError(
            "No Apple GPU can be used; that takes a Mac with an Apple chip and macOS 14 or newer.",
            details=build(),
        )


def require_correct(device: "Device") -> None:
    """Compute something small as training does, there and exactly on the CPU, and compare.

    Raises:
        DeviceError: If it fails or the results differ, with the reason.
    """
    try:
        pairs = zip(_computed(device), _expected(), strict=True)
        works = all(_close(found, expected) for found, expected in pairs)
    # A type that a device does not know is a TypeError on a Mac.
    except (RuntimeError, TypeError, MemoryError) as error:
        raise DeviceError(_why_it_fails(device, error), details=f"{build()}\n{error}") from error
    if not works:
        raise DeviceError(
            f"{device.title} computes wrongly: a small test gave other numbers than it should. "
            "Update its driver, or train on the CPU.",
            details=build(),
        )


def _built_for_cpus() -> str:
    if is_packaged():
        return (
            "This is the package for CPUs. If this computer has an NVIDIA graphics card, get the "
            "package for CUDA."
        )
    return (
        "The installed PyTorch is the build for CPUs. If this computer has an NVIDIA graphics "
        "card, install the build for CUDA (pytorch.org says how)."
    )


def build() -> str:
    """Which PyTorch this is, for bug reports."""
    made_for = torch.version.cuda or torch.version.hip or "CPUs"
    return f"torch {torch.__version__}, built for {made_for}"


def _computed(device: "Device") -> list[Tensor]:
    """Output and gradient of a convolution, and a product of matrices as the optimiser takes it."""
    place = device.torch_device
    images, filters, matrix = (each.to(place) for each in _numbers())
    images = images.contiguous(memory_format=device.memory_format)
    filters.requires_grad_()
    with device.autocast():
        features = F.conv2d(images, filters, padding="same")
    features.float().square().sum().backward()  # type: ignore[no-untyped-call]
    assert filters.grad is not None  # noqa: S101 - for the type checker
    half = matrix.bfloat16()
    return [each.detach().double().cpu() for each in (features, filters.grad, (half @ half.T))]


def _expected() -> list[Tensor]:
    images, filters, matrix = (each.double() for each in _numbers())
    filters.requires_grad_()
    features = F.conv2d(images, filters, padding="same")
    features.square().sum().backward()  # type: ignore[no-untyped-call]
    assert filters.grad is not None  # noqa: S101 - for the type checker
    return [features.detach(), filters.grad, matrix @ matrix.T]


def _numbers() -> tuple[Tensor, Tensor, Tensor]:
    # A generator of its own: a run's random numbers must not depend on how often a device was
    # tried.
    generator = torch.Generator().manual_seed(0)
    shapes = (4, 8, 16, 16), (16, 8, 3, 3), (32, 64)
    images, filters, matrix = (torch.randn(shape, generator=generator) for shape in shapes)
    return images, filters, matrix


def _close(found: Tensor, expected: Tensor) -> bool:
    # Not the other way round: what is no number is not close.
    return bool((found - expected).norm() <= TOLERANCE * expected.norm())


def _why_no_card(text: str) -> str:
    if "too old" in text:
        return (
            f"The NVIDIA driver is too old{_supported(text)}; this PyTorch needs CUDA "
            f"{torch.version.cuda}. Update the driver ({DRIVERS})."
        )
    if "no NVIDIA driver" in text:
        return (
            "No NVIDIA driver was found. If this computer has an NVIDIA graphics card, install its "
            f"driver ({DRIVERS})."
        )
    if "No CUDA GPUs" in text or "no CUDA-capable device" in text:
        return "No NVIDIA graphics card was found, or none may be used (CUDA_VISIBLE_DEVICES)."
    return f"The NVIDIA graphics card cannot be used: {_first_line(text)}"


def _supported(text: str) -> str:
    found = re.search(r"found version (\d+)", text)
    if found is None:
        return ""
    number = int(found[1])
    return f": it supports CUDA {number // 1000}.{number % 1000 // 10}"


def _why_it_fails(device: "Device", error: Exception) -> str:
    text = str(error)
    if is_out_of_memory(error):
        return (
            f"The memory of {device.title} is full: another program uses it. Close that program, "
            "or train on the CPU."
        )
    if "no kernel image" in text or "invalid device function" in text:
        return _why_no_kernels(device.title)
    if "busy or unavailable" in text:
        return f"Another program keeps {device.title} to itself. Close it, or train on the CPU."
    return f"{device.title} does not work with this PyTorch: {_first_line(text)}"


def _why_no_kernels(title: str) -> str:
    capability = torch.cuda.get_device_capability()
    number = ".".join(map(str, capability))
    known = [
        int(digits) for digits in re.findall(r"sm_(\d+)", " ".join(torch.cuda.get_arch_list()))
    ]
    too_old = bool(known) and 10 * capability[0] + capability[1] < min(known)
    other = "An older" if too_old else "A newer"
    return (
        f"The installed PyTorch has no kernels for {title} (compute capability {number}). "
        f"{other} PyTorch may have them."
    )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].rstrip(".") + "."
