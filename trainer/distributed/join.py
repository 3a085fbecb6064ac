"""Joins the processes that torchrun started; called by `cifar-trainer train`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from trainer.distributed.process_group import SINGLE_PROCESS, ProcessGroup


@contextmanager
def joined_process_group() -> Iterator[ProcessGroup]:
    """The group of the processes that `torchrun` started together with this one.

    Raises:
        ConfigError: If this build of PyTorch does not support several processes.
        TrainerError: If the other processes cannot be reached.
    """
    if os.environ.get("WORLD_SIZE", "1") == "1":
        yield SINGLE_PROCESS
        return
    # Late: loads torch.
    from trainer.distributed.torch_process_group import joined_torch_process_group

    with joined_torch_process_group() as group:
        yield group
