"""Started by torchrun in two processes by `test_torch_process_group`: uses every operation."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from trainer.cancellation import CancelToken
from trainer.devices.memory import OutOfMemory
from trainer.distributed.join import joined_process_group
from trainer.distributed.process_group import ProcessGroup
from trainer.errors import Cancelled, StorageError, TrainerError


def fail_second(group: ProcessGroup, error: Exception) -> str:
    """The error that a process raises if the second one fails."""
    try:
        with group.collective_errors():
            if not group.is_main:
                raise error
    except (TrainerError, OutOfMemory) as heard:
        return type(heard).__name__
    return "nothing"


def cancel_first(group: ProcessGroup) -> str:
    """Whether both processes stop if the first one is cancelled."""
    token = CancelToken()
    if group.is_main:
        token.cancel()
    try:
        group.check(token)
    except Cancelled:
        return "stopped"
    return "not stopped"


def come_in_turn(group: ProcessGroup, folder: Path) -> str:
    """Whether the first process was done before the second one started."""
    mark = folder / "done"

    def work() -> str:
        if group.local_rank == 0:
            # Long enough for the other process to be too early if it did not wait.
            time.sleep(0.2)
            mark.touch()
        return f"{mark.exists()}"

    return group.local_main_first(work)


def all_reduce_gradients(group: ProcessGroup) -> str:
    """Sums of tensors of two shapes and layouts, and a broadcast value."""
    row = torch.tensor([1.0, 10.0]) * (group.rank + 1)
    square = torch.arange(4.0).view(2, 2).T * (group.rank + 1)
    group.sum_([row, square])
    count = torch.tensor(7 + group.rank)
    group.broadcast_([count])
    return f"{row.tolist()} {square.tolist()} {count.item()}"


def threads() -> str:
    """Names of the threads of this process."""
    return " ".join(path.read_text().strip() for path in Path("/proc/self/task").glob("*/comm"))


def main() -> None:
    """Write what was learned to a file for each process."""
    folder = Path(sys.argv[1])
    with joined_process_group() as group:
        torch.optim.SGD([torch.zeros(1)])  # imports torch._dynamo, as training does
        joined = threads()
        said: list[Callable[[], str]] = [
            lambda: f"{group.size}",
            lambda: group.broadcast_object("first" if group.is_main else None),
            lambda: fail_second(group, OutOfMemory()),
            lambda: fail_second(group, RuntimeError("CUDA out of memory")) if group.is_main else (
                _raised(group)
            ),
            lambda: fail_second(group, Cancelled()),
            lambda: fail_second(group, StorageError("full")),
            lambda: come_in_turn(group, folder),
            lambda: group.run_on_main(lambda: f"done by {group.rank}"),
            lambda: cancel_first(group),
            lambda: all_reduce_gradients(group),
        ]  # fmt: skip
        lines = [each() for each in said]
    (folder / f"{group.rank}.txt").write_text("\n".join([*lines, joined, threads()]))


def _raised(group: ProcessGroup) -> str:
    try:
        with group.collective_errors():
            raise RuntimeError("CUDA out of memory")
    except RuntimeError:
        return "RuntimeError"


if __name__ == "__main__":
    main()
