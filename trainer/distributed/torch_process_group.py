"""What processes that train one network together say to each other; made by `trainer.distributed.process_group`.

Gradients travel through the device's own library where it has one (NCCL), everything else through
Gloo, which needs no device and so never waits for one.
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

PATIENCE = timedelta(days=1)
"""A process that ended is noticed at once; one that judges the network may take long."""
EXCHANGED, EXCHANGES = 1_000_000, 3
"""Gradients of so many parameters are summed so often, to see how long that takes."""
FINE, NO_ROOM, STOPPED, BROKEN = range(4)


@contextmanager
def joined_peers() -> Iterator[ProcessGroup]:
    """The processes that the environment tells of, until the block ends.

    Raises:
        ConfigError: If this PyTorch cannot have processes work together.
        TrainerError: If the others cannot be reached.
    """
    if not dist.is_available():
        raise ConfigError("This build of PyTorch cannot train with several processes. Start one.")
    # Its functions have the group that exists at import as a default argument. Imported later (by
    # the first optimizer, through torch._dynamo), they would keep Gloo's threads alive until the
    # interpreter exits; a thread that frees a tensor then aborts the process.
    import torch.distributed.nn.functional  # noqa: F401

    try:
        dist.init_process_group("gloo", timeout=PATIENCE)
    # A ValueError, where the environment does not say how to reach them.
    except (RuntimeError, ValueError) as error:
        raise TrainerError(
            f"This is to be one of {os.environ['WORLD_SIZE']} processes, says WORLD_SIZE in the "
            "environment, and the others cannot be reached. Start them all by torchrun; or take "
            "WORLD_SIZE out of the environment, and one trains alone.",
            details=repr(error),
        ) from error
    try:
        yield Peers()
        # Who leaves while another still reads what was said last, makes that one fail.
        with suppress(RuntimeError):
            dist.barrier()
    finally:
        dist.destroy_process_group()


class Peers(ProcessGroup):
    """This process among others."""

    def __init__(self) -> None:
        self.rank, self.size = dist.get_rank(), dist.get_world_size()
        self.local_rank = int(os.environ.get("LOCAL_RANK", self.rank))
        # Of their graphics cards; None says Gloo, on the CPU.
        self._cards: Any = None

    def broadcast_object(self, value: Value | None) -> Value:
        """What the leading process gives; the others give None."""
        box = [value]
        with _failures_in_words():
            dist.broadcast_object_list(box, src=0)
        assert box[0] is not None  # noqa: S101 - for the type checker
        return box[0]

    @contextmanager
    def collective_errors(self) -> Iterator[None]:
        """Have a failure of any process inside the block end the block in all of them."""
        try:
            yield
        except Exception as error:
            self._agree(_code(error))
            raise
        worst = self._agree(FINE)
        if worst == NO_ROOM:
            raise OutOfMemory
        if worst == STOPPED:
            raise Cancelled
        if worst == BROKEN:
            raise TrainerError("Another process of this run failed, and says why.")

    def _agree(self, code: int) -> int:
        worst = torch.tensor(code)
        with _failures_in_words():
            dist.all_reduce(worst, op=dist.ReduceOp.MAX)
        return int(worst)

    def local_main_first(self, work: Callable[[], Value]) -> Value:
        """Do what one process of a computer can do for its others: it comes first."""
        first = self.local_rank == 0
        with self.collective_errors():
            done = work() if first else None
        with self.collective_errors():
            return work() if done is None else done

    def set_device(self, device: DeviceName) -> None:
        """Give each process of a computer a graphics card, before a device is looked for."""
        cards = 0 if device == "cpu" else torch.cuda.device_count()
        if self.local_rank < cards:
            torch.cuda.set_device(self.local_rank)
        elif cards:
            raise DeviceError(
                f"This computer has {cards} graphics card{'s' * (cards != 1)}, too few for process "
                f"{self.local_rank + 1}. Start one process a card, or name --device cpu."
            )

    def use(self, device: Device) -> None:
        """Talk through a device from now on."""
        kind = device.torch_device.type
        with self.collective_errors():
            leading = self.broadcast_object(kind if self.is_main else None)
            if kind != leading:
                raise DeviceError(
                    f"This process would train on {device.title}, the first one does not. Name "
                    "one device for all of them: --device."
                )
        if kind == "cuda":
            with _failures_in_words():
                self._cards = dist.new_group(backend="nccl", timeout=PATIENCE)
        if kind == "cpu":
            _use_all_cores()

    def parameter_seconds(self, device: Device) -> float:
        """What a step takes for each parameter of a network, to tell the others its gradient."""
        gradients = torch.zeros(EXCHANGED, device=device.torch_device)
        # The first time connects.
        self.sum_([gradients])
        start = time.perf_counter()
        for _ in range(EXCHANGES):
            self.sum_([gradients])
        # A graphics card works behind our back; asked for a number, it is waited for.
        gradients[0].item()
        return (time.perf_counter() - start) / (EXCHANGES * EXCHANGED)

    def sum_(self, tensors: Sequence[Tensor]) -> None:
        """Replace float32 tensors, on the device, by their sums over all processes."""
        # One message: the way takes longer than what is sent.
        flat = torch.cat([each.reshape(-1) for each in tensors])
        with _failures_in_words():
            dist.all_reduce(flat, group=self._cards)
        parts = torch.split(flat, [each.numel() for each in tensors])
        for each, part in zip(tensors, parts, strict=True):
            each.copy_(part.view_as(each))

    def broadcast_(self, tensors: Sequence[Tensor]) -> None:
        """Replace tensors, on the device, by those of the leading process."""
        for each in tensors:
            with _failures_in_words():
                whole = each.contiguous()
                dist.broadcast(whole, src=0, group=self._cards)
            each.copy_(whole)


def _use_all_cores() -> None:
    # One thread each is what torchrun allows its processes, unless OMP_NUM_THREADS was set.
    if os.environ.get("OMP_NUM_THREADS") == "1":
        beside = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))
        torch.set_num_threads(max(1, usable_cores() // beside))


def _code(error: Exception) -> int:
    if isinstance(error, OutOfMemory) or is_out_of_memory(error):
        return NO_ROOM
    return STOPPED if isinstance(error, Cancelled) else BROKEN


@contextmanager
def _failures_in_words() -> Iterator[None]:
    try:
        yield
    except RuntimeError as error:
        raise TrainerError(
            "The connection to another process of this run was lost. What that one said last tells "
            "why; go on from the last checkpoint with --resume.",
            details=repr(error),
        ) from error
