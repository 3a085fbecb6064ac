"""A device that networks run on; used by training, evaluation and the command line."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    """A device that passed the self-test.

    Attributes:
        torch_device: Device for `Tensor.to`.
        title: Name to show, such as `CPU`.
        half: Half-precision dtype that is fast on the device, or None.
    """

    torch_device: torch.device
    title: str
    half: torch.dtype | None

    @property
    def memory_format(self) -> torch.memory_format:
        """The memory format in which convolutions are fastest."""
        if self.torch_device.type == "mps":
            return torch.contiguous_format
        return torch.channels_last

    @property
    def evaluation_batch(self) -> int:
        """Images per batch for inference."""
        # 50 images fit into the caches of a CPU, which makes them a third faster than 500; on a GPU
        # the overhead of launching kernels would dominate.
        return 50 if self.torch_device.type == "cpu" else 500

    def autocast(self) -> AbstractContextManager[object]:
        """Automatic mixed precision where half precision is fast, otherwise nothing."""
        return torch.autocast(
            self.torch_device.type, dtype=self.half, enabled=self.half is not None
        )

    @property
    def precision(self) -> str:
        """The dtype that it computes with, such as `bfloat16`."""
        return str(self.half or torch.float32).removeprefix("torch.")

    def __str__(self) -> str:
        return f"{self.title} ({self.precision})"


PLAIN_CPU = Device(torch_device=torch.device("cpu"), title="CPU", half=None)
"""The CPU in float32: available everywhere, with the same results."""
