"""The processes that train one network together; nearly always there is only one.

`torchrun` starts several and tells each its place through the environment. `joined_process_group` is
called by `cifar-trainer train`; what the processes say to each other is in `trainer.distributed.torch_process_group`.

Torch is imported only where there are several.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from trainer.config.train_config import DeviceName

if TYPE_CHECKING:
    from torch import Tensor

    from trainer.devices.device import Device

Value = TypeVar("Value")


class ProcessGroup:
    """One process that trains alone: what several would do together, it has done already.

    Attributes:
        rank: Its number among all processes, from 0.
        size: How many there are.
        local_rank: Its number on its computer, from 0.
    """

    rank = 0
    size = 1
    local_rank = 0

    @property
    def is_main(self) -> bool:
        """Whether this process writes the files and tells the events."""
        return self.rank == 0

    def broadcast_object(self, value: Value | None) -> Value:
        """What the leading process gives; the others give None."""
        assert value is not None  # noqa: S101 - for the type checker
        return value

    @contextmanager
    def collective_errors(self) -> Iterator[None]:
        """Have a failure of any process inside the block end the block in all of them.

        Raises:
            OutOfMemory: If another process had no room.
            Cancelled: If another process was stopped.
            TrainerError: If another process failed.
        """
        yield

    def local_main_first(self, work: Callable[[], Value]) -> Value:
        """Do what one process of a computer can do for its others: it comes first.

        Raises:
            TrainerError: If another process failed.
        """
        return work()

    def set_device(self, device: DeviceName) -> None:
        """Give each process of a computer a graphics card, before a device is looked for.

        Args:
            device: Which one is asked for.

        Raises:
            DeviceError: If there are fewer cards than processes.
        """

    def use(self, device: "Device") -> None:
        """Talk through a device from now on.

        Raises:
            DeviceError: If the processes have different kinds of it.
        """

    def parameter_seconds(self, device: "Device") -> float:  # noqa: ARG002 - nobody to tell
        """What a step takes for each parameter of a network, to tell the others its gradient.

        All processes must ask together.

        Raises:
            TrainerError: If the connection to another process was lost.
        """
        return 0.0

    def sum_(self, tensors: Sequence["Tensor"]) -> None:
        """Replace float32 tensors, on the device, by their sums over all processes."""

    def broadcast_(self, tensors: Sequence["Tensor"]) -> None:
        """Replace tensors, on the device, by those of the leading process."""


SINGLE_PROCESS = ProcessGroup()
