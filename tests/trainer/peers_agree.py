"""Started by torchrun in two processes for `test_peers`: what each of them learns of the other."""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import torch

from trainer.devices.memory import OutOfMemory
from trainer.distributed.join import joined_world
from trainer.distributed.process_group import World
from trainer.errors import Cancelled, StorageError, TrainerError


def fail_second(world: World, error: Exception) -> str:
    """What a process hears when the second one fails."""
    try:
        with world.agreeing():
            if not world.leads:
                raise error
    except (TrainerError, OutOfMemory) as heard:
        return type(heard).__name__
    return "nothing"


def come_in_turn(world: World, folder: Path) -> str:
    """Whether the first process was done before the second one began."""
    mark = folder / "done"

    def work() -> str:
        if world.local_rank == 0:
            # Long enough for the other one to come too early, if it did not wait.
            time.sleep(0.2)
            mark.touch()
        return f"{mark.exists()}"

    return world.in_turn(work)


def combine(world: World) -> str:
    """Sums of tensors of two shapes and layouts, and what the first process had."""
    row = torch.tensor([1.0, 10.0]) * (world.rank + 1)
    square = torch.arange(4.0).view(2, 2).T * (world.rank + 1)
    world.sum_([row, square])
    count = torch.tensor(7 + world.rank)
    world.broadcast_([count])
    return f"{row.tolist()} {square.tolist()} {count.item()}"


def main() -> None:
    """Write what was learnt to a file a process."""
    folder = Path(sys.argv[1])
    with joined_world() as world:
        said: list[Callable[[], str]] = [
            lambda: f"{world.size}",
            lambda: world.share("first" if world.leads else None),
            lambda: fail_second(world, OutOfMemory()),
            lambda: fail_second(world, RuntimeError("CUDA out of memory")) if world.leads else (
                _raised(world)
            ),
            lambda: fail_second(world, Cancelled()),
            lambda: fail_second(world, StorageError("full")),
            lambda: come_in_turn(world, folder),
            lambda: combine(world),
        ]  # fmt: skip
        (folder / f"{world.rank}.txt").write_text("\n".join(each() for each in said))


def _raised(world: World) -> str:
    try:
        with world.agreeing():
            raise RuntimeError("CUDA out of memory")
    except RuntimeError:
        return "RuntimeError"


if __name__ == "__main__":
    main()
