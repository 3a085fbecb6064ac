"""Joins the processes that torchrun started; called by `cifar-trainer train`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

from trainer.distributed.process_group import SINGLE_PROCESS, ProcessGroup


@contextmanager
def joined_process_group() -> Iterator[ProcessGroup]:
    """The processes that `torchrun` started together with this one.

    Raises:
        ConfigError: If this PyTorch cannot have processes work together.
        TrainerError: If the others cannot be reached.
    """
    if os.environ.get("WORLD_SIZE", "1") == "1":
        yield SINGLE_PROCESS
        return
    from trainer.distributed.torch_process_group import joined_peers

    with joined_peers() as peers:
        yield peers
