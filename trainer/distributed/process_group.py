"""The processes that train one network together; nearly always there is just one.

`torchrun` starts several, and passes each its rank in the environment. This module imports no
torch; `trainer.distributed.torch_process_group` implements the communication.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

from trainer.cancellation import CancelToken
from trainer.config.train_config import DeviceName

if TYPE_CHECKING:
    from torch import Tensor

    from trainer.devices.device import Device

Value = TypeVar("Value")


class ProcessGroup:
    """A single process, for which nothing needs to be communicated; the base class of several.

    Attributes:
        rank: Index of this process among all, from 0.
        size: Number of processes.
        local_rank: Index of this process on its computer, from 0.
    """

    rank = 0
    size = 1
    local_rank = 0

    @property
    def is_main(self) -> bool:
        """Whether this process writes the files and reports the events."""
        return self.rank == 0

    def broadcast_object(self, value: Value | None) -> Value:
        """The value of the main process; the others pass None."""
        assert value is not None  # noqa: S101 - for the type checker
        return value

    @contextmanager
    def collective_errors(self) -> Iterator[None]:
        """If the block fails in any process, let it fail in all of them.

        Raises:
            OutOfMemory: If another process ran out of memory.
            Cancelled: If another process was cancelled.
            TrainerError: If another process failed.
        """
        yield

    def run_on_main(self, work: Callable[[], Value]) -> Value:
        """Call `work` in the main process and return its result in all; errors are collective."""
        with self.collective_errors():
            value = work() if self.is_main else None
        return self.broadcast_object(value)

    def check(self, token: CancelToken) -> None:
        """Raise `Cancelled` in all processes if `token` was cancelled in any of them."""
        with self.collective_errors():
            token.check()

    def local_main_first(self, work: Callable[[], Value]) -> Value:
        """Call `work` in all processes, but first in one per computer, which fills the cache.

        Raises:
            TrainerError: If another process failed.
        """
        return work()

    def set_device(self, device: DeviceName) -> None:
        """Assign each process of a computer its own GPU, before a device is selected.

        Args:
            device: The device in the settings.

        Raises:
            DeviceError: If there are fewer GPUs than processes.
        """

    def use(self, device: "Device") -> None:
        """Communicate through a device from now on.

        Raises:
            DeviceError: If the processes have different kinds of devices.
        """

    def parameter_seconds(self, device: "Device") -> float:  # noqa: ARG002 - for several processes
        """Measure the communication time per step and parameter of a network, in seconds.

        All processes must call this together.

        Raises:
            TrainerError: If the connection to another process was lost.
        """
        return 0.0

    def sum_(self, tensors: Sequence["Tensor"]) -> None:
        """Replace float32 tensors, on the device, by their sums over all processes."""

    def broadcast_(self, tensors: Sequence["Tensor"]) -> None:
        """Replace tensors, on the device, by those of the main process."""


SINGLE_PROCESS = ProcessGroup()
