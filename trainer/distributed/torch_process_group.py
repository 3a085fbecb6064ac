"""Communication between processes through torch.distributed.

Gradients use the GPU's own backend (NCCL) where there is one; everything else uses Gloo, which
needs no device and so never waits for one.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import Any

import torch
from torch import Tensor
from torch import distributed as dist

from trainer.config.train_config import DeviceName
from trainer.devices.cpu_info import usable_cores
from trainer.devices.device import Device
from trainer.devices.memory import OutOfMemory, is_out_of_memory
from trainer.distributed.process_group import ProcessGroup, Value
from trainer.errors import Cancelled, ConfigError, DeviceError, TrainerError

TIMEOUT = timedelta(days=1)
"""A process that died is noticed at once; one that evaluates the network may take long."""
PROBED_PARAMETERS, PROBES = 1_000_000, 3
"""Size and number of the exchanges that `parameter_seconds` times."""
OK, OUT_OF_MEMORY, CANCELLED, FAILED = range(4)


@contextmanager
def joined_torch_process_group() -> Iterator[ProcessGroup]:
    """The process group that the environment describes, until the block ends.

    Raises:
        ConfigError: If this build of PyTorch does not support several processes.
        TrainerError: If the other processes cannot be reached.
    """
    if not dist.is_available():
        raise ConfigError(
            "This build of PyTorch cannot train with several processes. Start a single one."
        )
    # Its functions have the group that exists at import as a default argument. Imported later (by
    # the first optimizer, through torch._dynamo), they would keep Gloo's threads alive until the
    # interpreter exits; a thread that frees a tensor then aborts the process.
    import torch.distributed.nn.functional  # noqa: F401

    try:
        dist.init_process_group("gloo", timeout=TIMEOUT)
    # A ValueError if the environment does not say how to reach them.
    except (RuntimeError, ValueError) as error:
        raise TrainerError(
            f"WORLD_SIZE says that there are {os.environ['WORLD_SIZE']} processes, but the others "
            "cannot be reached. Start all of them with torchrun, or unset WORLD_SIZE to train with "
            "a single process.",
            details=repr(error),
        ) from error
    try:
        yield TorchProcessGroup()
        # A process that leaves while another still reads the last message makes that one fail.
        with suppress(RuntimeError):
            dist.barrier()
    finally:
        dist.destroy_process_group()


class TorchProcessGroup(ProcessGroup):
    """Several processes, started by torchrun."""

    def __init__(self) -> None:
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self.local_rank = int(os.environ.get("LOCAL_RANK", self.rank))
        # The NCCL group for tensors on GPUs; None uses Gloo, on the CPU.
        self._nccl: Any = None

    def broadcast_object(self, value: Value | None) -> Value:
        """The value of the main process; the others pass None."""
        box = [value]
        with _lost_connections_reported():
            dist.broadcast_object_list(box, src=0)
        assert box[0] is not None  # noqa: S101 - for the type checker
        return box[0]

    @contextmanager
    def collective_errors(self) -> Iterator[None]:
        """If the block fails in any process, let it fail in all of them."""
        try:
            yield
        except Exception as error:
            self._worst_of(_code(error))
            raise
        worst = self._worst_of(OK)
        if worst == OUT_OF_MEMORY:
            raise OutOfMemory
        if worst == CANCELLED:
            raise Cancelled
        if worst == FAILED:
            raise TrainerError("Another process of this run failed; see its output.")

    def _worst_of(self, code: int) -> int:
        worst = torch.tensor(code)
        with _lost_connections_reported():
            dist.all_reduce(worst, op=dist.ReduceOp.MAX)
        return int(worst)

    def local_main_first(self, work: Callable[[], Value]) -> Value:
        """Call `work` in all processes, but first in one per computer, which fills the cache."""
        with self.collective_errors():
            result = work() if self.local_rank == 0 else None
        with self.collective_errors():
            return work() if result is None else result

    def set_device(self, device: DeviceName) -> None:
        """Assign each process of a computer its own GPU, before a device is selected."""
        gpus = 0 if device == "cpu" else torch.cuda.device_count()
        if self.local_rank < gpus:
            torch.cuda.set_device(self.local_rank)
        elif gpus:
            raise DeviceError(
                f"This computer has {gpus} GPU{'s' * (gpus != 1)}, too few for process "
                f"{self.local_rank + 1}. Start one process per GPU, or use --device cpu."
            )

    def use(self, device: Device) -> None:
        """Communicate through a device from now on."""
        kind = device.torch_device.type
        with self.collective_errors():
            if kind != self.broadcast_object(kind if self.is_main else None):
                raise DeviceError(
                    f"This process would train on {device.title}, but the first one would not. "
                    "Choose one device for all processes with --device."
                )
        if kind == "cuda":
            with _lost_connections_reported():
                self._nccl = dist.new_group(backend="nccl", timeout=TIMEOUT)
        if kind == "cpu":
            _use_all_cores()

    def parameter_seconds(self, device: Device) -> float:
        """Measure the communication time per step and parameter of a network, in seconds."""
        gradients = torch.zeros(PROBED_PARAMETERS, device=device.torch_device)
        # The first exchange sets up the connection.
        self.sum_([gradients])
        start = time.perf_counter()
        for _ in range(PROBES):
            self.sum_([gradients])
        # A GPU works asynchronously; reading a number waits for it.
        gradients[0].item()
        return (time.perf_counter() - start) / (PROBES * PROBED_PARAMETERS)

    def sum_(self, tensors: Sequence[Tensor]) -> None:
        """Replace float32 tensors, on the device, by their sums over all processes."""
        # In one message: latency outweighs size.
        flat = torch.cat([each.reshape(-1) for each in tensors])
        with _lost_connections_reported():
            dist.all_reduce(flat, group=self._nccl)
        parts = torch.split(flat, [each.numel() for each in tensors])
        for each, part in zip(tensors, parts, strict=True):
            each.copy_(part.view_as(each))

    def broadcast_(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors, on the device, by those of the main process."""
        for each in tensors:
            with _lost_connections_reported():
                whole = each.contiguous()
                dist.broadcast(whole, src=0, group=self._nccl)
            each.copy_(whole)


def _use_all_cores() -> None:
    # Unless OMP_NUM_THREADS was set, torchrun limits its processes to one thread each.
    if os.environ.get("OMP_NUM_THREADS") == "1":
        processes = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        torch.set_num_threads(max(1, usable_cores() // processes))


def _code(error: Exception) -> int:
    if isinstance(error, OutOfMemory) or is_out_of_memory(error):
        return OUT_OF_MEMORY
    return CANCELLED if isinstance(error, Cancelled) else FAILED


@contextmanager
def _lost_connections_reported() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise TrainerError(
            "The connection to another process of this run was lost; see its output for the "
            "reason. Continue from the last checkpoint with --resume.",
            details=repr(error),
        ) from error
