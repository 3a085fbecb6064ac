"""A device that networks run on; used by training, evaluation and the command line."""

from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Self

import torch

from trainer.config.image_size import images_of_size
from trainer.devices.compute_mode import ComputeMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device that passed the self-test.

    Attributes:
        torch_device: Device for `Tensor.to`.
        title: Name to show, such as `CPU`.
        mode: How it computes.
    """

    torch_device: torch.device
    title: str
    mode: ComputeMode

    @property
    def memory_format(self) -> torch.memory_format:
        """The memory format of images and filters."""
        return torch.channels_last if self.mode.channels_last else torch.contiguous_format

    def evaluation_batch(self, side: int) -> int:
        """Images of `side` pixels per batch for inference."""
        # 50 images fit into the caches of a CPU, which makes them a third faster than 500; on a GPU
        # the overhead of launching kernels would dominate.
        return images_of_size(50 if self.torch_device.type == "cpu" else 500, side)

    def autocast(self) -> AbstractContextManager[object]:
        """Automatic mixed precision in half precision; nothing in float32."""
        half = self.mode.half
        return torch.autocast(self.torch_device.type, dtype=half, enabled=half is not None)

    def in_mode(self, mode: ComputeMode) -> Self:
        """The same device, computing in another mode; sets the number of threads if it has one."""
        if mode.threads is not None:
            torch.set_num_threads(mode.threads)
        return replace(self, mode=mode)

    @property
    def precision(self) -> str:
        """The dtype that it computes with, such as `bfloat16`."""
        return self.mode.precision

    def __str__(self) -> str:
        return f"{self.title} ({self.precision})"


PLAIN_CPU = Device(
    torch_device=torch.device("cpu"), title="CPU", mode=ComputeMode("float32", channels_last=True)
)
"""The CPU in float32: available everywhere, with the same results."""
