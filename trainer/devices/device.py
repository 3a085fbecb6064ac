"""Which devices work, and how to compute on them; used by training, evaluation and the CLI."""

from contextlib import AbstractContextManager
from dataclasses import dataclass

import torch


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

    @property
    def evaluation_batch(self) -> int:
        """Images to push through a network at a time where nothing is learnt."""
        # 50 fit into the caches of a CPU, where they are a third faster than 500; a graphics card
        # would spend its time on being asked.
        return 50 if self.torch_device.type == "cpu" else 500

    def autocast(self) -> AbstractContextManager[object]:
        """Half precision where it is fast, nothing elsewhere."""
        return torch.autocast(
            self.torch_device.type, dtype=self.half, enabled=self.half is not None
        )

    @property
    def precision(self) -> str:
        """What it computes with, such as `bfloat16`."""
        return str(self.half or torch.float32).removeprefix("torch.")

    def __str__(self) -> str:
        return f"{self.title} ({self.precision})"


PLAIN_CPU = Device(torch_device=torch.device("cpu"), title="CPU", half=None)
"""What every computer has, and computes alike."""
