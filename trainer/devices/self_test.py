"""Tests a device with a real computation, and explains why it cannot be used.

That a device is listed proves little: a GPU may be too old or too new for the installed PyTorch,
its memory may be in use, its driver may be broken.
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
"""Relative error: about 0.01 in half precision, above 1 on a broken device."""

DRIVERS = "nvidia.com/drivers"


def require_cuda() -> None:
    """Check that PyTorch finds an NVIDIA GPU (or an AMD one, in a build for those).

    Raises:
        DeviceError: If it does not, with the reason.
    """
    if sys.platform == "darwin":
        raise DeviceError("PyTorch does not support NVIDIA graphics cards on Macs.")
    if not torch.backends.cuda.is_built():  # type: ignore[no-untyped-call]
        raise DeviceError(_cpu_build_message(), details=torch_build())
    try:
        # PyTorch warns about unsupported GPUs; the self-test finds out whether they work.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.cuda.init()  # type: ignore[no-untyped-call]
    except (RuntimeError, AssertionError) as error:
        text = str(error)
        raise DeviceError(_no_cuda_reason(text), details=f"{torch_build()}\n{text}") from error


def require_mps() -> None:
    """Check that PyTorch finds the GPU of a Mac.

    Raises:
        DeviceError: If it does not, with the reason.
    """
    if not torch.backends.mps.is_built():
        raise DeviceError(
            "The installed PyTorch was built without support for Apple GPUs.", details=torch_build()
        )
    if not torch.backends.mps.is_available():
        raise DeviceError(
            "No Apple GPU is available. One needs a Mac with Apple silicon and macOS 14 or newer.",
            details=torch_build(),
        )


def require_correct(device: "Device") -> None:
    """Compare a small computation as in training with the same on the CPU in double precision.

    Raises:
        DeviceError: If it fails or the results differ, with the reason.
    """
    try:
        pairs = zip(_results(device), _expected(), strict=True)
        works = all(_is_close(result, expected) for result, expected in pairs)
    # On a Mac, an unsupported dtype is a TypeError.
    except (RuntimeError, TypeError, MemoryError) as error:
        raise DeviceError(
            _failure_reason(device, error), details=f"{torch_build()}\n{error}"
        ) from error
    if not works:
        raise DeviceError(
            f"{device.title} gives wrong results in a small test. Update its "
            "driver, or train on the CPU.",
            details=torch_build(),
        )


def _cpu_build_message() -> str:
    if is_packaged():
        return (
            "This is the CPU version of the package. If this computer has an NVIDIA graphics card, "
            "get the CUDA version."
        )
    return (
        "The installed PyTorch is the CPU build. If this computer has an NVIDIA graphics card, "
        "install the CUDA build (see pytorch.org)."
    )


def torch_build() -> str:
    """The installed PyTorch build, for bug reports."""
    platform = torch.version.cuda or torch.version.hip or "CPUs"
    return f"torch {torch.__version__}, built for {platform}"


def _results(device: "Device") -> list[Tensor]:
    """Output and gradient of a convolution, and a matrix product as in the optimizer."""
    target = device.torch_device
    images, filters, matrix = (each.to(target) for each in _inputs())
    images = images.contiguous(memory_format=device.memory_format)
    filters.requires_grad_()
    with device.autocast():
        features = F.conv2d(images, filters, padding="same")
    features.float().square().sum().backward()  # type: ignore[no-untyped-call]
    assert filters.grad is not None  # noqa: S101 - for the type checker
    half = matrix.bfloat16()
    return [each.detach().double().cpu() for each in (features, filters.grad, (half @ half.T))]


def _expected() -> list[Tensor]:
    images, filters, matrix = (each.double() for each in _inputs())
    filters.requires_grad_()
    features = F.conv2d(images, filters, padding="same")
    features.square().sum().backward()  # type: ignore[no-untyped-call]
    assert filters.grad is not None  # noqa: S101 - for the type checker
    return [features.detach(), filters.grad, matrix @ matrix.T]


def _inputs() -> tuple[Tensor, Tensor, Tensor]:
    # A separate generator: the random numbers of a run must not depend on the number of tests.
    generator = torch.Generator().manual_seed(0)
    shapes = (4, 8, 16, 16), (16, 8, 3, 3), (32, 64)
    images, filters, matrix = (torch.randn(shape, generator=generator) for shape in shapes)
    return images, filters, matrix


def _is_close(result: Tensor, expected: Tensor) -> bool:
    # Written so that NaN is not close.
    return bool((result - expected).norm() <= TOLERANCE * expected.norm())


def _no_cuda_reason(text: str) -> str:
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
        return "No NVIDIA graphics card was found, or it is hidden (CUDA_VISIBLE_DEVICES)."
    return f"The NVIDIA graphics card cannot be used: {_first_line(text)}"


def _supported(text: str) -> str:
    result = re.search(r"found version (\d+)", text)
    if result is None:
        return ""
    number = int(result[1])
    return f": it supports CUDA {number // 1000}.{number % 1000 // 10}"


def _failure_reason(device: "Device", error: Exception) -> str:
    text = str(error)
    if is_out_of_memory(error):
        return (
            f"The memory of {device.title} is full: another program uses it. Close that program, "
            "or train on the CPU."
        )
    if "no kernel image" in text or "invalid device function" in text:
        return _no_kernel_reason(device.title)
    if "busy or unavailable" in text:
        return f"Another program uses {device.title} exclusively. Close it, or train on the CPU."
    return f"{device.title} does not work with this PyTorch: {_first_line(text)}"


def _no_kernel_reason(title: str) -> str:
    capability = torch.cuda.get_device_capability()
    number = ".".join(map(str, capability))
    supported = [
        int(digits) for digits in re.findall(r"sm_(\d+)", " ".join(torch.cuda.get_arch_list()))
    ]
    too_old = bool(supported) and 10 * capability[0] + capability[1] < min(supported)
    other = "An older" if too_old else "A newer"
    return (
        f"The installed PyTorch has no kernels for {title} (compute capability {number}). "
        f"{other} PyTorch may have them."
    )


def _first_line(text: str) -> str:
    return text.strip().partition("\n")[0].rstrip(".") + "."
